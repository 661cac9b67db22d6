/**
 * Rows by index, and indices of the largest elements.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward, Tangent } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { boolean, checkCount, integer } from "../options.js";
import { float32 } from "../runtime/memory.js";
import { wasm } from "../runtime/module.js";
import { sameShape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { axesBack } from "./axes-last.js";
import { checkIndices } from "./indices.js";
import { checkedAxis, type FloatOperand, floatOperand, intOperand, type TensorLike } from "./operand.js";
import { reshape } from "./reshape.js";

/** Options of `ops.take`. */
export interface TakeOptions {
  /** The axis that is indexed; `null`, Keras's default, indexes the flattened tensor. Default: 0. */
  readonly axis?: number | null | undefined;
}

/** Options of `ops.oneHot`. */
export interface OneHotOptions {
  /** Position of the axis of classes in the result. Default: -1, the last. */
  readonly axis?: number | undefined;
}

/** Options of `ops.topK`. */
export interface TopKOptions {
  /** Largest first. With false any order is allowed; the result is the same. Default: true. */
  readonly sorted?: boolean | undefined;
}

const AXIS = { names: ["axis"], after: 2 };
const TOP_K = { names: ["sorted"], after: 2 };

/**
 * Takes rows in the order of `indices`, as an embedding does; along another axis, columns and so on. The gradients of
 * elements that are taken several times are added.
 *
 * @param params - Numbers with one or more axes.
 * @param indices - Whole numbers, 0 or above, of any shape, which replaces the axis.
 * @param given - `axis`: the axis that is indexed; `null` for the flattened tensor, Keras's default. Default: 0.
 * @returns Numbers of the shape of `params`, with the shape of `indices` in place of the axis.
 * @throws ValueError (`ERR_INDEX_RANGE`) when there is no such row
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.take](https://keras.io/api/ops/numpy/#take-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.take([[1, 2], [3, 4]], [1, 1, 0]).array()); // Float32Array [3, 4, 3, 4, 1, 2]
 * console.log(ops.take([[1, 2], [3, 4]], [1, 0], 1).array()); // Float32Array [2, 1, 4, 3]
 * ```
 */
export function take(
  params: TensorLike,
  indices: TensorLike,
  ...given: [axis?: number | null | TakeOptions | undefined]
): Tensor<"float32"> {
  const { axis = 0 } = readOptions<TakeOptions>("take", AXIS, given);
  const x = floatOperand("take", params);
  if (axis === null) return takeAlong(reshape(x, [x.size]), indices, 0);
  if (axis === 0 && x.shape.length === 0) {
    throw new ValueError("ERR_SHAPE", "take: expected rows, got a single number.");
  }
  return takeAlong(x, indices, checkedAxis("take", axis, x.shape.length));
}

function takeAlong(table: FloatOperand, indices: TensorLike, axis: number): Tensor<"float32"> {
  const given = intOperand("take", indices);
  const count = table.shape[axis]!;
  checkIndices("take", "index", given, count, "rows");
  return taken(table, given, axis);
}

/** Like {@link take}, with indices that were checked. @internal */
export function taken(table: FloatOperand, given: Tensor<"int32">, axis: number): Tensor<"float32"> {
  const count = table.shape[axis]!;
  const [outer, inner] = [table.shape.slice(0, axis), table.shape.slice(axis + 1)];
  const y = allocate([...outer, ...given.shape, ...inner]);
  if (y.size === 0) return y;
  // The rows of all blocks before the axis in one list: no block is moved, forward or backward.
  const blocks = sizeOf(outer);
  const rows = blocks === 1 ? given : inBlocks(given, blocks, count);
  const all = blocks * count;
  const cols = y.size / rows.size;
  wasm().take_rows(table.address, all, cols, rows.address, rows.size, y.address);
  const backward: Backward = (dy, into) => {
    into.accumulate(0, (out, beta) => {
      if (beta === 0) wasm().fill_values(out, table.size, 0);
      wasm().add_rows(dy.address, rows.address, rows.size, all, cols, out);
    });
  };
  const tangent: Tangent = ([t]) => taken(t as Tensor<"float32">, given, axis);
  return record("take", [table], y, backward, tangent, rows === given ? [given] : [given, rows]);
}

