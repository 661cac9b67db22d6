/**
 * Slices of a tensor, and padding.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkCount, finiteNumber, isList, refuseRange, shown, shownList } from "../options.js";
import { wasm } from "../runtime/module.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { floatOperand, type TensorLike } from "./operand.js";
import { copyStrided, stepsOf } from "./strided.js";

/**
 * Copies a block of `x`.
 *
 * @param x - Numbers of any shape.
 * @param start - Index of the first element on each axis.
 * @param shape - Length on each axis; -1 means up to the end.
 * @returns The block, of the shape `shape`.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when the block is not inside `x`
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.slice](https://keras.io/api/ops/core/#slice-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * const x = [[1, 2, 3], [4, 5, 6]];
 * console.log(ops.slice(x, [0, 1], [2, 2]).array()); // Float32Array [2, 3, 5, 6]
 * console.log(ops.slice(x, [1, 0], [1, -1]).array()); // Float32Array [4, 5, 6]
 * ```
 */
export function slice(x: TensorLike, start: readonly number[], shape: readonly number[]): Tensor<"float32"> {
  checkCount("slice", arguments.length, 3);
  const input = floatOperand("slice", x);
  const lengths = blockShape(input.shape, start, shape);
  const y = allocate(lengths);
  // The caller may change the list.
  const from = [...start];
  takeBlock(input.address, input.shape, from, lengths, y.address);
  const backward: Backward = (dy, into) => {
    // In place: many slices of a sequence share one gradient instead of having one each.
    into.accumulate(0, (dx, beta) => {
      if (beta === 0) wasm().fill_values(dx, input.size, 0);
      putBlock(dy.address, lengths, dx, input.shape, from, beta);
    });
  };
  return record("slice", [input], y, backward, ([t]) => slice(t as Tensor<"float32">, from, lengths));
}

/** Options of `ops.pad`. */
export interface PadOptions {
  /** Only `"constant"`. Default: `"constant"`. */
  readonly mode?: "constant" | undefined;
  /** The padding around `x`. Default: null, 0. */
  readonly constantValues?: number | null | undefined;
}

const PAD = { names: ["mode", "constantValues"], after: 2 };

/** The number to pad with: alone, or after the mode as in Keras. */
function padding(given: readonly unknown[]): number {
  if (given.length === 1 && typeof given[0] === "number") return given[0];
  const { mode = "constant", constantValues } = readOptions<PadOptions>("pad", PAD, given);
  if (mode !== "constant") refuseRange("pad", "mode", '"constant"', mode);
  return constantValues ?? 0;
}

/**
 * Surrounds `x` with a constant.
 *
 * @param x - Numbers of any shape.
 * @param padWidth - Number of elements before and after, a pair for each axis; one pair or number applies to all axes.
 * @param given - {@link PadOptions}, by name, or by position: `mode`, `constantValues`; a number is the constant.
 * @returns Numbers, with each axis longer by its pair.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when a width is negative or not whole, or the number of pairs is not that
 * of the axes
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.pad](https://keras.io/api/ops/numpy/#pad-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.pad([[1, 2]], [[0, 1], [1, 0]]).array()); // Float32Array [0, 1, 2, 0, 0, 0]
 * ```
 */
export function pad(
  x: TensorLike,
  padWidth: number | readonly number[] | readonly (readonly number[])[],
  ...given: [constant?: number | PadOptions | "constant" | undefined, constantValues?: number | null | undefined]
): Tensor<"float32"> {
  const constant = padding(given);
  const input = floatOperand("pad", x);
  const { shape } = input;
  const pairs = pairsOf(padWidth, shape.length);
  const value = finiteNumber("pad", "constantValues", constant);
  const y = allocate(shape.map((length, axis) => length + pairs[axis]![0] + pairs[axis]![1]));
  const start = pairs.map(([before]) => before);
  wasm().fill_values(y.address, y.size, value);
  putBlock(input.address, shape, y.address, y.shape, start);
  const backward: Backward = (dy, into) => {
    into.write(0, (dx) => takeBlock(dy.address, y.shape, start, shape, dx));
  };
  return record("pad", [input], y, backward, ([t]) => pad(t as Tensor<"float32">, pairs));
}

type Pair = readonly [before: number, after: number];

/** The block at `start`, of `lengths`, out of a tensor of `shape`. */
export function takeBlock(from: number, shape: Shape, start: readonly number[], lengths: Shape, to: number): void {
  const [outer, inner] = [stepsOf(shape), stepsOf(lengths)];
  const axes = lengths.map((length, i) => ({ length, from: outer[i]!, to: inner[i]! }));
  copyStrided(from + offset(outer, start) * 4, to, axes);
}

/** The reverse: writes a block of `lengths` to its place in a tensor of `shape`; with `adds` 1 it is added. */
export function putBlock(
  from: number,
  lengths: Shape,
  to: number,
  shape: Shape,
  start: readonly number[],
  adds: 0 | 1 = 0,
): void {
  const [outer, inner] = [stepsOf(shape), stepsOf(lengths)];
  const axes = lengths.map((length, i) => ({ length, from: inner[i]!, to: outer[i]! }));
  copyStrided(from, to + offset(outer, start) * 4, axes, adds);
}

function offset(steps: readonly number[], start: readonly number[]): number {
  return steps.reduce((sum, step, axis) => sum + step * start[axis]!, 0);
}

function blockShape(own: Shape, start: readonly number[], shape: readonly number[]): number[] {
  for (const [name, list] of [
    ["start", start],
    ["shape", shape],
  ] as const) {
    if (!isList(list) || list.length !== own.length || !list.every(Number.isInteger)) {
      throw new ValueError(
        "ERR_SHAPE",
        `slice: "${name}" must have one whole number for each axis of [${own.join(", ")}], got ${shownList(list)}.`,
      );
    }
  }
  return own.map((whole, axis) => {
    const first = start[axis]!;
    const length = shape[axis] === -1 ? whole - first : shape[axis]!;
    if (first < 0 || length < 0 || first + length > whole) {
      throw new ValueError(
        "ERR_SHAPE",
        `slice: expected a block inside axis ${axis}, of length ${whole}, got ${length} from index ${first} on.`,
      );
    }
    return length;
  });
}

function pairsOf(width: number | readonly number[] | readonly (readonly number[])[], rank: number): Pair[] {
  const isPair = (entry: unknown): entry is Pair =>
    isList(entry) && entry.length === 2 && entry.every((n) => Number.isInteger(n) && (n as number) >= 0);
  const one = typeof width === "number" ? [width, width] : width;
  const pairs: readonly unknown[] = isPair(one) ? new Array(rank).fill(one) : one;
  if (!isList(pairs)) {
    throw new ArgumentTypeError(
      "ERR_SHAPE",
      `pad: "padWidth" must be a number or a list of pairs, got ${shown(width)}.`,
    );
  }
  if (pairs.length !== rank || !pairs.every(isPair)) {
    throw new ValueError(
      "ERR_SHAPE",
      `pad: "padWidth" must have a pair of whole numbers, 0 or above, for each axis (rank ${rank}), got ${shownList(width)}.`,
    );
  }
  return [...pairs];
}
