/**
 * Numbers as metrics read them: where they are, and their shape.
 *
 * @module
 */

import { isFloat64Array } from "../brands.js";
import { ValueError } from "../errors.js";
import { sameRankShapes, shapeText } from "../losses/shapes.js";
import type { TensorLike } from "../ops/operand.js";
import { type Shape, sameShape, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { flatValues, naturalShape } from "../values.js";
import { Variable } from "../variable.js";

/** Numbers, row by row. A view of WebAssembly memory: to be read before the next operation. */
export interface Numbers {
  readonly data: ArrayLike<number>;
  readonly shape: Shape;
}

/** The numbers of a tensor or variable, without a copy, or those of arrays as float32. @throws TypeError */
export function numbersOf(owner: string, x: TensorLike): Numbers {
  if (x instanceof Tensor || x instanceof Variable) return { data: x.value, shape: x.shape };
  const shape = naturalShape(owner, x);
  const data = flatValues(owner, x, shape, "float32");
  return { data: isFloat64Array(data) ? Float32Array.from(data) : data, shape };
}

/** Weights, if there are any. */
export function weightsOf(owner: string, sampleWeight: TensorLike | null | undefined): Numbers | undefined {
  return sampleWeight === null || sampleWeight === undefined ? undefined : numbersOf(owner, sampleWeight);
}

/** Both, in one shape, by Keras's rule. @throws ValueError when they cannot be */
export function pairOf(owner: string, yTrue: TensorLike, yPred: TensorLike): readonly [Numbers, Numbers] {
  const [labels, predictions] = [numbersOf(owner, yTrue), numbersOf(owner, yPred)];
  const [a, b] = sameRankShapes(labels.shape, predictions.shape);
  if (!sameShape(a, b)) refuse(owner, labels, predictions);
  return [
    { data: labels.data, shape: a },
    { data: predictions.data, shape: b },
  ];
}

/** Throws the error of labels that do not fit. */
export function refuse(owner: string, labels: Numbers, predictions: Numbers): never {
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: labels of the shape ${shapeText(labels.shape)} do not fit predictions of the shape ${shapeText(predictions.shape)}.`,
  );
}

/** Where each element of `shape` finds its own in numbers that are broadcast to it. @throws ValueError */
export function broadcastIndices(owner: string, what: string, { shape: own }: Numbers, shape: Shape): Int32Array {
  const rank = shape.length;
  const strides: number[] = new Array(rank).fill(0);
  let [stride, fits] = [1, own.length <= rank];
  for (let i = 1; i <= own.length && fits; i++) {
    const length = own[own.length - i] as number;
    fits = length === 1 || length === shape[rank - i];
    if (length !== 1) strides[rank - i] = stride;
    stride *= length;
  }
  if (!fits) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: ${what} of the shape ${shapeText(own)} do not fit values of the shape ${shapeText(shape)}.`,
    );
  }
  return indicesBy(strides, shape);
}

function indicesBy(strides: readonly number[], shape: Shape): Int32Array {
  const indices = new Int32Array(sizeOf(shape));
  let repeat = indices.length;
  // Outermost axis first: each adds its part to all elements.
  shape.forEach((length, axis) => {
    repeat /= Math.max(1, length);
    const step = strides[axis] as number;
    for (let i = 0; step !== 0 && i < indices.length; i++) {
      indices[i] = (indices[i] as number) + (Math.floor(i / repeat) % length) * step;
    }
  });
  return indices;
}