/** The indices for each of several blocks of `count` rows. */
function inBlocks(indices: Tensor<"int32">, blocks: number, count: number): Tensor<"int32"> {
  const rows = allocate([blocks, indices.size], "int32");
  const [to, from] = [rows.numbers, indices.numbers];
  for (let block = 0, at = 0; block < blocks; block++) {
    for (let i = 0; i < from.length; i++) to[at++] = block * count + from[i]!;
  }
  return rows;
}

/**
 * Creates, for each index, a row of zeros with a 1 at the index; all zeros for an index out of range, as in Keras.
 *
 * @param indices - Whole numbers of any shape.
 * @param numClasses - Length of the new axis, 1 or above.
 * @param given - `axis`: position of the new axis in the result. Default: -1, the last.
 * @returns 0 and 1 as float32, of the shape of `indices` with the new axis.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.one_hot](https://keras.io/api/ops/nn/#one_hot-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.oneHot([1, 0], 3).array()); // Float32Array [0, 1, 0, 1, 0, 0]
 * ```
 */
export function oneHot(
  indices: TensorLike,
  numClasses: number,
  ...given: [axis?: number | OneHotOptions | undefined]
): Tensor<"float32"> {
  const { axis = -1 } = readOptions<OneHotOptions>("oneHot", AXIS, given);
  const depth = integer("oneHot", "numClasses", numClasses, 1);
  const rows = intOperand("oneHot", indices);
  const rank = rows.shape.length + 1;
  const at = checkedAxis("oneHot", axis, rank);
  const y = allocate([...rows.shape, depth]);
  const out = y.numbers;
  out.fill(0);
  rows.numbers.forEach((index, row) => {
    if (index >= 0 && index < depth) out[row * depth + index] = 1;
  });
  return axesBack(y, at === rank - 1 ? [] : [at]);
}

/**
 * The `k` largest numbers of each row (the last axis), in descending order; of equal numbers the first. As in Keras, NaN
 * comes first, and -0 is below 0.
 *
 * @param x - Numbers with one or more axes.
 * @param k - How many: a whole number, at most the length of the last axis.
 * @param given - `sorted`: accepted as in Keras; results are always sorted. Default: true.
 * @returns `values`, through which a gradient flows, and `indices`, their int32 positions in the row; both of the shape
 * of `x` with `k` on the last axis.
 * @throws ValueError (`ERR_SHAPE`) when a row is shorter than `k`
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.top_k](https://keras.io/api/ops/core/#top_k-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * const { values, indices } = ops.topK([3, 9, 7], 2);
 * console.log(values.array(), indices.array()); // Float32Array [9, 7] Int32Array [1, 2]
 * ```
 */
