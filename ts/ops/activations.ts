/**
 * Activations of each element. Softmax is in `softmax.ts`.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { boolean, checkCount, finiteNumber, nonNegativeNumber } from "../options.js";
import type { Tensor } from "../tensor.js";
import { UNARY } from "./kernels.js";
import type { TensorLike } from "./operand.js";
import { unary } from "./unary.js";

/**
 * Hyperbolic tangent.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.tanh](https://keras.io/api/ops/nn/#tanh-function)
 */
export function tanh(x: TensorLike): Tensor<"float32"> {
  checkCount("tanh", arguments.length, 1);
  return unary("tanh", UNARY.tanh, x);
}

/**
 * Logistic function, `1 / (1 + e^-x)`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.sigmoid](https://keras.io/api/ops/nn/#sigmoid-function)
 */
export function sigmoid(x: TensorLike): Tensor<"float32"> {
  checkCount("sigmoid", arguments.length, 1);
  return unary("sigmoid", UNARY.sigmoid, x);
}

const RELU = { names: ["negativeSlope", "maxValue", "threshold"], after: 1 };

/** Options of `ops.relu`. */
export interface ReluOptions {
  /** Slope up to the threshold. Default: 0. */
  readonly negativeSlope?: number | undefined;
  /** Upper bound of the result; `null` for none. Default: null. */
  readonly maxValue?: number | null | undefined;
  /** Above it the result is `x`, otherwise `negativeSlope * (x - threshold)`. Default: 0. */
  readonly threshold?: number | undefined;
}

/**
 * Rectified linear unit, `max(x, 0)`, with a gradient of 0 at 0.
 *
 * @param x - Numbers of any shape.
 * @param given - {@link ReluOptions}, by name or by position: `negativeSlope`, `maxValue`, `threshold`.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.relu](https://keras.io/api/ops/nn/#relu-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.relu([-2, 0.5, 9]).array()); // Float32Array [0, 0.5, 9]
 * console.log(ops.relu([-2, 0.5, 9], { negativeSlope: 0.5, maxValue: 6 }).array()); // Float32Array [-1, 0.5, 6]
 * ```
 */
export function relu(
  x: TensorLike,
  ...given: [
    negativeSlope?: number | ReluOptions | undefined,
    maxValue?: number | null | undefined,
    threshold?: number | undefined,
  ]
): Tensor<"float32"> {
  if (given.length === 0) return unary("relu", UNARY.relu, x);
  const options = readOptions<ReluOptions>("relu", RELU, given);
  const slope = nonNegativeNumber("relu", "negativeSlope", options.negativeSlope ?? 0);
  const threshold = finiteNumber("relu", "threshold", options.threshold ?? 0);
  const most = options.maxValue ?? null;
  const max = most === null ? Number.POSITIVE_INFINITY : nonNegativeNumber("relu", "maxValue", most);
  if (slope === 0 && threshold === 0 && most === null) return unary("relu", UNARY.relu, x);
  return unary("relu", UNARY.boundedRelu, x, slope, max, threshold);
}

/**
 * Rectified linear unit up to 6, `min(max(x, 0), 6)`, with a gradient of 0 at both ends.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.relu6](https://keras.io/api/ops/nn/#relu6-function)
 */
export function relu6(x: TensorLike): Tensor<"float32"> {
  checkCount("relu6", arguments.length, 1);
  return unary("relu6", UNARY.boundedRelu, x, 0, 6, 0);
}

/** Options of `ops.leakyRelu`. */
export interface LeakyReluOptions {
  /** Slope up to 0. Default: 0.2. */
  readonly negativeSlope?: number | undefined;
}

const LEAKY_RELU = { names: ["negativeSlope"], after: 1 };

/**
 * Leaky rectified linear unit: `x` above 0, `negativeSlope * x` below.
 *
 * @param x - Numbers of any shape.
 * @param given - `negativeSlope`: slope below 0, a finite number. Default: 0.2.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.leaky_relu](https://keras.io/api/ops/nn/#leaky_relu-function)
 */
export function leakyRelu(
  x: TensorLike,
  ...given: [negativeSlope?: number | LeakyReluOptions | undefined]
): Tensor<"float32"> {
  const { negativeSlope = 0.2 } = readOptions<LeakyReluOptions>("leakyRelu", LEAKY_RELU, given);
  const slope = finiteNumber("leakyRelu", "negativeSlope", negativeSlope);
  return unary("leakyRelu", UNARY.boundedRelu, x, slope, Number.POSITIVE_INFINITY, 0);
}

