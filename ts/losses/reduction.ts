/**
 * Reduction of a loss of many values to one number: weights, masks, reductions.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { divide, mean, multiply, sum } from "../ops/index.js";
import { type FloatOperand, floatOperand, type TensorLike } from "../ops/operand.js";
import { choice, shown } from "../options.js";
import { type Shape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { constant, fitTogether, inShape, sameRankShapes, shapeText } from "./operands.js";

const REDUCTIONS = ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", null] as const;

/**
 * Reduction of the values of a loss to one: `"sum_over_batch_size"` and `"mean"` divide the sum by the number of
 * values, `"mean_with_sample_weight"` by the sum of the sample weights; `"none"` and `null` return them unchanged.
 */
export type Reduction = (typeof REDUCTIONS)[number];

/** @throws ValueError for anything but a reduction */
export function checkedReduction(owner: string, reduction: unknown): Reduction {
  if (REDUCTIONS.includes(reduction as Reduction)) return reduction as Reduction;
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner}: "reduction" must be ${choice(REDUCTIONS)}, got ${shown(reduction)}.`,
  );
}

/**
 * The values, weighted and reduced as in Keras.
 *
 * @throws ValueError when the weights do not fit the values
 * @internal
 */
export function reduceWeighted(
  owner: string,
  values: Tensor<"float32">,
  sampleWeight: TensorLike | null | undefined,
  reduction: Reduction,
): Tensor<"float32"> {
  const mask = maskOf(values);
  let weights = sampleWeight === null || sampleWeight === undefined ? undefined : floatOperand(owner, sampleWeight);
  if (mask !== undefined) weights = maskedWeights(owner, mask, weights, reduction);
  if (weights === undefined) return reduced(values, undefined, reduction);
  const [a, b] = sameRankShapes(values.shape, weights.shape);
  if (!fitTogether(a, b)) refuseWeights(owner, values.shape, weights.shape);
  return reduced(multiply(inShape(values, a), inShape(weights, b)), weights, reduction);
}

function reduced(
  values: Tensor<"float32">,
  weights: FloatOperand | undefined,
  reduction: Reduction,
): Tensor<"float32"> {
  const { shape, size } = values;
  if (reduction === "none" || reduction === null || shape.length === 0) return values;
  if (shape.length === 1 && size === 0) return values;
  if (reduction === "sum" || size === 0) return sum(values);
  if (reduction !== "mean_with_sample_weight" || weights === undefined) return mean(values);
  // The weights as passed, not as broadcast: the same as in Keras.
  const total = sum(weights).item();
  return total === 0 ? multiply(sum(values), 0) : divide(sum(values), total);
}

/** A mask as weights: a mean must be over the values that count. */
function maskedWeights(
  owner: string,
  mask: Mask,
  weights: FloatOperand | undefined,
  reduction: Reduction,
): FloatOperand {
  const { data, shape } = mask;
  let factor = 1;
  if (reduction === "mean" || reduction === "sum_over_batch_size") {
    const valid = data.reduce((count, value) => count + value, 0);
    factor = valid === 0 ? 0 : sizeOf(shape) / valid;
  }
  const masked = constant(
    data.map((value) => value * factor),
    shape,
    "float32",
  );
  if (weights === undefined) return masked;
  const [a, b] = sameRankShapes(shape, weights.shape);
  if (!fitTogether(a, b)) refuseWeights(owner, shape, weights.shape);
  return multiply(inShape(weights, b), inShape(masked, a));
}

/** Throws the error for weights that do not fit. */
function refuseWeights(owner: string, values: readonly number[], weights: readonly number[]): never {
  const hint =
    values.length > 1 && weights.length === 1
      ? ` One weight for each sample has the shape [${values[0]}${", 1".repeat(values.length - 1)}].`
      : "";
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: sample weights of the shape ${shapeText(weights)} do not fit losses of the shape ${shapeText(values)}.${hint}`,
  );
}

/** 1 for values that count, 0 for others. */
export interface Mask {
  readonly data: Float32Array;
  readonly shape: Shape;
}

const masks = new WeakMap<Tensor, Mask>();

/** Records which of `values` count. @internal */
export function setMask(values: Tensor, mask: Mask): void {
  masks.set(values, mask);
}

/** The mask of `values`, if they have one. @internal */
export function maskOf(values: Tensor): Mask | undefined {
  return masks.get(values);
}
