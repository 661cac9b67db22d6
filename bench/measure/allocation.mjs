// What a step of gradstep takes from WebAssembly memory and from the JavaScript heap, and keeps.

import { memoryUse } from "../../dist/index.js";
import { CASES } from "../cases.mjs";
import { makeGradstep } from "../contestants/gradstep.mjs";
import { collectGarbage } from "./garbage.mjs";

const STEPS = 2000;

/**
 * Bytes per step over 2,000 Adam steps on 4,096 parameters: `wasm` in live buffers and memory growth,
 * `heap` of what is left after a garbage collection.
 */
export function allocationPerStep() {
  const state = makeGradstep(CASES[0], true);
  state.run(STEPS);
  collectGarbage();
  const before = { ...memoryUse(), heap: process.memoryUsage().heapUsed };
  state.run(STEPS);
  const { inUse, reserved } = memoryUse();
  collectGarbage();
  const heap = process.memoryUsage().heapUsed;
  state.dispose();
  return {
    wasm: (inUse - before.inUse + reserved - before.reserved) / STEPS,
    heap: Math.max(0, heap - before.heap) / STEPS,
  };
}
