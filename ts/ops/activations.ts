/**
 * Activations of each element. Softmax is in `softmax.ts`.
 *
 * @module
 */

import { checkKnownOptions, finiteNumber, nonNegativeNumber } from "../options.js";
import type { Tensor } from "../tensor.js";
import { UNARY } from "./kernels.js";
import type { TensorLike } from "./operand.js";
import { unary } from "./unary.js";

/** Hyperbolic tangent. */
export function tanh(x: TensorLike): Tensor<"float32"> {
  return unary("tanh", UNARY.tanh, x);
}

/** `1 / (1 + e^-x)` */
export function sigmoid(x: TensorLike): Tensor<"float32"> {
  return unary("sigmoid", UNARY.sigmoid, x);
}

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
export function relu(x: TensorLike, options?: ReluOptions): Tensor<"float32"> {
  if (options === undefined) return unary("relu", UNARY.relu, x);
  checkKnownOptions("relu", options, ["negativeSlope", "maxValue", "threshold"]);
  const slope = nonNegativeNumber("relu", "negativeSlope", options.negativeSlope ?? 0);
  const threshold = finiteNumber("relu", "threshold", options.threshold ?? 0);
  const most = options.maxValue ?? null;
  const max = most === null ? Number.POSITIVE_INFINITY : nonNegativeNumber("relu", "maxValue", most);
  if (slope === 0 && threshold === 0 && most === null) return unary("relu", UNARY.relu, x);
  return unary("relu", UNARY.boundedRelu, x, slope, max, threshold);
}

/** `min(max(x, 0), 6)`, with a gradient of 0 at both. */
export function relu6(x: TensorLike): Tensor<"float32"> {
  return unary("relu6", UNARY.boundedRelu, x, 0, 6, 0);
}

/** `x` above 0, `negativeSlope * x` up to it. */
export function leakyRelu(x: TensorLike, negativeSlope = 0.2): Tensor<"float32"> {
  const slope = finiteNumber("leakyRelu", "negativeSlope", negativeSlope);
  return unary("leakyRelu", UNARY.boundedRelu, x, slope, Number.POSITIVE_INFINITY, 0);
}

/** `x` above 0, `alpha * (e^x - 1)` up to it. */
export function elu(x: TensorLike, alpha = 1): Tensor<"float32"> {
  return unary("elu", UNARY.elu, x, finiteNumber("elu", "alpha", alpha));
}

/** {@link elu} with an `alpha` and a scale that keep mean 0 and variance 1 from layer to layer. */
export function selu(x: TensorLike): Tensor<"float32"> {
  return unary("selu", UNARY.selu, x);
}

/** `log(1 + e^x)`, without overflow. */
export function softplus(x: TensorLike): Tensor<"float32"> {
  return unary("softplus", UNARY.softplus, x);
}

/** `x / (1 + |x|)` */
export function softsign(x: TensorLike): Tensor<"float32"> {
  return unary("softsign", UNARY.softsign, x);
}

/**
 * `x` times the normal distribution up to `x`.
 *
 * @param approximate - By tanh, as Keras's default is, instead of by the error function. Default: true.
 */
export function gelu(x: TensorLike, approximate = true): Tensor<"float32"> {
  return unary("gelu", approximate ? UNARY.approximateGelu : UNARY.gelu, x);
}

/** `x * sigmoid(x)`, also called swish. */
export function silu(x: TensorLike): Tensor<"float32"> {
  return unary("silu", UNARY.silu, x);
}

/** `relu6(x + 3) / 6` */
export function hardSigmoid(x: TensorLike): Tensor<"float32"> {
  return unary("hardSigmoid", UNARY.hardSigmoid, x);
}

/** `x * hardSigmoid(x)`, also called hard swish. */
export function hardSilu(x: TensorLike): Tensor<"float32"> {
  return unary("hardSilu", UNARY.hardSilu, x);
}

/** `x * tanh(softplus(x))` */
export function mish(x: TensorLike): Tensor<"float32"> {
  return unary("mish", UNARY.mish, x);
}
