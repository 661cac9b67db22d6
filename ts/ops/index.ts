/**
 * Operations with gradients: `import { ops } from "gradstep"`.
 *
 * @module
 */

export { keep } from "../autodiff/arena.js";
export {
  type EluOptions,
  elu,
  type GeluOptions,
  gelu,
  hardSigmoid,
  hardSilu,
  type LeakyReluOptions,
  leakyRelu,
  mish,
  type ReluOptions,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softplus,
  softsign,
  tanh,
} from "./activations.js";
export {
  add,
  divide,
  divide as div,
  maximum,
  minimum,
  multiply,
  multiply as mul,
  subtract,
  subtract as sub,
} from "./arithmetic.js";
export {
  equal,
  greater,
  greaterEqual,
  isnan,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
  where,
} from "./compare.js";
export { concatenate, concatenate as concat, split, stack } from "./concatenate.js";
export { cast, stopGradient } from "./control.js";
export {
  type Conv1dOptions,
  type Conv2dOptions,
  type Conv2dTransposeOptions,
  type ConvolutionArguments,
  conv1d,
  conv2d,
  conv2d as conv,
  conv2dTranspose,
  depthwiseConv2d,
} from "./convolution.js";
export type { ConvolutionEnd } from "./convolve.js";
export {
  type ArangeOptions,
  arange,
  type DTypeOptions,
  type EyeOptions,
  eye,
  full,
  fullLike,
  type LinspaceOptions,
  linspace,
  ones,
  onesLike,
  shape,
  zeros,
  zerosLike,
} from "./creation.js";
export {
  type BinaryCrossentropyOptions,
  binaryCrossentropy,
  type CrossentropyOptions,
  categoricalCrossentropy,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  sparseCategoricalCrossentropy,
  sparseSoftmaxCrossEntropy,
} from "./cross-entropy.js";
export { customGradient, type ValueAndGradient } from "./custom-gradient.js";
export { type DenseOptions, dense } from "./dense.js";
export { type DropoutOptions, dropout } from "./dropout.js";
export { inTopK, type OneHotOptions, oneHot, type TakeOptions, type TopKOptions, take, topK } from "./indexing.js";
export {
  abs,
  clip,
  cos,
  erf,
  exp,
  floor,
  log,
  log1p,
  negative,
  negative as neg,
  type RoundOptions,
  reciprocal,
  round,
  rsqrt,
  sign,
  sin,
  sqrt,
  square,
} from "./math.js";
export {
  type BatchNormalizationOptions,
  type BatchNormalized,
  batchNormalization,
  type LayerNormalizationOptions,
  layerNormalization,
} from "./normalization.js";
export type { AxisOptions, FloatOperand, TensorLike } from "./operand.js";
export {
  averagePool2d,
  averagePool2d as avgPool2d,
  maxPool2d,
  type Pool2dArguments,
  type Pool2dOptions,
} from "./pooling.js";
export { power, power as pow } from "./power.js";
export { type MatmulOptions, matmul } from "./products.js";
export { type ArgReduceOptions, argmax, argmin, max, mean, min, prod, sum } from "./reduce.js";
export type { ReduceArguments, ReduceOptions } from "./reduction.js";
export { broadcastTo, tile } from "./repeat.js";
export { expandDims, reshape, type SqueezeOptions, squeeze } from "./reshape.js";
export { type PadOptions, pad, slice } from "./slice.js";
export { logSoftmax, softmax } from "./softmax.js";
export { logsumexp, std, variance } from "./statistics.js";
export { type TransposeOptions, transpose } from "./transpose.js";
export type { Padding, Pair } from "./windows.js";
