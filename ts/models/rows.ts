/**
 * One array of the data of `fit`, of any form, as one row per sample.
 *
 * @module
 */

import { checkAttached, type ImageValues, isImage, type NumberArray, numbersIn } from "../array-like.js";
import { allocate, type Operand } from "../autodiff/arena.js";
import { isA, isInt32Array } from "../brands.js";
import { ValueError } from "../errors.js";
import { isList } from "../options.js";
import { type Flat, type Shape, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { type DType, readNumbers, type Values } from "../values.js";
import { Variable } from "../variable.js";
import { refuseData, refuseEntry } from "./data-cures.js";
import { fittingShape, withDeclaredAxes } from "./last-axis.js";

/** An array of samples: a tensor, a variable, a typed array, an `ImageData` (one sample), or a list of samples. */
export type SampleArray = Operand | Values | ImageValues;

/** Rows up to this many numbers are copied one by one: a call for each costs more. */
const SMALL_ROW = 32;
/** The same for calls that need a view, which becomes garbage. */
const SMALL_VIEW = 128;

/** Samples that batches are gathered from. */
export class Rows {
  /** Number of samples. */
  readonly count: number;
  /** Shape of one sample. */
  readonly rowShape: Shape;
  readonly dtype: DType;
  readonly #owner: string;
  readonly #rowSize: number;
  readonly #given: Operand | undefined;
  /** The caller's array: batches are converted when they are gathered, so bytes stay bytes until then. */
  readonly #flat: NumberArray | undefined;

  /**
   * Samples that batches are gathered from.
   *
   * @param owner - For messages: `fit: "x"`.
   * @param rowShape - Shape of a sample, if known: flat arrays are split into such rows, and a last axis of 1 may be
   * missing or extra.
   * @throws ValueError, TypeError when it is not an array of samples
   */
  constructor(owner: string, data: SampleArray, rowShape?: readonly (number | null)[]) {
    this.#owner = owner;
    const isOperand = isA(data, Tensor) || isA(data, Variable);
    this.dtype = isOperand ? data.dtype : isInt32Array(data) ? "int32" : "float32";
    const read = isOperand ? undefined : readSamples(owner, data, this.dtype, rowShape?.at(-1) === 3);
    const shape = cut(owner, read?.shape ?? (data as Operand).shape, isOperand ? undefined : rowShape);
    if (shape.length === 0) {
      throw new ValueError(
        "ERR_SHAPE",
        `${owner}: expected samples along the first axis, got a single number. One sample is a list: [x].`,
      );
    }
    this.count = shape[0]!;
    this.rowShape = asDeclared(shape.slice(1), rowShape, isList(data) && ArrayBuffer.isView(data[0]));
    this.#rowSize = sizeOf(this.rowShape);
    if (isOperand) this.#given = data;
    else this.#flat = read?.flat;
  }

  /** All samples as one tensor: the caller's, if it is a tensor. */
  all(): Operand {
    const given = this.#given;
    return given === undefined
      ? this.gather(undefined, 0, this.count)
      : withDeclaredAxes(given, [null, ...this.rowShape]);
  }

  /** Whether it is a variable, to which gradients may flow. */
  get isVariable(): boolean {
    return isA(this.#given, Variable);
  }

  /**
   * Samples `start` to `end` of `order`, in the running step's memory, or in that of a tensor of as many rows. Without
   * an order, of the array itself.
   */
  gather(order: Int32Array | undefined, start: number, end: number, into?: Tensor): Tensor {
    if (this.#flat !== undefined && this.#rowSize > 0) checkAttached(this.#owner, this.#flat);
    const rows = into ?? allocate([end - start, ...this.rowShape], this.dtype);
    // Views are made after the allocation, which may move the memory of both.
    const from = this.#given === undefined ? (this.#flat as NumberArray) : this.#given.numbers;
    const to = rows.numbers;
    const size = this.#rowSize;
    if (order === undefined) {
      to.set(from.subarray(start * size, end * size));
      return rows;
    }
    const isInside = this.#given !== undefined && from.buffer === to.buffer;
    if (isInside && size > SMALL_ROW) copyWithin(from, to, order, start, end, size);
    else copyRows(from, to, order, start, end, size);
    return rows;
  }

  /** The numbers, flat. The view is for immediate use. */
  values(): NumberArray {
    return this.#given === undefined ? (this.#flat as NumberArray) : this.#given.numbers;
  }
}

/** Reads samples. @param isRgb - Whether to drop the alpha of images. */
function readSamples(owner: string, data: SampleArray, dtype: DType, isRgb: boolean): Flat<NumberArray> {
  const isOne = isImage(data);
  const read = isList(data) ? readNumbers(owner, data, dtype, refuseEntry) : numbersIn(owner, data);
  if (read === undefined) {
    refuseData(owner, data);
    return readNumbers(owner, data, dtype);
  }
  const shape = isOne ? [1, ...read.shape] : [...read.shape];
  if (!isRgb || !(isOne || (isList(data) && isImage(data[0])))) return { flat: read.flat, shape };
  const flat = read.flat.filter((_: number, i: number) => i % 4 !== 3);
  return { flat, shape: [...shape.slice(0, -1), 3] };
}

/** Rows `start` to `end` of an order, from one array to another. */
function copyRows(
  from: NumberArray,
  to: Float32Array | Int32Array,
  order: Int32Array,
  start: number,
  end: number,
  size: number,
): void {
  let at = 0;
  for (let i = start; i < end; i++) {
    const row = order[i]! * size;
    if (size > SMALL_VIEW) to.set(from.subarray(row, row + size), at);
    else for (let j = 0; j < size; j++) to[at + j] = from[row + j]!;
    at += size;
  }
}

/** The same if both are views of the same memory, without a view for each row. */
function copyWithin(
  from: NumberArray,
  to: NumberArray,
  order: Int32Array,
  start: number,
  end: number,
  size: number,
): void {
  const memory = new Int32Array(to.buffer);
  const source = from.byteOffset / 4;
  let at = to.byteOffset / 4;
  for (let i = start; i < end; i++) {
    const row = source + order[i]! * size;
    memory.copyWithin(at, row, row + size);
    at += size;
  }
}

/** The shape of a row as declared by the input, if it fits; flat typed arrays in a list are one row each. */
function asDeclared(own: Shape, declared: readonly (number | null)[] | undefined, isFlat: boolean): Shape {
  if (declared === undefined) return own;
  const isWhole = isFlat && declared.every((length) => length !== null) && sizeOf(declared as Shape) === sizeOf(own);
  return isWhole ? (declared as Shape) : (fittingShape(own, declared) ?? own);
}

/** The shape of the whole array; a flat array is split into rows if their shape is known. */
function cut(owner: string, shape: Shape, rowShape: readonly (number | null)[] | undefined): Shape {
  if (rowShape === undefined || shape.length !== 1 || rowShape.length === 0) return shape;
  if (rowShape.some((length) => length === null)) return shape;
  const size = sizeOf(rowShape as Shape);
  const total = shape[0]!;
  // One number per sample needs an axis instead.
  if (size <= 1) return [total, ...(rowShape as Shape)];
  if (total % size !== 0) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: expected samples of ${size} values (${rowShape.join(" x ")}), got ${total} values, which is not a multiple.`,
    );
  }
  return [total / size, ...(rowShape as Shape)];
}
