/**
 * Labels and predictions brought to one rank.
 *
 * @module
 */

import { reshape } from "../ops/index.js";
import { type FloatOperand, floatOperand, type TensorLike } from "../ops/operand.js";
import { type Shape, sameShape } from "../shape.js";
import { alignedShapes, fitTogether, refuseShapes, sameRankShapes } from "./shapes.js";

/** `x` in another shape of the same size; itself if it has that shape. @internal */
export function inShape(x: FloatOperand, shape: Shape): FloatOperand {
  return x.shape.length === shape.length ? x : reshape(x, shape);
}

/**
 * Labels and predictions as float32, of one rank, that can be broadcast to each other.
 *
 * Beyond Keras's rule, one label for each row of predictions is a column: labels of `[n]` fit predictions of
 * `[n, k]`. That is what its own `fit` did until Keras 3, which refuses such labels or, if `n` is `k`, takes
 * them for a row.
 *
 * @throws ValueError when the shapes do not fit
 * @internal
 */
export function aligned(owner: string, yTrue: TensorLike, yPred: TensorLike): readonly [FloatOperand, FloatOperand] {
  const labels = floatOperand(owner, yTrue);
  const predictions = floatOperand(owner, yPred);
  const [a, b] = alignedShapes(labels.shape, predictions.shape);
  if (!fitTogether(a, b)) refuseShapes(owner, labels.shape, predictions.shape);
  return [inShape(labels, a), inShape(predictions, b)];
}

/** As {@link aligned}, for losses that need a label for each prediction. @internal */
export function alignedAlike(
  owner: string,
  yTrue: TensorLike,
  yPred: TensorLike,
): readonly [FloatOperand, FloatOperand] {
  const labels = floatOperand(owner, yTrue);
  const predictions = floatOperand(owner, yPred);
  const [a, b] = sameRankShapes(labels.shape, predictions.shape);
  if (!sameShape(a, b)) refuseShapes(owner, labels.shape, predictions.shape);
  return [inShape(labels, a), inShape(predictions, b)];
}
