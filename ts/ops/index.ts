/**
 * Operations with gradients: `import { ops } from "gradstep"`.
 *
 * @module
 */

export { keep } from "../autodiff/arena.js";
export { cast, customGradient, stopGradient, type ValueAndGradient } from "./control.js";
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
export { type MatmulOptions, matmul } from "./products.js";
export { logSoftmax, softmax } from "./softmax.js";
