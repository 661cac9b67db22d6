// Footprint of gradstep: memory of steps and of a sequence's gradient, sizes of the wasm file and of a page.

import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { GradientTape, memoryUse, ops, Variable } from "../../dist/index.js";
import { CASES, TRAINING } from "../cases.mjs";
import { makeSteps, makeTape } from "../contestants/gradstep.mjs";
import { collectGarbage } from "./rounds.mjs";

const STEPS = 2000;
/** A leak of a step shows in each run of steps; data of the compiler only in some of them. */
const RUNS = 5;

/**
 * Bytes per step of Adam on 4,096 parameters, in runs of 2,000 steps: `wasm` in live buffers and memory growth in
 * the run that takes most, `heap` after a garbage collection in the run that leaves least.
 */
export function allocationPerStep() {
  return allocationOf(makeSteps(CASES[0], true));
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

// The gradient of a sequence that is read in parts: a buffer for each part would take many times more.

const SHAPE = [64, 120, 64];
const PARTS = {
  split: (x) => ops.split(x, SHAPE[1], 1),
  slice: (x) => Array.from({ length: SHAPE[1] }, (_, i) => ops.slice(x, [0, i, 0], [SHAPE[0], 1, SHAPE[2]])),
  take: (x) => Array.from({ length: SHAPE[1] }, (_, i) => ops.take(x, [i], 1)),
};

/** Memory in use after the gradient, as a multiple of the sequence's: of the way to take parts that needs most. */
export function sequenceMemory() {
  const x = new Variable(new Float32Array(SHAPE.reduce((a, b) => a * b)), { shape: SHAPE });
  const multiples = Object.values(PARTS).map((partsOf) => {
    const { inUse } = memoryUse();
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(partsOf(x).reduce((sum, part) => ops.add(sum, ops.square(part)), 0)));
    tape.gradient(loss, x);
    return (memoryUse().inUse - inUse) / (x.size * 4);
  });
  x.dispose();
  return Math.max(...multiples);
}

const dist = new URL("../../dist/", import.meta.url);

/** Bytes of the wasm file, and of `import { Adam }` bundled, minified and compressed. */
export async function packageSizes() {
  const bundle = await build({
    stdin: { contents: `export { Adam } from "./index.js";`, resolveDir: fileURLToPath(dist) },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return {
    wasm: statSync(new URL("gradstep.wasm", dist)).size,
    page: gzipSync(bundle.outputFiles[0].contents, { level: 9 }).length,
  };
}
