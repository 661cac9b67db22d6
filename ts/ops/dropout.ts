/**
 * Dropout.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { within } from "../autodiff/part.js";
import { record } from "../autodiff/record.js";
import { checkKnownOptions, finiteNumber, refuseRange } from "../options.js";
import { currentShare } from "../random/batch-share.js";
import { type Draw, drawFrom, type Seed } from "../random/generator.js";
import { wasm } from "../runtime/module.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { floatOperand, type TensorLike } from "./operand.js";

/** Number of the kernel's distribution: 0 or a given number. */
const MASK = 3;

/** Options of {@link dropout}. */
export interface DropoutOptions {
  /** Default: the generator that `setRandomSeed` seeds. A number drops the same elements at each call. */
  readonly seed?: Seed;
}

/**
 * Sets a share of the elements, chosen at random, to 0, and divides the others by what is left, so that the
 * sum stays about the same.
 *
 * @param rate - The share, from 0 to 1.
 * @throws ValueError when `rate` is outside of that
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.dropout([1, 1, 1, 1], 0.5, { seed: 7 }).array()); // Float32Array [2, 2, 0, 0]
 * ```
 */
export function dropout(x: TensorLike, rate: number, options: DropoutOptions = {}): Tensor<"float32"> {
  checkKnownOptions("dropout", options, ["seed"]);
  const share = finiteNumber("dropout", "rate", rate);
  if (share < 0 || share > 1) refuseRange("dropout", "rate", "from 0 to 1", rate);
  const a = floatOperand("dropout", x);
  const draw = drawFrom("dropout", options.seed);
  // The gradient goes through the same mask, so it is kept.
  const mask = maskOf(a.shape, a.size, draw, share);
  const y = allocate(a.shape);
  wasm().masked_values(a.address, mask.address, a.size, y.address);
  return record("dropout", [a], y, (dy, into) => {
    into.write(0, (dx) => wasm().masked_values(dy.address, mask.address, a.size, dx));
  });
}

/** 0 for what is dropped, a factor for the rest. A replica's is its part of the mask for the whole batch. */
function maskOf(shape: Shape, size: number, draw: Draw, rate: number): Tensor<"float32"> {
  const part = currentShare();
  const isPart = part !== undefined && shape[0] === part.count;
  const row = isPart ? size / part.count : 0;
  const mask = allocate([isPart ? row * part.total : size]);
  wasm().random_fill(MASK, ...draw, rate, rate === 1 ? 0 : 1 / (1 - rate), mask.address, mask.size);
  return isPart ? within(mask, row * part.start, shape) : mask;
}
