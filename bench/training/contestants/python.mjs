// PyTorch and Keras on one thread each, in processes of their own. GRADSTEP_BENCH_PYTHON names a Python with them.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { start } from "../../contestants/child.mjs";
import { BATCHES } from "../cases.mjs";
import { samples, startWeights } from "../data.mjs";
import { fitting } from "./run.mjs";

/** Keras's backend: XLA compiles its whole step. One thread, as everybody. */
const ENVIRONMENT = {
  KERAS_BACKEND: "jax",
  JAX_PLATFORMS: "cpu",
  XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
  OMP_NUM_THREADS: "1",
  NPROC: "1",
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

const open = (script, modules, runOf) => async (pools) => {
  const python = process.env.GRADSTEP_BENCH_PYTHON ?? "python3";
  const env = { ...process.env, ...ENVIRONMENT };
  const probe = spawnSync(python, ["-c", `import ${modules}`], { env, encoding: "utf8" });
  if (probe.status !== 0) return { missing: `no Python with ${modules} (GRADSTEP_BENCH_PYTHON names one)` };
  const child = start(python, ["-u", fileURLToPath(new URL(`../python/${script}`, import.meta.url))], { env });
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
  open: open("keras_fit.py", "keras, jax", fitOf),
};
export const pytorchLoop = {
  id: "pytorchLoop",
  label: "PyTorch CPU",
  way: "loop",
  open: open("torch_loop.py", "torch", loopOf),
};
