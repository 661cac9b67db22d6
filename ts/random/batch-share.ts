/**
 * The part of a batch that this replica computes, for random operations: together, the replicas draw the numbers that
 * one process would draw for the whole batch.
 *
 * @module
 */

import { slabTensor } from "../autodiff/slab-tensor.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** Samples `start` to `start + count` of `total`. */
export interface BatchShare {
  readonly start: number;
  readonly count: number;
  readonly total: number;
}

let current: BatchShare | undefined;

/**
 * Calls `draw` for a batch of the running step: a replica gets the numbers of its samples. Only for batches, not for a
 * weight that happens to have the same length.
 */
export function drawnForBatch(shape: Shape, draw: (shape: Shape) => Tensor<"float32">): Tensor<"float32"> {
  if (current === undefined || shape[0] !== current.count) return draw(shape);
  const whole = draw([current.total, ...shape.slice(1)]);
  return slabTensor(whole, (whole.size / current.total) * current.start, shape);
}

/** Runs `body` for a part of the batch. */
export function withShare<T>(share: BatchShare, body: () => T): T {
  const outer = current;
  current = share;
  try {
    return body();
  } finally {
    current = outer;
  }
}
