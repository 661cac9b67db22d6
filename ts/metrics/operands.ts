/**
 * Numbers, as read by metrics: the values, and their shape.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { sameRankShapes, shapeText } from "../losses/operands.js";
import type { TensorLike } from "../ops/operand.js";
import { checkCount, text } from "../options.js";
import { type Shape, sameShape, sizeOf } from "../shape.js";
import { isTensor, type Tensor } from "../tensor.js";
import { readNumbers } from "../values.js";
import { isVariable, type Variable } from "../variable.js";

/** Numbers, row by row. A view of WebAssembly memory: read it before the next operation. */
export interface Numbers {
  /** The numbers. */
  readonly data: ArrayLike<number>;
  /** Their shape. */
  readonly shape: Shape;
}

/** Those of a tensor or variable, read late: before that, user code may run and memory may grow. */
class InMemory implements Numbers {
  readonly shape: Shape;
  readonly operand: Tensor | Variable;
  #view: ArrayLike<number> | undefined;

  constructor(operand: Tensor | Variable, shape: Shape = operand.shape) {
    this.shape = shape;
    this.operand = operand;
  }

  get data(): ArrayLike<number> {
    // A view that was detached by growing memory has length 0.
    if (this.#view?.length !== this.operand.size) this.#view = this.operand.numbers;
    return this.#view;
  }
}

/**
 * Reads the numbers of a tensor or variable, without a copy, or those of arrays as float32.
 *
 * @param owner - The metric's name, for messages.
 * @param x - The values, of any shape.
 * @returns the numbers, row by row, and their shape
 * @throws TypeError ERR_OPTION_TYPE, ERR_VALUES_DTYPE for anything but numbers; ValueError ERR_VALUES_SHAPE for ragged
 * rows
 */
export function numbersOf(owner: string, x: TensorLike): Numbers {
  checkCount("numbersOf", arguments.length, 2);
  if (isTensor(x) || isVariable(x)) return new InMemory(x);
  const { flat: data, shape } = readNumbers(text("numbersOf", "owner", owner), x, "float32");
  return { data, shape };
}

/** Weights, if there are any. */
export function weightsOf(owner: string, sampleWeight: TensorLike | null | undefined): Numbers | undefined {
  return sampleWeight === null || sampleWeight === undefined ? undefined : numbersOf(owner, sampleWeight);
}

/** Both, in one shape, by Keras's rule. @throws ValueError if that is impossible */
export function pairOf(owner: string, yTrue: TensorLike, yPred: TensorLike): readonly [Numbers, Numbers] {
  const [labels, predictions] = [numbersOf(owner, yTrue), numbersOf(owner, yPred)];
  const [a, b] = sameRankShapes(labels.shape, predictions.shape);
  if (!sameShape(a, b)) refuse(owner, labels, predictions);
  return [reshaped(labels, a), reshaped(predictions, b)];
}

/** The same numbers in another shape. */
export function reshaped(numbers: Numbers, shape: Shape): Numbers {
  return numbers instanceof InMemory ? new InMemory(numbers.operand, shape) : { data: numbers.data, shape };
}

/** Throws the error for labels that do not fit. */
export function refuse(owner: string, labels: Numbers, predictions: Numbers): never {
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: labels of the shape ${shapeText(labels.shape)} do not fit predictions of the shape ${shapeText(predictions.shape)}.`,
  );
}

/**
 * Refuses labels and predictions unless they are `[batch, known]`, or `[batch, outputs]` if `known` is 0. @throws
 * ValueError
 */
export function checkColumns(owner: string, labels: Numbers, predictions: Numbers, known: number): void {
  const { shape } = labels;
  if (!sameShape(shape, predictions.shape)) refuse(owner, labels, predictions);
  if (shape.length === 2 && (known === 0 || known === shape[1])) return;
  const wanted = known === 0 ? "[batch, outputs]" : `[batch, ${known}], as in the batches before`;
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: labels and predictions must be ${wanted}, got the shape ${shapeText(shape)}.`,
  );
}

/**
 * For each element of `shape`, the index into numbers that are broadcast to it.
 *
 * @param given - The caller's shapes, for the message, if these two are derived from them.
 * @throws ValueError
 */
export function broadcastIndices(
  owner: string,
  what: string,
  { shape: own }: Numbers,
  shape: Shape,
  given: readonly [numbers: Shape, values: Shape] = [own, shape],
): Int32Array {
  const rank = shape.length;
  const strides: number[] = new Array(rank).fill(0);
  let [stride, fits] = [1, own.length <= rank];
  for (let i = 1; i <= own.length && fits; i++) {
    const length = own[own.length - i]!;
    fits = length === 1 || length === shape[rank - i];
    if (length !== 1) strides[rank - i] = stride;
    stride *= length;
  }
  if (!fits) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: ${what} of the shape ${shapeText(given[0])} do not fit values of the shape ${shapeText(given[1])}.`,
    );
  }
  return indicesBy(strides, shape);
}

function indicesBy(strides: readonly number[], shape: Shape): Int32Array {
  const indices = new Int32Array(sizeOf(shape));
  let repeat = indices.length;
  // Outermost axis first: each adds its offsets to all elements.
  shape.forEach((length, axis) => {
    repeat /= Math.max(1, length);
    const step = strides[axis]!;
    for (let i = 0; step !== 0 && i < indices.length; i++) {
      indices[i] = indices[i]! + (Math.floor(i / repeat) % length) * step;
    }
  });
  return indices;
}
