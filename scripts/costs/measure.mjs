// Counts the cost of every case in a module that counts, and prints them as JSON. A separate process for each module:
// `node measure.mjs FILE`, with the module's bytes.

import { readFileSync } from "node:fs";
import { initSync } from "../../dist/slim.js";
import { counted } from "./counted.mjs";

/** Memory is there after the first times, and a step is recorded in its second. */
const BEFORE = 6;
/** Of two steps that accumulate, one updates. */
const COUNTED = 2;
/** Cases that cost less have no kernel. */
const LEAST = 400;

const module = new WebAssembly.Module(counted(readFileSync(process.argv[2])));
let exports;
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    exports = this.exports;
  }
};
initSync({ module });

const { cases } = await import("./cases.mjs");
const costs = {};
for (const [name, prepare] of cases()) {
  const work = prepare();
  for (let i = 0; i < BEFORE; i++) work();
  const before = exports.cost.value;
  for (let i = 0; i < COUNTED; i++) work();
  const cost = Number(exports.cost.value - before);
  if (cost >= LEAST) costs[name] = cost;
}
console.log(JSON.stringify(costs));
