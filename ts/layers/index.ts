/**
 * Layers: `import { layers } from "gradstep"`.
 *
 * @module
 */

export type { ActivationOption } from "./activation-option.js";
export type { ApplyOptions, CallContext } from "./call-context.js";
export * from "./classes.js";
export {
  AveragePooling1D as AvgPool1D,
  AveragePooling2D as AvgPool2D,
  Conv1D as Convolution1D,
  Conv2D as Convolution2D,
  Conv2DTranspose as Convolution2DTranspose,
  GlobalAveragePooling1D as GlobalAvgPool1D,
  GlobalAveragePooling2D as GlobalAvgPool2D,
  GlobalMaxPooling1D as GlobalMaxPool1D,
  GlobalMaxPooling2D as GlobalMaxPool2D,
  MaxPooling1D as MaxPool1D,
  MaxPooling2D as MaxPool2D,
} from "./classes.js";
export type { InputSpec } from "./input-spec.js";
export type { BiasOptions, KernelOptions } from "./kernel-layer.js";
export { Layer, type LayerNode, type ResultList, type SeveralInputs, SymbolicTensor } from "./layer.js";
export type { LayerShape, LayerShapes } from "./layer-shape.js";
export { add, average, concatenate, maximum, minimum, multiply, subtract } from "./merge-functions.js";
export type { NormOptions } from "./norm-layer.js";
export type { LayerOptions } from "./options.js";
export {
  type CustomLayers,
  deserialize,
  get,
  type LayerClassName,
  type LayerIdentifier,
  type SavedLayer,
  serialize,
} from "./registry.js";
export type { WeightOptions } from "./weight-options.js";
export type { LayerPadding } from "./window-settings.js";
export { Wrapper } from "./wrapper.js";
