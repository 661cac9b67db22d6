/**
 * Vectors of length 1, computed even if squares overflow.
 *
 * @module
 */

import { type Tensor, tensor } from "../tensor.js";
import { abs, max, maximum, multiply, rsqrt, square, sum, type TensorLike } from "./index.js";

/** Sums of squares along axes, which are kept with length 1. @internal */
export function squaresOf(x: TensorLike, axis: number | readonly number[]): Tensor<"float32"> {
  return sum(square(x), { axis, keepdims: true });
}

/**
 * Powers of two by which vectors are multiplied first: 1, or, if the sum of squares is infinite, the power that scales
 * the largest element to 1; `undefined` if no sum is infinite. @internal
 */
export function scaleDown(
  x: TensorLike,
  squares: Tensor<"float32">,
  axis: number | readonly number[],
): Tensor<"float32"> | undefined {
  if (!squares.numbers.includes(Number.POSITIVE_INFINITY)) return undefined;
  const largest = max(abs(x), { axis, keepdims: true }).numbers;
  const scale = squares.numbers.map((sum, i) => (sum === Number.POSITIVE_INFINITY ? inverse(largest[i]!) : 1));
  return tensor(scale, [...squares.shape]);
}

/** The power of two that scales a number above 1 to between 0.5 and 1. */
function inverse(x: number): number {
  let power = 1;
  while (x * power > 1 && power > 2 ** -128) power /= 2;
  return power;
}

/** `x / norm`, the norm along an axis, or the root of `least` if that is larger. @internal */
export function unitVectors(x: TensorLike, axis: number, least: number): Tensor<"float32"> {
  const squares = squaresOf(x, axis);
  const scale = scaleDown(x, squares, axis);
  if (scale === undefined) return multiply(x, rsqrt(maximum(squares, least)));
  const smaller = multiply(x, scale);
  return multiply(smaller, rsqrt(maximum(squaresOf(smaller, axis), least)));
}
