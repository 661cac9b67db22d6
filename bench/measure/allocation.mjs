// What a step of gradstep takes from WebAssembly memory and from the JavaScript heap, and keeps.

import { memoryUse } from "../../dist/index.js";
import { CASES } from "../cases.mjs";
import { makeGradstep } from "../contestants/gradstep.mjs";
import { collectGarbage } from "./garbage.mjs";

const STEPS = 2000;
/** What a step leaves on the heap, each run of steps leaves; what the compiler notes down falls into some of them. */
const RUNS = 5;

/**
 * Bytes per step of Adam on 4,096 parameters, in runs of 2,000 steps: `wasm` in live buffers and memory growth in
 * the run that takes most, `heap` after a garbage collection in the run that leaves least.
 */
export function allocationPerStep() {
  const state = makeGradstep(CASES[0], true);
  const runs = [];
  let before = measured(state);
  for (let i = 0; i < RUNS; i++) {
    const after = measured(state);
    runs.push({ wasm: (after.wasm - before.wasm) / STEPS, heap: (after.heap - before.heap) / STEPS });
    before = after;
  }
  state.dispose();
  const [wasm, heap] = [runs.map((run) => run.wasm), runs.map((run) => run.heap)];
  return { wasm: Math.max(...wasm), heap: Math.max(0, Math.min(...heap)) };
}

/** Memory in use after a run of steps. */
function measured(state) {
  state.run(STEPS);
  collectGarbage();
  const { inUse, reserved } = memoryUse();
  return { wasm: inUse + reserved, heap: process.memoryUsage().heapUsed };
}
