/**
 * Operands of losses, as tensors of one rank by Keras's rule, and the meaning of their shapes.
 *
 * @module
 */

import { allocate, type Operand } from "../autodiff/arena.js";
import { ValueError } from "../errors.js";
import { cast } from "../ops/control.js";
import { reshape } from "../ops/index.js";
import { checkedAxis, type FloatOperand, floatOperand, type TensorLike } from "../ops/operand.js";
import { oneOrMore } from "../options.js";
import { type Shape, sameShape } from "../shape.js";
import { isTensor, type Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import { isVariable } from "../variable.js";
import { shapesCure } from "./label-cures.js";

/** 1e-7, as everywhere in Keras. */
export const EPSILON = 1e-7;

/** Returns tensors and variables unchanged, numbers as float32. @internal */
export function asOperand(owner: string, x: TensorLike): Operand {
  return isTensor(x) || isVariable(x) ? x : floatOperand(owner, x);
}

/** Converts a tensor of any type to float32, for arguments of custom functions. @internal */
export function floatTensor(owner: string, x: TensorLike): Tensor<"float32"> {
  const operand = floatOperand(owner, x);
  return isTensor(operand) ? operand : cast(operand, "float32");
}

/** Numbers as a tensor of the running step. `data` is not a view of WebAssembly memory. @internal */
export function constant<D extends DType>(data: ArrayLike<number>, shape: Shape, dtype: D): Tensor<D> {
  const tensor = allocate(shape, dtype);
  (tensor.numbers as Float32Array).set(data);
  return tensor;
}

/**
 * The common shapes of two operands: if the ranks differ by one, and the last axis of the longer one has length 1, a
 * vector gets that axis too; otherwise the longer one loses it.
 *
 * @internal
 */
export function sameRankShapes(a: Shape, b: Shape): readonly [a: Shape, b: Shape] {
  if (a.length === b.length + 1 && a.at(-1) === 1) return b.length === 1 ? [a, [...b, 1]] : [a.slice(0, -1), b];
  if (b.length === a.length + 1 && b.at(-1) === 1) return a.length === 1 ? [[...a, 1], b] : [a, b.slice(0, -1)];
  return [a, b];
}

/** The shapes of labels and predictions that can be broadcast to each other. @internal */
function alignedShapes(labels: Shape, predictions: Shape): readonly [labels: Shape, predictions: Shape] {
  if (labels.length === 1 && predictions.length === 2 && labels[0] === predictions[0]) {
    return [[...labels, 1], predictions];
  }
  return sameRankShapes(labels, predictions);
}

/** Whether two shapes can be broadcast to each other. @internal */
export function fitTogether(a: Shape, b: Shape): boolean {
  for (let i = 1; i <= Math.min(a.length, b.length); i++) {
    const [m, n] = [a[a.length - i], b[b.length - i]];
    if (m !== n && m !== 1 && n !== 1) return false;
  }
  return true;
}

/** Throws the error for labels that do not fit. @internal */
export function refuseShapes(owner: string, labels: Shape, predictions: Shape): never {
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: labels of the shape ${shapeText(labels)} do not fit predictions of the shape ${shapeText(predictions)}.${shapesCure(owner, labels, predictions)}`,
  );
}

/** `[5, 10]`. @internal */
export function shapeText(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** `x` in another shape of the same size; `x` itself if it has that shape. @internal */
export function inShape(x: FloatOperand, shape: Shape): FloatOperand {
  return x.shape.length === shape.length ? x : reshape(x, shape);
}

/**
 * Labels and predictions as float32, with the same rank, that can be broadcast to each other.
 *
 * In addition to Keras's rule, one label for each row of predictions is a column: labels of `[n]` fit predictions of
 * `[n, k]`. `fit` of Keras 2 did the same; Keras 3 refuses such labels or, if `n` is `k`, treats them as a row.
 *
 * @param axis - The axis that the loss reduces.
 * @throws ValueError when the shapes do not fit, or there is no such axis
 * @internal
 */
export function aligned(
  owner: string,
  yTrue: TensorLike,
  yPred: TensorLike,
  axis = -1,
): readonly [FloatOperand, FloatOperand] {
  const labels = floatOperand(owner, yTrue);
  const predictions = floatOperand(owner, yPred);
  const [a, b] = alignedShapes(labels.shape, predictions.shape);
  if (!fitTogether(a, b)) refuseShapes(owner, labels.shape, predictions.shape);
  checkedAxis(owner, axis, Math.max(a.length, b.length));
  return [inShape(labels, a), inShape(predictions, b)];
}

/** Like {@link aligned}, for losses that need a label for each prediction. @internal */
export function alignedAlike(
  owner: string,
  yTrue: TensorLike,
  yPred: TensorLike,
  axis: number | readonly number[] | null = null,
): readonly [FloatOperand, FloatOperand] {
  const labels = floatOperand(owner, yTrue);
  const predictions = floatOperand(owner, yPred);
  const [a, b] = sameRankShapes(labels.shape, predictions.shape);
  if (!sameShape(a, b)) refuseShapes(owner, labels.shape, predictions.shape);
  for (const one of axis === null ? [] : oneOrMore(axis)) checkedAxis(owner, one as number, a.length);
  return [inShape(labels, a), inShape(predictions, b)];
}

/** Keras's rule: one output is binary, labels without the axis of classes are indices, all others are one-hot. */
export function kindOf(yTrue: Shape, yPred: Shape): "binary" | "sparse" | "categorical" {
  const classes = yPred.at(-1);
  if (classes === 1) return "binary";
  if (yTrue.length < yPred.length || yTrue.at(-1) === 1) return "sparse";
  return "categorical";
}
