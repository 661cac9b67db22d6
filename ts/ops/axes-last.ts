/**
 * Axes moved to the end and back, for operations that work on the last ones.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Tensor } from "../tensor.js";
import { transpose } from "./transpose.js";

/** `x` with these axes, in ascending order, as its last; `x` itself if they are. */
export function axesLast<T extends Operand>(x: T, axes: readonly number[]): T | Tensor<"float32"> {
  const order = orderOf(axes, x.shape.length);
  return isSorted(order) ? x : transpose(x, order);
}

/** Reverses {@link axesLast}. */
export function axesBack(y: Tensor<"float32">, axes: readonly number[]): Tensor<"float32"> {
  const order = orderOf(axes, y.shape.length);
  if (isSorted(order)) return y;
  return transpose(
    y,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

function orderOf(axes: readonly number[], rank: number): number[] {
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
  return [...others, ...axes];
}

function isSorted(order: readonly number[]): boolean {
  return order.every((axis, i) => axis === i);
}
