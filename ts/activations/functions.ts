/**
 * The activation functions: those that are operations, and those that are made of operations.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import { ValueError } from "../errors.js";
import { cast } from "../ops/control.js";
import * as ops from "../ops/index.js";
import { type AxisOptions, checkedAxis, floatOperand } from "../ops/operand.js";
import { boolean, checkCount, finiteNumber, nonNegativeNumber, positiveNumber } from "../options.js";
import { isTensor, type Tensor } from "../tensor.js";

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

/** Options of {@link hardShrink} and {@link softShrink}. */
export interface ShrinkOptions {
  /** 0 or above. Default: 0.5. */
  readonly threshold?: number | undefined;
}

/** Options of {@link squareplus}. */
export interface SquareplusOptions {
  /** How round the bend at 0 is; 0 or above. Default: 4. */
  readonly b?: number | undefined;
}

const ALPHA = { names: ["alpha"], after: 1 };
const APPROXIMATE = { names: ["approximate"], after: 1 };
const AXIS = { names: ["axis"], after: 1 };
const THRESHOLD = { names: ["threshold"], after: 1 };
const B = { names: ["b"], after: 1 };

function shrinkThreshold(owner: string, given: readonly unknown[]): number {
  return nonNegativeNumber(owner, "threshold", readOptions<ShrinkOptions>(owner, THRESHOLD, given).threshold ?? 0.5);
}

/** The input itself. */
export function linear(x: Operand): Result {
  checkCount("linear", arguments.length, 1);
  return isTensor(x) && x.dtype === "float32" ? (x as Result) : cast(floatOperand("linear", x), "float32");
}

/** `x` above 0, `alpha * (exp(x / alpha) - 1)` below. */
export function celu(x: Operand, ...given: [alpha?: number | ops.EluOptions | undefined]): Result {
  const { alpha: slope = 1 } = readOptions<ops.EluOptions>("celu", ALPHA, given);
  const alpha = positiveNumber("celu", "alpha", slope);
  const a = floatOperand("celu", x);
  return alpha === 1 ? ops.elu(a) : ops.multiply(ops.elu(ops.divide(a, alpha)), alpha);
}

/**
 * `x` times the normal distribution's share below it; unlike that of `ops`, exact unless told otherwise.
 *
 * @param given - `approximate`: by tanh instead of by the error function. Default: false.
 */
export function gelu(x: Operand, ...given: [approximate?: boolean | ops.GeluOptions | undefined]): Result {
  const { approximate = false } = readOptions<ops.GeluOptions>("gelu", APPROXIMATE, given);
  return ops.gelu(x, boolean("gelu", "approximate", approximate));
}

/**
 * The first half along an axis, times the sigmoid of the second.
 *
 * @param given - `axis`: the axis to halve. Default: -1, the last.
 * @throws ValueError when there is no such axis, or it does not halve
 */
export function glu(x: Operand, ...given: [axis?: number | AxisOptions | undefined]): Result {
  const { axis = -1 } = readOptions<AxisOptions>("glu", AXIS, given);
  const a = floatOperand("glu", x);
  const at = checkedAxis("glu", axis, a.shape.length);
  const half = a.shape[at]! / 2;
  if (!Number.isInteger(half)) {
    throw new ValueError("ERR_SHAPE", `glu: axis ${at} must have an even length, got ${a.shape[at]}.`);
  }
  const size = a.shape.map((length, i) => (i === at ? half : length));
  const begin = (from: number) => a.shape.map((_, i) => (i === at ? from : 0));
  return ops.multiply(ops.slice(a, begin(0), size), ops.sigmoid(ops.slice(a, begin(half), size)));
}

/** `x` kept between -1 and 1. */
export function hardTanh(x: Operand): Result {
  checkCount("hardTanh", arguments.length, 1);
  return ops.clip(floatOperand("hardTanh", x), -1, 1);
}

/** 0 between `-threshold` and `threshold`, `x` elsewhere. */
export function hardShrink(x: Operand, ...given: [threshold?: number | ShrinkOptions | undefined]): Result {
  const threshold = shrinkThreshold("hardShrink", given);
  const a = floatOperand("hardShrink", x);
  return ops.multiply(a, ops.greater(ops.abs(a), threshold));
}

/** 0 between `-threshold` and `threshold`, and `threshold` closer to 0 elsewhere. */
export function softShrink(x: Operand, ...given: [threshold?: number | ShrinkOptions | undefined]): Result {
  const threshold = shrinkThreshold("softShrink", given);
  const a = floatOperand("softShrink", x);
  return ops.subtract(a, ops.clip(a, -threshold, threshold));
}

/** `x - tanh(x)`. */
export function tanhShrink(x: Operand): Result {
  checkCount("tanhShrink", arguments.length, 1);
  const a = floatOperand("tanhShrink", x);
  return ops.subtract(a, ops.tanh(a));
}

/** `log(sigmoid(x))`. */
export function logSigmoid(x: Operand): Result {
  checkCount("logSigmoid", arguments.length, 1);
  return ops.negative(ops.softplus(ops.negative(floatOperand("logSigmoid", x))));
}

/** `(x + sqrt(x^2 + b)) / 2`. */
export function squareplus(x: Operand, ...given: [b?: number | SquareplusOptions | undefined]): Result {
  const b = nonNegativeNumber("squareplus", "b", readOptions<SquareplusOptions>("squareplus", B, given).b ?? 4);
  const a = floatOperand("squareplus", x);
  return ops.multiply(ops.add(a, ops.sqrt(ops.add(ops.square(a), b))), 0.5);
}

/** 0 up to -1, `x` from 1, `(x + 1)^2 / 4` between. */
export function sparsePlus(x: Operand): Result {
  checkCount("sparsePlus", arguments.length, 1);
  const a = floatOperand("sparsePlus", x);
  const between = ops.multiply(ops.square(ops.add(ops.clip(a, -1, 1), 1)), 0.25);
  return ops.where(ops.greaterEqual(a, 1), a, between);
}

/** `(x + 1) / 2`, kept between 0 and 1. */
export function sparseSigmoid(x: Operand): Result {
  checkCount("sparseSigmoid", arguments.length, 1);
  return ops.clip(ops.multiply(ops.add(floatOperand("sparseSigmoid", x), 1), 0.5), 0, 1);
}

/** `x` above the threshold, another number elsewhere. */
export function threshold(x: Operand, threshold: number, defaultValue: number): Result {
  checkCount("threshold", arguments.length, 3);
  const [from, value] = [
    finiteNumber("threshold", "threshold", threshold),
    finiteNumber("threshold", "defaultValue", defaultValue),
  ];
  const a = floatOperand("threshold", x);
  return ops.where(ops.greater(a, from), a, value);
}
