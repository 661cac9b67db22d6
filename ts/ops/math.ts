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

/**
 * Changes the sign: `-x`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.negative](https://keras.io/api/ops/numpy/#negative-function)
 */
export function negative(x: TensorLike): Tensor<"float32"> {
  checkCount("negative", arguments.length, 1);
  return unary("negative", UNARY.negative, x);
}

/**
 * Absolute value, `|x|`, with a gradient of 0 at 0.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.abs](https://keras.io/api/ops/numpy/#abs-function)
 */
export function abs(x: TensorLike): Tensor<"float32"> {
  checkCount("abs", arguments.length, 1);
  return unary("abs", UNARY.abs, x);
}

/**
 * Sign: -1, 0 or 1. Its gradient is 0.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.sign](https://keras.io/api/ops/numpy/#sign-function)
 */
export function sign(x: TensorLike): Tensor<"float32"> {
  checkCount("sign", arguments.length, 1);
  return unary("sign", UNARY.sign, x);
}

/**
 * Exponential, `e^x`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.exp](https://keras.io/api/ops/numpy/#exp-function)
 */
export function exp(x: TensorLike): Tensor<"float32"> {
  checkCount("exp", arguments.length, 1);
  return unary("exp", UNARY.exp, x);
}

/**
 * Natural logarithm; minus infinity at 0, NaN below.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.log](https://keras.io/api/ops/numpy/#log-function)
 */
export function log(x: TensorLike): Tensor<"float32"> {
  checkCount("log", arguments.length, 1);
  return unary("log", UNARY.log, x);
}

/**
 * `log(1 + x)`, accurate for small `x` too.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.log1p](https://keras.io/api/ops/numpy/#log1p-function)
 */
export function log1p(x: TensorLike): Tensor<"float32"> {
  checkCount("log1p", arguments.length, 1);
  return unary("log1p", UNARY.log1p, x);
}

/**
 * Square root; NaN below 0.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.sqrt](https://keras.io/api/ops/numpy/#sqrt-function)
 */
export function sqrt(x: TensorLike): Tensor<"float32"> {
  checkCount("sqrt", arguments.length, 1);
  return unary("sqrt", UNARY.sqrt, x);
}

/**
 * Reciprocal of the square root: `1 / sqrt(x)`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.rsqrt](https://keras.io/api/ops/core/#rsqrt-function)
 */
export function rsqrt(x: TensorLike): Tensor<"float32"> {
  checkCount("rsqrt", arguments.length, 1);
  return unary("rsqrt", UNARY.rsqrt, x);
}

/**
 * Square, `x^2`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.square](https://keras.io/api/ops/numpy/#square-function)
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

/**
 * Reciprocal, `1 / x`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.reciprocal](https://keras.io/api/ops/numpy/#reciprocal-function)
 */
export function reciprocal(x: TensorLike): Tensor<"float32"> {
  checkCount("reciprocal", arguments.length, 1);
  return unary("reciprocal", UNARY.reciprocal, x);
}

/**
 * Error function.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.erf](https://keras.io/api/ops/core/#erf-function)
 */
export function erf(x: TensorLike): Tensor<"float32"> {
  checkCount("erf", arguments.length, 1);
  return unary("erf", UNARY.erf, x);
}

/**
 * Sine of `x` radians.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.sin](https://keras.io/api/ops/numpy/#sin-function)
 */
export function sin(x: TensorLike): Tensor<"float32"> {
  checkCount("sin", arguments.length, 1);
  return unary("sin", UNARY.sin, x);
}

/**
 * Cosine of `x` radians.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.cos](https://keras.io/api/ops/numpy/#cos-function)
 */
export function cos(x: TensorLike): Tensor<"float32"> {
  checkCount("cos", arguments.length, 1);
  return unary("cos", UNARY.cos, x);
}

/**
 * The largest whole number that is not above `x`; its gradient is 0.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.floor](https://keras.io/api/ops/numpy/#floor-function)
 */
export function floor(x: TensorLike): Tensor<"float32"> {
  checkCount("floor", arguments.length, 1);
  return unary("floor", UNARY.floor, x);
}

/** Options of `ops.round`. */
export interface RoundOptions {
  /** Digits after the decimal point; negative numbers round before it. Default: 0. */
  readonly decimals?: number | undefined;
}

const ROUND = { names: ["decimals"], after: 1 };

/**
 * Rounds to a number of decimals, halves to even; its gradient is 0.
 *
 * @param x - Numbers of any shape.
 * @param given - `decimals`: digits after the decimal point, from -38 to 38; negative numbers round before it. Default:
 *   0.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.round](https://keras.io/api/ops/numpy/#round-function)
 */
export function round(x: TensorLike, ...given: [decimals?: number | RoundOptions | undefined]): Tensor<"float32"> {
  const { decimals = 0 } = readOptions<RoundOptions>("round", ROUND, given);
  const digits = integer("round", "decimals", decimals, -38);
  if (digits > 38) refuseRange("round", "decimals", "from -38 to 38", decimals);
  if (digits === 0) return unary("round", UNARY.round, x);
  const power = Number(`1e${Math.abs(digits)}`);
  // As in NumPy: the factor is an integer power of ten in both directions.
  if (digits > 0) return divide(unary("round", UNARY.round, multiply(x, power)), power);
  return multiply(unary("round", UNARY.round, divide(x, power)), power);
}

/**
 * Limits `x` to the range from `min` to `max`. The gradient flows where `x` is in that range, bounds included.
 *
 * @param x - Numbers of any shape.
 * @param min - Lower bound, a finite number.
 * @param max - Upper bound, not below `min`.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for a bound that is not a finite number, and a
 * `min` above `max`
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.clip](https://keras.io/api/ops/numpy/#clip-function)
 */
export function clip(x: TensorLike, min: number, max: number): Tensor<"float32"> {
  checkCount("clip", arguments.length, 3);
  const [low, high] = [finiteNumber("clip", "min", min), finiteNumber("clip", "max", max)];
  if (low > high) refuseRange("clip", "min", `${high}, which is "max", or below`, min);
  return unary("clip", UNARY.clip, x, low, high);
}
