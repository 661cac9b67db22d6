// PyTorch, optax and Keras on one thread each, in separate processes. Steps of optimizers: PyTorch, with its fused kernels
// where it has them, and optax, each compiled as one function. Training: PyTorch's loop and Keras's `fit`.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BATCHES, isLongMuon } from "../cases.mjs";
import { samples, startWeights } from "../data.mjs";
import { fitting } from "../measure/rounds.mjs";
import { openChild, start } from "./child.mjs";

const PYTHON = process.env.GRADSTEP_BENCH_PYTHON ?? "python3";

/** Keras's backend, and optax's: XLA compiles the whole step. One thread, as everybody. */
const ENVIRONMENT = {
  KERAS_BACKEND: "jax",
  JAX_PLATFORMS: "cpu",
  XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
  OMP_NUM_THREADS: "1",
  NPROC: "1",
};

const script = (name) => fileURLToPath(new URL(`../python/${name}`, import.meta.url));

/** Why this Python cannot take part; undefined where it has these modules. */
function lacks(modules, env = process.env) {
  const probe = spawnSync(PYTHON, ["-c", `import ${modules}`], { env, encoding: "utf8" });
  return probe.status === 0 ? undefined : `no Python with ${modules} (GRADSTEP_BENCH_PYTHON names one)`;
}

const openSteps = (library, modules, environment) => async (pools) => {
  const env = { ...process.env, ...environment };
  const missing = lacks(modules, env);
  if (missing !== undefined) return { missing };
  const child = await openChild(PYTHON, ["-u", script("steps.py"), library], pools, undefined, { env });
  return { ...child, make: (problem) => (isLongMuon(problem) ? undefined : child.make(problem)) };
};

/** Writes a case for the process: `<name>.json` with the case, `<name>.bin` with weights, x and classes, 4 bytes each. */
function writeCase(one, folder) {
  const { x, classes } = samples(one);
  const path = join(folder, `training-${one.model}`);
  const arrays = [...startWeights(one).map(({ values }) => values), x, classes];
  writeFileSync(`${path}.json`, JSON.stringify(one));
  writeFileSync(`${path}.bin`, Buffer.concat(arrays.map((array) => Buffer.from(array.buffer))));
  return path;
}

const loopOf = (child) => async (steps) => Number(await child.ask(`run ${steps}`));

const fitOf = (child) =>
  fitting(async ({ from, batches, epochs, shuffle }) =>
    Number(await child.ask(`fit ${from} ${batches} ${epochs} ${Number(shuffle)}`)),
  );

const openTraining = (library, modules, runOf) => async (pools) => {
  const env = { ...process.env, ...ENVIRONMENT };
  const missing = lacks(modules, env);
  if (missing !== undefined) return { missing };
  const child = start(PYTHON, ["-u", script("training.py"), library], { env });
  const version = await child.ask("version");
  async function make(one) {
    await child.ask(`make ${writeCase(one, pools.folder)}`);
    return {
      fewestSteps: runOf === fitOf ? BATCHES : 1,
      run: runOf(child),
      loss: async () => Number(await child.ask("loss")),
      dispose: () => child.ask("dispose"),
    };
  }
  return { version, make, close: () => child.close() };
};

export const kerasFit = {
  id: "kerasFit",
  label: "Keras, JAX CPU",
  way: "fit",
  compiles: true,
  open: openTraining("keras", "keras, jax", fitOf),
};
export const pytorchLoop = {
  id: "pytorchLoop",
  label: "PyTorch CPU",
  way: "loop",
  open: openTraining("torch", "torch", loopOf),
};

export const pytorch = { id: "pytorch", label: "PyTorch CPU", open: openSteps("torch", "torch", {}) };
export const optax = {
  id: "optax",
  label: "optax, JAX CPU",
  compiles: true,
  open: openSteps("optax", "optax, jax", ENVIRONMENT),
};
