// What steps of gradstep take from WebAssembly memory and from the JavaScript heap, and keep.

import { memoryUse } from "../../dist/index.js";
import { CASES } from "../cases.mjs";
import { makeGradstep } from "../contestants/gradstep.mjs";
import { TRAINING } from "../training/cases.mjs";
import { makeTape } from "../training/contestants/gradstep.mjs";
import { collectGarbage } from "./garbage.mjs";

const STEPS = 2000;
/** What a step leaves on the heap, each run of steps leaves; what the compiler notes down falls into some of them. */
const RUNS = 5;

/**
 * Bytes per step of Adam on 4,096 parameters, in runs of 2,000 steps: `wasm` in live buffers and memory growth in
 * the run that takes most, `heap` after a garbage collection in the run that leaves least.
 */
export function allocationPerStep() {
  return allocationOf(makeGradstep(CASES[0], true));
}

/** The same of whole training steps of the documented model by a tape, in one go: nothing yields to the event loop. */
export function allocationPerTrainingStep() {
  return allocationOf(makeTape(TRAINING[0]));
}

function allocationOf(state) {
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
