// Measures the cost of every case in a counting module, and prints the costs as JSON. A separate process for each
// module: `node measure.mjs FILE`, with the module's bytes.

import { readFileSync } from "node:fs";
import { initSync } from "../../dist/slim.js";
import { counted } from "./counted.mjs";

/** Memory is allocated by the first runs, and a step is recorded in its second run. */
const BEFORE = 6;
/** With accumulation over two steps, one of them updates. */
const COUNTED = 2;
/** Cases with a lower cost have no kernel. */
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
