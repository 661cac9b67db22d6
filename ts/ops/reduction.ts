/**
 * Axes of a reduction, and their layout in memory.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { ValueError } from "../errors.js";
import { boolean } from "../options.js";
import { wasm } from "../runtime/module.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { checkedAxes, checkedAxis, type FloatOperand, floatOperand, type TensorLike } from "./operand.js";
import { transpose } from "./transpose.js";

/** Options of reductions. */
export interface ReduceOptions {
  /** The axis or axes to reduce; negative numbers count from the last. Default: all. */
  readonly axis?: number | readonly number[] | null | undefined;
  /** Whether to keep the reduced axes, with length 1. Default: false. */
  readonly keepdims?: boolean | undefined;
}

/** `ReduceOptions`, by name or by position. */
export type ReduceArguments = [axis?: ReduceOptions["axis"] | ReduceOptions, keepdims?: boolean | undefined];

const REDUCE = { names: ["axis", "keepdims"], after: 1 };

/** Layout of a reduction, as `[outer, len, inner]`, and the shape of the result. */
export interface Reduction {
  readonly x: FloatOperand;
  readonly outer: number;
  readonly len: number;
  readonly inner: number;
  readonly shape: readonly number[];
}

/** A reduction whose axes were checked; of `one` axis, or of all. A transpose makes axes adjacent if they are not. */
export function reduction(owner: string, x: TensorLike, given: ReduceArguments, one = false): Reduction {
  const options = readOptions<ReduceOptions>(owner, REDUCE, given);
  const axis = options.axis ?? null;
  if (one && axis !== null && typeof axis !== "number") checkedAxis(owner, axis as never, 0);
  const keepdims = boolean(owner, "keepdims", options.keepdims ?? false);
  const input = floatOperand(owner, x);
  if (axis === null) {
    const shape = keepdims ? input.shape.map(() => 1) : [];
    return { x: input, outer: 1, len: input.size, inner: 1, shape };
  }
  const all = input.shape.map((_, axis) => axis);
  const axes = checkedAxes(owner, axis, all.length);
  const kept = all.filter((axis) => !axes.includes(axis));
  const shape = keepdims
    ? input.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
    : kept.map((axis) => input.shape[axis]!);
  const first = axes[0] ?? all.length;
  const areNeighbours = axes.every((axis, i) => axis === first + i);
  const ordered = areNeighbours ? input : transpose(input, [...kept, ...axes]);
  const start = areNeighbours ? first : kept.length;
  const end = start + axes.length;
  return {
    x: ordered,
    outer: sizeOf(ordered.shape.slice(0, start)),
    len: sizeOf(ordered.shape.slice(start, end)),
    inner: sizeOf(ordered.shape.slice(end)),
    shape,
  };
}

/** Refuses to search an empty axis. */
export function refuseNothing(owner: string, { x, len }: Reduction): void {
  if (len > 0) return;
  throw new ValueError("ERR_SHAPE", `${owner}: the axes must not be empty, got an input of [${x.shape.join(", ")}].`);
}

/** The result of one kernel, not recorded. */
export function reduced(op: number, { x, outer, len, inner, shape }: Reduction): Tensor<"float32"> {
  const y = allocate(shape);
  wasm().reduce(op, x.address, outer, len, inner, y.address);
  return y;
}

/** A result, of one number for each `outer` and `inner`, repeated `len` times. */
export function repeated(y: Tensor<"float32">, { outer, len, inner }: Reduction): Tensor<"float32"> {
  const whole = allocate([outer, len, inner]);
  repeatInto(y, { outer, len, inner }, whole.address);
  return whole;
}

/** The same, to the address. */
export function repeatInto(
  y: Tensor<"float32">,
  { outer, len, inner }: { readonly outer: number; readonly len: number; readonly inner: number },
  to: number,
): void {
  // The kernel is fast along the last axis: a run there is one number, repeated, or a row.
  if (inner === 1) wasm().copy_strided(0, y.address, to, 1, 1, outer, len, 0, 0, 1, 0, 0, 0, len, 1);
  else wasm().copy_strided(0, y.address, to, 1, outer, len, inner, 0, inner, 0, 1, 0, len * inner, inner, 1);
}
