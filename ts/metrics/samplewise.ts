/**
 * Values, weighted and summed as in Keras's `reduce_to_samplewise_values`.
 *
 * @module
 */

import { sameRankShapes } from "../losses/operands.js";
import { sameShape, sizeOf } from "../shape.js";
import { broadcastIndices, type Numbers, reshaped } from "./operands.js";

/** A batch's contribution to a mean. */
export interface Part {
  readonly total: number;
  readonly count: number;
}

/**
 * All axes but the first are reduced, by mean or sum, so every sample counts once; then the samples are added.
 * Everything is computed in double precision, in order.
 *
 * @throws ValueError when the weights do not fit the values
 */
export function samplewise(owner: string, values: Numbers, weights: Numbers | undefined, reduce: "mean" | "sum"): Part {
  const { data, shape } = values;
  if (weights === undefined) {
    const samples = shape[0] ?? 1;
    const each = reduce === "sum" || samples === 0 ? 1 : data.length / samples;
    return { total: sumOf(data) / each, count: samples };
  }
  const [a, b] = sameRankShapes(shape, weights.shape);
  const rank = b.length;
  const kept = a.slice(0, rank);
  const size = sizeOf(kept);
  // Values with more axes than the weights are first reduced to the axes of the weights.
  const inner = size === 0 ? 1 : data.length / size;
  const indices = sameShape(kept, b)
    ? undefined
    : broadcastIndices(owner, "sample weights", reshaped(weights, b), kept, [weights.shape, shape]);
  let [total, count] = [0, 0];
  for (let i = 0, at = 0; i < size; i++) {
    let value = 0;
    for (let j = 0; j < inner; j++) value += data[at++]!;
    const weight = weights.data[indices === undefined ? i : indices[i]!]!;
    total += value * weight;
    count += weight;
  }
  if (reduce === "sum") return { total, count };
  const each = rank === 0 || size === 0 ? 1 : size / kept[0]!;
  return { total: total / inner / each, count: count / each };
}

/** The sum, in order. */
export function sumOf(data: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  return sum;
}
