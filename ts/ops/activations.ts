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

/** Hyperbolic tangent. */
export function tanh(x: TensorLike): Tensor<"float32"> {
  checkCount("tanh", arguments.length, 1);
  return unary("tanh", UNARY.tanh, x);
}

/** `1 / (1 + e^-x)` */
export function sigmoid(x: TensorLike): Tensor<"float32"> {
  checkCount("sigmoid", arguments.length, 1);
  return unary("sigmoid", UNARY.sigmoid, x);
}

const RELU = { names: ["negativeSlope", "maxValue", "threshold"], after: 1 };

/** Options of {@link relu}. */
export interface ReluOptions {
  /** Slope up to the threshold. Default: 0. */
  readonly negativeSlope?: number | undefined;
  /** What the result does not exceed; `null`: nothing. Default: null. */
  readonly maxValue?: number | null | undefined;
  /** Up to here the result is `negativeSlope * (x - threshold)`, above it `x`. Default: 0. */
  readonly threshold?: number | undefined;
}

/**
 * `max(x, 0)`, with a gradient of 0 at 0.
 *
 * @throws ValueError, TypeError for options that cannot be
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

/** `min(max(x, 0), 6)`, with a gradient of 0 at both. */
export function relu6(x: TensorLike): Tensor<"float32"> {
  checkCount("relu6", arguments.length, 1);
  return unary("relu6", UNARY.boundedRelu, x, 0, 6, 0);
}

/** Options of {@link leakyRelu}. */
export interface LeakyReluOptions {
  /** Slope up to 0. Default: 0.2. */
  readonly negativeSlope?: number | undefined;
}

const LEAKY_RELU = { names: ["negativeSlope"], after: 1 };

/** `x` above 0, `negativeSlope * x` up to it. @throws ValueError, TypeError for a slope that is not a finite number */
export function leakyRelu(
  x: TensorLike,
  ...given: [negativeSlope?: number | LeakyReluOptions | undefined]
): Tensor<"float32"> {
  const { negativeSlope = 0.2 } = readOptions<LeakyReluOptions>("leakyRelu", LEAKY_RELU, given);
  const slope = finiteNumber("leakyRelu", "negativeSlope", negativeSlope);
  return unary("leakyRelu", UNARY.boundedRelu, x, slope, Number.POSITIVE_INFINITY, 0);
}

/** Options of {@link elu}. */
export interface EluOptions {
  /** What very negative numbers tend to, with a minus. Default: 1. */
  readonly alpha?: number | undefined;
}

const ELU = { names: ["alpha"], after: 1 };

/** `x` above 0, `alpha * (e^x - 1)` up to it. @throws ValueError, TypeError for an `alpha` that is not a finite number */
export function elu(x: TensorLike, ...given: [alpha?: number | EluOptions | undefined]): Tensor<"float32"> {
  const { alpha = 1 } = readOptions<EluOptions>("elu", ELU, given);
  return unary("elu", UNARY.elu, x, finiteNumber("elu", "alpha", alpha));
}

/** {@link elu} with an `alpha` and a scale that keep mean 0 and variance 1 from layer to layer. */
export function selu(x: TensorLike): Tensor<"float32"> {
  checkCount("selu", arguments.length, 1);
  return unary("selu", UNARY.selu, x);
}

/** `log(1 + e^x)`, without overflow. */
export function softplus(x: TensorLike): Tensor<"float32"> {
  checkCount("softplus", arguments.length, 1);
  return unary("softplus", UNARY.softplus, x);
}

/** `x / (1 + |x|)` */
export function softsign(x: TensorLike): Tensor<"float32"> {
  checkCount("softsign", arguments.length, 1);
  return unary("softsign", UNARY.softsign, x);
}

/** Options of {@link gelu}. */
export interface GeluOptions {
  /** By tanh, as Keras's default is, instead of by the error function. Default: true. */
  readonly approximate?: boolean | undefined;
}

const GELU = { names: ["approximate"], after: 1 };

/**
 * `x` times the normal distribution up to `x`.
 *
 * @throws TypeError for an `approximate` that is neither true nor false
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

/** `x * sigmoid(x)`, also called swish. */
export function silu(x: TensorLike): Tensor<"float32"> {
  checkCount("silu", arguments.length, 1);
  return unary("silu", UNARY.silu, x);
}

/** `relu6(x + 3) / 6` */
export function hardSigmoid(x: TensorLike): Tensor<"float32"> {
  checkCount("hardSigmoid", arguments.length, 1);
  return unary("hardSigmoid", UNARY.hardSigmoid, x);
}

/** `x * hardSigmoid(x)`, also called hard swish. */
export function hardSilu(x: TensorLike): Tensor<"float32"> {
  checkCount("hardSilu", arguments.length, 1);
  return unary("hardSilu", UNARY.hardSilu, x);
}

/** `x * tanh(softplus(x))` */
export function mish(x: TensorLike): Tensor<"float32"> {
  checkCount("mish", arguments.length, 1);
  return unary("mish", UNARY.mish, x);
}
