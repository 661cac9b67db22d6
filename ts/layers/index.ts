/**
 * Layers: `import { layers } from "gradstep"`.
 *
 * @module
 */

export type { ActivationOption } from "./activation-option.js";
export type { ApplyOptions, CallContext } from "./call-context.js";
export * from "./classes.js";
export type { InputSpec } from "./input-spec.js";
export type { BiasOptions, KernelOptions } from "./kernel-layer.js";
export { Layer, type LayerNode, SymbolicTensor } from "./layer.js";
export type { LayerShape, LayerShapes } from "./layer-shape.js";
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
