/**
 * Operations with gradients: `import { ops } from "gradstep"`.
 *
 * @module
 */

export { keep } from "../autodiff/arena.js";
export { cast, customGradient, stopGradient, type ValueAndGradient } from "./control.js";
export {
  type Conv1dOptions,
  type Conv2dOptions,
  type Conv2dTransposeOptions,
  conv1d,
  conv2d,
  conv2d as conv,
  conv2dTranspose,
  depthwiseConv2d,
} from "./convolution.js";
export type { ConvolutionEnd } from "./convolve.js";
export {
  binaryCrossentropy,
  type CrossentropyOptions,
  categoricalCrossentropy,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  sparseCategoricalCrossentropy,
  sparseSoftmaxCrossEntropy,
} from "./cross-entropy.js";
export { dense } from "./dense.js";
export { type DropoutOptions, dropout } from "./dropout.js";
export { inTopK, oneHot, take, topK } from "./indexing.js";
export {
  type BatchNormalizationOptions,
  type BatchNormalized,
  batchNormalization,
  type LayerNormalizationOptions,
  layerNormalization,
} from "./normalization.js";
export type { FloatOperand, TensorLike } from "./operand.js";
export { averagePool2d, averagePool2d as avgPool2d, maxPool2d, type Pool2dOptions } from "./pooling.js";
export { type MatmulOptions, matmul } from "./products.js";
export { logSoftmax, softmax } from "./softmax.js";
export type { Padding, Pair } from "./windows.js";