export function topK(
  x: TensorLike,
  k: number,
  ...given: [sorted?: boolean | TopKOptions | undefined]
): { values: Tensor<"float32">; indices: Tensor<"int32"> } {
  boolean("topK", "sorted", readOptions<TopKOptions>("topK", TOP_K, given).sorted ?? true);
  const a = floatOperand("topK", x);
  const cols = rowLength("topK", a);
  const count = integer("topK", "k", k, 0);
  if (count > cols) {
    throw new ValueError(
      "ERR_SHAPE",
      `topK: "k" must be ${cols} or below for rows of [${a.shape.join(", ")}], got ${count}.`,
    );
  }
  const shape = [...a.shape.slice(0, -1), count];
  const values = allocate(shape);
  const indices = allocate(shape, "int32");
  const [from, to, at] = [a.numbers, values.numbers, indices.numbers];
  for (let row = 0; row * count < to.length; row++) {
    const numbers = from.subarray(row * cols, (row + 1) * cols);
    const order = Array.from(numbers, (_, i) => i).sort((i, j) => descending(numbers[i]!, numbers[j]!));
    for (let i = 0; i < count; i++) {
      const place = order[i]!;
      at[row * count + i] = place;
      to[row * count + i] = numbers[place]!;
    }
  }
  const backward: Backward = (dy, into) => {
    into.accumulate(0, (address, beta) => {
      const [dx, from, at] = [float32(address, a.size), dy.numbers, indices.numbers];
      if (beta === 0) dx.fill(0);
      for (let i = 0; i < from.length; i++) {
        const place = Math.floor(i / count) * cols + at[i]!;
        dx[place] = dx[place]! + from[i]!;
      }
    });
  };
  const tangent: Tangent = ([t]) => {
    const places = allocate(shape, "int32");
    const [to, at] = [places.numbers, indices.numbers];
    for (let i = 0; i < to.length; i++) to[i] = Math.floor(i / count) * cols + at[i]!;
    return taken(reshape(t as Tensor<"float32">, [a.size]), places, 0);
  };
  record("topK", [a], values, backward, tangent, [indices]);
  return { values, indices };
}

/**
 * Tests for each row of predictions whether the target is among the `k` largest, that is, whether fewer than `k` are
 * larger: ties count. NaN is the smallest value.
 *
 * @param targets - Whole numbers, the class of each row.
 * @param predictions - Rows x classes.
 * @param k - A whole number, 1 or above.
 * @returns 0 or 1 as float32, one number for each row.
 * @throws ValueError (`ERR_INDEX_RANGE`) for a target that is not a class
 * @throws ValueError (`ERR_SHAPE`) when there is not one target per row
 * @throws ValueError, TypeError (`ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for a `k` that is not a whole number, 1 or
 * above
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.in_top_k](https://keras.io/api/ops/core/#in_top_k-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.inTopK([2, 0], [[0.1, 0.7, 0.2], [0.1, 0.7, 0.2]], 2).array()); // Float32Array [1, 0]
 * ```
 */
export function inTopK(targets: TensorLike, predictions: TensorLike, k: number): Tensor<"float32"> {
  checkCount("inTopK", arguments.length, 3);
  const scores = floatOperand("inTopK", predictions);
  const classes = rowLength("inTopK", scores);
  const wanted = intOperand("inTopK", targets);
  const count = integer("inTopK", "k", k, 1);
  if (!sameShape(wanted.shape, scores.shape.slice(0, -1))) {
    throw new ValueError(
      "ERR_SHAPE",
      `inTopK: expected one target for each row of the predictions, got targets of [${wanted.shape.join(", ")}] for predictions of [${scores.shape.join(", ")}].`,
    );
  }
  checkIndices("inTopK", "target", wanted, classes, "classes");
  const y = allocate(wanted.shape);
  const [all, to] = [scores.numbers, y.numbers];
  wanted.numbers.forEach((target, row) => {
    const numbers = all.subarray(row * classes, (row + 1) * classes);
    const given = numbers[target]!;
    const own = Number.isNaN(given) ? Number.NEGATIVE_INFINITY : given;
    let larger = 0;
    for (const number of numbers) if (number > own) larger++;
    to[row] = larger < count ? 1 : 0;
  });
  return y;
}

/** NaN first, then larger ones, as in Keras; `sort` keeps the order of equal elements. */
function descending(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  if (a !== b) return a > b ? -1 : 1;
  if (Object.is(a, b)) return 0;
  // Zeros: -0 is below 0.
  return Object.is(b, -0) ? -1 : 1;
}

function rowLength(owner: string, { shape }: FloatOperand): number {
  const length = shape.at(-1);
  if (length === undefined) throw new ValueError("ERR_SHAPE", `${owner}: expected rows, got a single number.`);
  return length;
}
