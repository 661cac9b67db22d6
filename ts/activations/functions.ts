/**
 * The activation functions: operations, and functions composed of operations.
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
  hardSilu as hardSwish,
  leakyRelu,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  silu as swish,
  softmax,
  softplus,
  softsign,
  tanh,
} from "../ops/index.js";

export { sparsemax } from "./sparsemax.js";

type Result = Tensor<"float32">;

/** Options of {@link hardShrink} and {@link softShrink}. */
export interface ShrinkOptions {
  /** Half the width of the range that becomes 0; 0 or above. Default: 0.5. */
  readonly threshold?: number | undefined;
}

/** Options of {@link squareplus}. */
export interface SquareplusOptions {
  /** Roundness of the bend at 0; 0 or above. Default: 4. */
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

/**
 * Identity: returns the input itself.
 *
 * @param x - Numbers of any shape.
 * @returns `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.linear](https://keras.io/api/layers/activations/#linear-function)
 */
export function linear(x: Operand): Result {
  checkCount("linear", arguments.length, 1);
  return isTensor(x) && x.dtype === "float32" ? (x as Result) : cast(floatOperand("linear", x), "float32");
}

/**
 * Continuously differentiable exponential linear unit: `x` above 0, `alpha * (exp(x / alpha) - 1)` below.
 *
 * @param x - Numbers of any shape.
 * @param given - `alpha`: the negated limit for very negative numbers; above 0. Default: 1.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.celu](https://keras.io/api/layers/activations/#celu-function),
 * [Barron 2017](https://arxiv.org/abs/1704.07483)
 */
export function celu(x: Operand, ...given: [alpha?: number | ops.EluOptions | undefined]): Result {
  const { alpha: slope = 1 } = readOptions<ops.EluOptions>("celu", ALPHA, given);
  const alpha = positiveNumber("celu", "alpha", slope);
  const a = floatOperand("celu", x);
  return alpha === 1 ? ops.elu(a) : ops.multiply(ops.elu(ops.divide(a, alpha)), alpha);
}

/**
 * Gaussian error linear unit: `x` times the normal distribution's CDF at `x`. Unlike `ops.gelu`, it is exact by
 * default.
 *
 * @param x - Numbers of any shape.
 * @param given - `approximate`: use tanh instead of the error function. Default: false.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.gelu](https://keras.io/api/layers/activations/#gelu-function),
 * [Hendrycks and Gimpel 2016](https://arxiv.org/abs/1606.08415)
 */
export function gelu(x: Operand, ...given: [approximate?: boolean | ops.GeluOptions | undefined]): Result {
  const { approximate = false } = readOptions<ops.GeluOptions>("gelu", APPROXIMATE, given);
  return ops.gelu(x, boolean("gelu", "approximate", approximate));
}

/**
 * Gated linear unit: the first half along an axis, times the sigmoid of the second.
 *
 * @param x - Numbers with an even length on the axis.
 * @param given - `axis`: the axis to halve. Default: -1, the last.
 * @returns Numbers of the shape of `x`, with half the length on the axis.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or its length is odd
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.glu](https://keras.io/api/layers/activations/#glu-function),
 * [Dauphin et al. 2016](https://arxiv.org/abs/1612.08083)
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

/**
 * Piecewise linear tanh: `x`, limited to the range from -1 to 1.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.hard_tanh](https://keras.io/api/layers/activations/#hard_tanh-function)
 */
export function hardTanh(x: Operand): Result {
  checkCount("hardTanh", arguments.length, 1);
  return ops.clip(floatOperand("hardTanh", x), -1, 1);
}

/**
 * Hard shrinkage: 0 between `-threshold` and `threshold`, `x` elsewhere.
 *
 * @param x - Numbers of any shape.
 * @param given - `threshold`: 0 or above. Default: 0.5.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.hard_shrink](https://keras.io/api/layers/activations/#hard_shrink-function)
 */
export function hardShrink(x: Operand, ...given: [threshold?: number | ShrinkOptions | undefined]): Result {
  const threshold = shrinkThreshold("hardShrink", given);
  const a = floatOperand("hardShrink", x);
  return ops.multiply(a, ops.greater(ops.abs(a), threshold));
}

/**
 * Soft shrinkage: 0 between `-threshold` and `threshold`; elsewhere `x`, moved towards 0 by `threshold`.
 *
 * @param x - Numbers of any shape.
 * @param given - `threshold`: 0 or above. Default: 0.5.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.soft_shrink](https://keras.io/api/layers/activations/#soft_shrink-function)
 */
export function softShrink(x: Operand, ...given: [threshold?: number | ShrinkOptions | undefined]): Result {
  const threshold = shrinkThreshold("softShrink", given);
  const a = floatOperand("softShrink", x);
  return ops.subtract(a, ops.clip(a, -threshold, threshold));
}

/**
 * Tanh shrinkage, `x - tanh(x)`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.tanh_shrink](https://keras.io/api/layers/activations/#tanh_shrink-function)
 */
export function tanhShrink(x: Operand): Result {
  checkCount("tanhShrink", arguments.length, 1);
  const a = floatOperand("tanhShrink", x);
  return ops.subtract(a, ops.tanh(a));
}

/**
 * Logarithm of the sigmoid, without overflow.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.log_sigmoid](https://keras.io/api/layers/activations/#log_sigmoid-function)
 */
export function logSigmoid(x: Operand): Result {
  checkCount("logSigmoid", arguments.length, 1);
  return ops.negative(ops.softplus(ops.negative(floatOperand("logSigmoid", x))));
}

/**
 * Squareplus, `(x + sqrt(x^2 + b)) / 2`.
 *
 * @param x - Numbers of any shape.
 * @param given - `b`: roundness of the bend at 0; 0 or above. Default: 4.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.squareplus](https://keras.io/api/layers/activations/#squareplus-function),
 * [Barron 2021](https://arxiv.org/abs/2112.11687)
 */
export function squareplus(x: Operand, ...given: [b?: number | SquareplusOptions | undefined]): Result {
  const b = nonNegativeNumber("squareplus", "b", readOptions<SquareplusOptions>("squareplus", B, given).b ?? 4);
  const a = floatOperand("squareplus", x);
  return ops.multiply(ops.add(a, ops.sqrt(ops.add(ops.square(a), b))), 0.5);
}

/**
 * Sparse plus: 0 up to -1, `x` from 1, `(x + 1)^2 / 4` between.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.sparse_plus](https://keras.io/api/layers/activations/#sparse_plus-function)
 */
export function sparsePlus(x: Operand): Result {
  checkCount("sparsePlus", arguments.length, 1);
  const a = floatOperand("sparsePlus", x);
  const between = ops.multiply(ops.square(ops.add(ops.clip(a, -1, 1), 1)), 0.25);
  return ops.where(ops.greaterEqual(a, 1), a, between);
}

/**
 * Sparse sigmoid: `(x + 1) / 2`, limited to the range from 0 to 1.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.sparse_sigmoid](https://keras.io/api/layers/activations/#sparse_sigmoid-function)
 */
export function sparseSigmoid(x: Operand): Result {
  checkCount("sparseSigmoid", arguments.length, 1);
  return ops.clip(ops.multiply(ops.add(floatOperand("sparseSigmoid", x), 1), 0.5), 0, 1);
}

/**
 * Keeps `x` above the threshold, and replaces it with another number elsewhere.
 *
 * @param x - Numbers of any shape.
 * @param threshold - The number that `x` must be above, finite.
 * @param defaultValue - The number that replaces the others, finite.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for a number that is not finite
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.threshold](https://keras.io/api/layers/activations/#threshold-function)
 */
export function threshold(x: Operand, threshold: number, defaultValue: number): Result {
  checkCount("threshold", arguments.length, 3);
  const [from, value] = [
    finiteNumber("threshold", "threshold", threshold),
    finiteNumber("threshold", "defaultValue", defaultValue),
  ];
  const a = floatOperand("threshold", x);
  return ops.where(ops.greater(a, from), a, value);
}
