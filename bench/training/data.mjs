// What all contestants start from: the same weights and the same batches, made anew for each case.

import { uniform } from "../gradients.mjs";
import { BATCHES, parameterShapes, product } from "./cases.mjs";

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
