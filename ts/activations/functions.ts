/**
 * The activation functions: those that are operations, and those that are made of operations.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { cast } from "../ops/control.js";
import * as ops from "../ops/index.js";
import { Tensor } from "../tensor.js";

export {
  elu,
  exp as exponential,
  hardSigmoid,
  hardSilu,
  leakyRelu,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  tanh,
} from "../ops/index.js";

export { sparsemax } from "./sparsemax.js";

type Result = Tensor<"float32">;

/** The input itself. */
export function linear(x: Operand): Result {
  return x instanceof Tensor && x.dtype === "float32" ? (x as Result) : cast(x, "float32");
}

/** `x` above 0, `alpha * (exp(x / alpha) - 1)` below. */
export function celu(x: Operand, alpha = 1): Result {
  return alpha === 1 ? ops.elu(x) : ops.multiply(ops.elu(ops.divide(x, alpha)), alpha);
}

/** `x` times the normal distribution's share below it; unlike that of `ops`, exact unless told otherwise. */
export function gelu(x: Operand, approximate = false): Result {
  return ops.gelu(x, approximate);
}

/** The first half along an axis, times the sigmoid of the second. */
export function glu(x: Operand, axis = -1): Result {
  const at = axis < 0 ? axis + x.shape.length : axis;
  const half = (x.shape[at] ?? 0) / 2;
  const size = x.shape.map((length, i) => (i === at ? half : length));
  const begin = (from: number) => x.shape.map((_, i) => (i === at ? from : 0));
  return ops.multiply(ops.slice(x, begin(0), size), ops.sigmoid(ops.slice(x, begin(half), size)));
}

/** `x` kept between -1 and 1. */
export function hardTanh(x: Operand): Result {
  return ops.clip(x, -1, 1);
}

/** 0 between `-threshold` and `threshold`, `x` elsewhere. */
export function hardShrink(x: Operand, threshold = 0.5): Result {
  return ops.multiply(x, ops.greater(ops.abs(x), threshold));
}

/** 0 between `-threshold` and `threshold`, and `threshold` closer to 0 elsewhere. */
export function softShrink(x: Operand, threshold = 0.5): Result {
  return ops.subtract(x, ops.clip(x, -threshold, threshold));
}

/** `x - tanh(x)`. */
export function tanhShrink(x: Operand): Result {
  return ops.subtract(x, ops.tanh(x));
}

/** `log(sigmoid(x))`. */
export function logSigmoid(x: Operand): Result {
  return ops.negative(ops.softplus(ops.negative(x)));
}

/** `(x + sqrt(x^2 + b)) / 2`. */
export function squareplus(x: Operand, b = 4): Result {
  return ops.multiply(ops.add(x, ops.sqrt(ops.add(ops.square(x), b))), 0.5);
}

/** 0 up to -1, `x` from 1, `(x + 1)^2 / 4` between. */
export function sparsePlus(x: Operand): Result {
  const between = ops.multiply(ops.square(ops.add(ops.clip(x, -1, 1), 1)), 0.25);
  return ops.where(ops.greaterEqual(x, 1), x, between);
}

/** `(x + 1) / 2`, kept between 0 and 1. */
export function sparseSigmoid(x: Operand): Result {
  return ops.clip(ops.multiply(ops.add(x, 1), 0.5), 0, 1);
}

/** `x` above the threshold, another number elsewhere. */
export function threshold(x: Operand, threshold: number, defaultValue: number): Result {
  return ops.where(ops.greater(x, threshold), x, defaultValue);
}
