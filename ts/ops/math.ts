/**
 * Functions of each element.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { checkCount, finiteNumber, integer, refuseRange } from "../options.js";
import type { Tensor } from "../tensor.js";
import { divide, multiply } from "./arithmetic.js";
import { UNARY } from "./kernels.js";
import type { TensorLike } from "./operand.js";
import { unary } from "./unary.js";

/** `-x` */
export function negative(x: TensorLike): Tensor<"float32"> {
  checkCount("negative", arguments.length, 1);
  return unary("negative", UNARY.negative, x);
}

/** `|x|`, with a gradient of 0 at 0. */
export function abs(x: TensorLike): Tensor<"float32"> {
  checkCount("abs", arguments.length, 1);
  return unary("abs", UNARY.abs, x);
}

/** -1, 0 or 1; its gradient is 0. */
export function sign(x: TensorLike): Tensor<"float32"> {
  checkCount("sign", arguments.length, 1);
  return unary("sign", UNARY.sign, x);
}

/** `e^x` */
export function exp(x: TensorLike): Tensor<"float32"> {
  checkCount("exp", arguments.length, 1);
  return unary("exp", UNARY.exp, x);
}

/** Natural logarithm; minus infinity at 0, NaN below. */
export function log(x: TensorLike): Tensor<"float32"> {
  checkCount("log", arguments.length, 1);
  return unary("log", UNARY.log, x);
}

/** `log(1 + x)`, exact for small `x` too. */
export function log1p(x: TensorLike): Tensor<"float32"> {
  checkCount("log1p", arguments.length, 1);
  return unary("log1p", UNARY.log1p, x);
}

/** Square root; NaN below 0. */
export function sqrt(x: TensorLike): Tensor<"float32"> {
  checkCount("sqrt", arguments.length, 1);
  return unary("sqrt", UNARY.sqrt, x);
}

/** `1 / sqrt(x)` */
export function rsqrt(x: TensorLike): Tensor<"float32"> {
  checkCount("rsqrt", arguments.length, 1);
  return unary("rsqrt", UNARY.rsqrt, x);
}

/**
 * `x^2`
 *
 * @example
 * ```ts
 * import { GradientTape, ops, Variable } from "gradstep";
 *
 * const x = new Variable([1, -3], { name: "x" });
 * const tape = new GradientTape();
 * const y = tape.run(() => ops.square(x));
 * console.log(y.array(), tape.gradient(y, x)?.array()); // Float32Array [1, 9] Float32Array [2, -6]
 * ```
 */
export function square(x: TensorLike): Tensor<"float32"> {
  checkCount("square", arguments.length, 1);
  return unary("square", UNARY.square, x);
}

/** `1 / x` */
export function reciprocal(x: TensorLike): Tensor<"float32"> {
  checkCount("reciprocal", arguments.length, 1);
  return unary("reciprocal", UNARY.reciprocal, x);
}

/** Error function. */
export function erf(x: TensorLike): Tensor<"float32"> {
  checkCount("erf", arguments.length, 1);
  return unary("erf", UNARY.erf, x);
}

/** Sine of `x` radians. */
export function sin(x: TensorLike): Tensor<"float32"> {
  checkCount("sin", arguments.length, 1);
  return unary("sin", UNARY.sin, x);
}

/** Cosine of `x` radians. */
export function cos(x: TensorLike): Tensor<"float32"> {
  checkCount("cos", arguments.length, 1);
  return unary("cos", UNARY.cos, x);
}

/** The next whole number below; its gradient is 0. */
export function floor(x: TensorLike): Tensor<"float32"> {
  checkCount("floor", arguments.length, 1);
  return unary("floor", UNARY.floor, x);
}

/** Options of {@link round}. */
export interface RoundOptions {
  /** Digits behind the point; negative ones are before it. Default: 0. */
  readonly decimals?: number | undefined;
}

const ROUND = { names: ["decimals"], after: 1 };

/**
 * Rounds to this many decimals, halves to even; its gradient is 0.
 *
 * @throws ValueError, TypeError when `decimals` is no whole number from -38 to 38
 */
export function round(x: TensorLike, ...given: [decimals?: number | RoundOptions | undefined]): Tensor<"float32"> {
  const { decimals = 0 } = readOptions<RoundOptions>("round", ROUND, given);
  const digits = integer("round", "decimals", decimals, -38);
  if (digits > 38) refuseRange("round", "decimals", "from -38 to 38", decimals);
  if (digits === 0) return unary("round", UNARY.round, x);
  const power = Number(`1e${Math.abs(digits)}`);
  // As NumPy: the factor is a whole power of ten both ways.
  if (digits > 0) return divide(unary("round", UNARY.round, multiply(x, power)), power);
  return multiply(unary("round", UNARY.round, divide(x, power)), power);
}

/**
 * `x` where it is between two bounds, the bound elsewhere. The gradient passes where nothing was cut off, at the
 * bounds too.
 *
 * @throws ValueError when `min` is above `max`
 */
export function clip(x: TensorLike, min: number, max: number): Tensor<"float32"> {
  checkCount("clip", arguments.length, 3);
  const [low, high] = [finiteNumber("clip", "min", min), finiteNumber("clip", "max", max)];
  if (low > high) refuseRange("clip", "min", `${high}, which is "max", or below`, min);
  return unary("clip", UNARY.clip, x, low, high);
}
