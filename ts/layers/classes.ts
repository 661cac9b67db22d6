/**
 * The layers.
 *
 * @module
 */

export { Activation } from "./activation.js";
export {
  ELU,
  type ELUOptions,
  LeakyReLU,
  type LeakyReLUOptions,
  ReLU,
  type ReLUOptions,
  Softmax,
  type SoftmaxOptions,
} from "./activation-layers.js";
export { BatchNormalization, type BatchNormalizationOptions } from "./batch-normalization.js";
export { Concatenate, type ConcatenateOptions } from "./concatenate.js";
export { Conv1D, type Conv1DOptions } from "./conv1d.js";
export { Conv2D, type Conv2DOptions } from "./conv2d.js";
export { Conv2DTranspose, type Conv2DTransposeOptions } from "./conv2d-transpose.js";
export { Dense, type DenseOptions } from "./dense.js";
export { DepthwiseConv2D, type DepthwiseConv2DOptions } from "./depthwise-conv2d.js";
export { Dropout, type DropoutOptions } from "./dropout.js";
export { Embedding, type EmbeddingOptions } from "./embedding.js";
export { Flatten, type FlattenOptions } from "./flatten.js";
export { GaussianNoise, type GaussianNoiseOptions } from "./gaussian-noise.js";
export {
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  type GlobalPoolingOptions,
} from "./global-pooling.js";
export { Identity } from "./identity.js";
export { Input, InputLayer, type InputOptions } from "./input-layer.js";
export { Lambda, type LambdaFunction, type LambdaOptions } from "./lambda.js";
export { LayerNormalization, type LayerNormalizationOptions } from "./layer-normalization.js";
export { Add, Average, Maximum, Minimum, Multiply, Subtract } from "./merging.js";
export { Normalization, type NormalizationOptions } from "./normalization.js";
export { Permute } from "./permute.js";
export {
  AveragePooling1D,
  AveragePooling2D,
  MaxPooling1D,
  MaxPooling2D,
  type Pooling1DOptions,
  type Pooling2DOptions,
} from "./pooling.js";
export { PReLU, type PReLUOptions } from "./prelu.js";
export { RepeatVector } from "./repeat-vector.js";
export { Rescaling, type RescalingOptions } from "./rescaling.js";
export { Reshape } from "./reshape.js";
export { ZeroPadding2D, type ZeroPadding2DOptions } from "./zero-padding2d.js";
