// The data of all contestants. For steps of optimizers: a pool of 2^20 gradients that every tensor repeats.
//
// Normal numbers times a magnitude between 1e-3 and 1, the range of layers in training. The tiny pool
// is the same times 1e-19: squares around 1e-40, below the smallest normal float32 of 1.2e-38.
// Initial weights are the normal pool from another offset, times 0.5. The C and Python contestants read the pools
// from files and lay them out the same way (native/main.c, python/steps.py).
// For training: the same initial weights and batches for all contestants, generated for each case.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BATCHES, parameterShapes, product } from "./cases.mjs";

const POOL = 1 << 20;
const WEIGHTS_FROM = 7919;
const TINY = 1e-19;

/** Uniform numbers in (0, 1), by xorshift32: the same in each run. */
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

/** Start weights `[{ shape, values }]`: uniform as Glorot's, biases 0. */
export function startWeights(one) {
  const next = uniform(20261124);
  return parameterShapes(one).map((shape) => {
    const outputs = shape.at(-1);
    const limit = shape.length === 1 ? 0 : Math.sqrt(6 / (product(shape) / outputs + outputs));
    return { shape, values: Float32Array.from({ length: product(shape) }, () => (2 * next() - 1) * limit) };
  });
}

/**
 * `{ x, y, classes }` for all batches behind one another: samples are noise around a pattern of their class, or
 * tokens; `y` is one-hot or an index, `classes` the index anyway.
 */
export function samples(one) {
  const next = uniform(20261125);
  const count = BATCHES * one.batch;
  const size = product(one.input);
  const classes = Int32Array.from({ length: count }, () => Math.floor(next() * one.classes));
  const x = one.indices ? new Int32Array(count * size) : new Float32Array(count * size);
  for (let i = 0; i < x.length; i++) {
    const kind = classes[Math.floor(i / size)];
    const pattern = ((i % size) * 37 + kind * 101) % 97;
    x[i] = one.indices ? Math.floor(next() * one.indices) : 0.5 * next() + pattern / 194;
  }
  if (one.labels === "index") return { x, y: classes, classes };
  const y = new Float32Array(count * one.classes);
  for (let i = 0; i < count; i++) y[i * one.classes + classes[i]] = 1;
  return { x, y, classes };
}

/** The part of an array that belongs to `count` batches from `from` on. */
export function batchesOf(array, from, count = 1) {
  const length = array.length / BATCHES;
  return array.subarray(from * length, (from + count) * length);
}