/** Options of `ops.elu`. */
export interface EluOptions {
  /** The negated limit for very negative numbers. Default: 1. */
  readonly alpha?: number | undefined;
}

const ELU = { names: ["alpha"], after: 1 };

/**
 * Exponential linear unit: `x` above 0, `alpha * (e^x - 1)` below.
 *
 * @param x - Numbers of any shape.
 * @param given - `alpha`: the negated limit for very negative numbers; finite. Default: 1.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.elu](https://keras.io/api/ops/nn/#elu-function),
 * [Clevert et al. 2015](https://arxiv.org/abs/1511.07289)
 */
export function elu(x: TensorLike, ...given: [alpha?: number | EluOptions | undefined]): Tensor<"float32"> {
  const { alpha = 1 } = readOptions<EluOptions>("elu", ELU, given);
  return unary("elu", UNARY.elu, x, finiteNumber("elu", "alpha", alpha));
}

/**
 * Scaled {@link elu}, with an `alpha` and a scale that keep mean 0 and variance 1 from layer to layer.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.selu](https://keras.io/api/ops/nn/#selu-function),
 * [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515)
 */
export function selu(x: TensorLike): Tensor<"float32"> {
  checkCount("selu", arguments.length, 1);
  return unary("selu", UNARY.selu, x);
}

/**
 * Smooth rectifier, `log(1 + e^x)`, without overflow.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.softplus](https://keras.io/api/ops/nn/#softplus-function)
 */
export function softplus(x: TensorLike): Tensor<"float32"> {
  checkCount("softplus", arguments.length, 1);
  return unary("softplus", UNARY.softplus, x);
}

/**
 * Softsign, `x / (1 + |x|)`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.softsign](https://keras.io/api/ops/nn/#softsign-function)
 */
export function softsign(x: TensorLike): Tensor<"float32"> {
  checkCount("softsign", arguments.length, 1);
  return unary("softsign", UNARY.softsign, x);
}

/** Options of `ops.gelu`. */
export interface GeluOptions {
  /** Whether to use tanh instead of the error function. Default: true, as in Keras. */
  readonly approximate?: boolean | undefined;
}

const GELU = { names: ["approximate"], after: 1 };

/**
 * Gaussian error linear unit: `x` times the normal distribution's CDF at `x`.
 *
 * @param x - Numbers of any shape.
 * @param given - `approximate`: use tanh instead of the error function. Default: true, as in Keras.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.gelu](https://keras.io/api/ops/nn/#gelu-function),
 * [Hendrycks and Gimpel 2016](https://arxiv.org/abs/1606.08415)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.gelu([2]).array()[0]?.toFixed(5)); // 1.95460
 * console.log(ops.gelu([2], { approximate: false }).array()[0]?.toFixed(5)); // 1.95450
 * ```
 */
export function gelu(x: TensorLike, ...given: [approximate?: boolean | GeluOptions | undefined]): Tensor<"float32"> {
  const { approximate = true } = readOptions<GeluOptions>("gelu", GELU, given);
  return unary("gelu", boolean("gelu", "approximate", approximate) ? UNARY.approximateGelu : UNARY.gelu, x);
}

/**
 * Sigmoid linear unit, `x * sigmoid(x)`, also called swish.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.silu](https://keras.io/api/ops/nn/#silu-function)
 */
export function silu(x: TensorLike): Tensor<"float32"> {
  checkCount("silu", arguments.length, 1);
  return unary("silu", UNARY.silu, x);
}

/**
 * Piecewise linear sigmoid, `relu6(x + 3) / 6`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.hard_sigmoid](https://keras.io/api/ops/nn/#hard_sigmoid-function)
 */
export function hardSigmoid(x: TensorLike): Tensor<"float32"> {
  checkCount("hardSigmoid", arguments.length, 1);
  return unary("hardSigmoid", UNARY.hardSigmoid, x);
}

/**
 * Piecewise {@link silu}, `x * hardSigmoid(x)`, also called hard swish.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.hard_silu](https://keras.io/api/ops/nn/#hard_silu-function)
 */
export function hardSilu(x: TensorLike): Tensor<"float32"> {
  checkCount("hardSilu", arguments.length, 1);
  return unary("hardSilu", UNARY.hardSilu, x);
}

/**
 * Mish, `x * tanh(softplus(x))`.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.mish](https://keras.io/api/ops/nn/#mish-function), [Misra 2019](https://arxiv.org/abs/1908.08681)
 */
export function mish(x: TensorLike): Tensor<"float32"> {
  checkCount("mish", arguments.length, 1);
  return unary("mish", UNARY.mish, x);
}
