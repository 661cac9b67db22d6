// The numbers that all contestants work on: a pool of 2^20 gradients that every tensor repeats.
//
// Normal numbers times a magnitude between 1e-3 and 1, as layers differ by that much in training. The tiny pool
// is the same times 1e-19: squares around 1e-40, below the smallest normal float32 of 1.2e-38.
// Start weights are the normal pool from another place, times 0.5. The C and Python contestants read the pools
// from files and lay them out the same way (native/main.c, pytorch/serve.py).

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const POOL = 1 << 20;
const WEIGHTS_FROM = 7919;
const TINY = 1e-19;

/** Uniform numbers in (0, 1): xorshift32, so that each run has the same. */
export function uniform(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
}

function normalPool() {
  const next = uniform(20261123);
  return Float32Array.from({ length: POOL }, () => {
    const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
    return normal * 10 ** (-3 * next());
  });
}

const normal = normalPool();
const pools = { normal, tiny: normal.map((x) => x * TINY) };

function repeated(pool, start, length, scale) {
  return Float32Array.from({ length }, (_, i) => pool[(start + i) % POOL] * scale);
}

/** Gradient of the tensor with this index, a new array. */
export function gradientOf(problem, index) {
  return repeated(pools[problem.gradients], index * problem.length, problem.length, 1);
}

/** Start weights of the tensor with this index, a new array. */
export function startOf(problem, index) {
  return repeated(normal, index * problem.length + WEIGHTS_FROM, problem.length, 0.5);
}

/** Writes the pools for other processes; `remove` deletes them. */
export function poolFiles() {
  const folder = mkdtempSync(join(tmpdir(), "gradstep-bench-"));
  const paths = Object.fromEntries(Object.keys(pools).map((name) => [name, join(folder, `${name}.f32`)]));
  for (const [name, path] of Object.entries(paths)) writeFileSync(path, pools[name]);
  return { folder, paths, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
