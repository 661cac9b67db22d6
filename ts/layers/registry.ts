/**
 * The built-in layers by name, and layers as Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type CustomClasses, type SaveableClass, type Saved } from "../class-registry.js";
import { useRegistry } from "./activation-option.js";
import * as layers from "./classes.js";
import { Layer } from "./layer.js";
import type { LayerShapes } from "./layer-shape.js";

/** A layer as JSON, as Keras writes it. */
export interface SavedLayer extends Saved {
  /** Shape that a built layer was built for. */
  readonly build_config?: { readonly input_shape: LayerShapes };
}

/** Layer classes of your own, by the name they were saved under. */
export type CustomLayers = CustomClasses<Layer>;

/** THE list, in Keras's order. */
const classes: readonly unknown[] = [
  layers.InputLayer,
  layers.Dense,
  layers.Activation,
  layers.Embedding,
  layers.Conv1D,
  layers.Conv2D,
  layers.DepthwiseConv2D,
  layers.Conv2DTranspose,
  layers.MaxPooling1D,
  layers.MaxPooling2D,
  layers.AveragePooling1D,
  layers.AveragePooling2D,
  layers.GlobalMaxPooling1D,
  layers.GlobalMaxPooling2D,
  layers.GlobalAveragePooling1D,
  layers.GlobalAveragePooling2D,
  layers.BatchNormalization,
  layers.LayerNormalization,
  layers.Dropout,
  layers.GaussianNoise,
  layers.Reshape,
  layers.Flatten,
  layers.RepeatVector,
  layers.Permute,
  layers.ZeroPadding2D,
  layers.Concatenate,
  layers.Average,
  layers.Maximum,
  layers.Minimum,
  layers.Add,
  layers.Subtract,
  layers.Multiply,
  layers.ReLU,
  layers.Softmax,
  layers.LeakyReLU,
  layers.ELU,
];

/** Keras calls these built from the start, and so does not note what for. */
const UNNOTED: ReadonlySet<string> = new Set([
  "InputLayer",
  "Activation",
  "Dropout",
  "GaussianNoise",
  "Reshape",
  "ReLU",
  "LeakyReLU",
  "ELU",
  "Softmax",
  "MaxPooling1D",
  "MaxPooling2D",
  "AveragePooling1D",
  "AveragePooling2D",
  "GlobalMaxPooling1D",
  "GlobalMaxPooling2D",
  "GlobalAveragePooling1D",
  "GlobalAveragePooling2D",
]);

const registry = new ClassRegistry<Layer>({
  kind: "layer",
  module: "keras.layers",
  base: () => Layer,
  classes: () => classes as readonly SaveableClass<Layer>[],
});

/** Keras's names of the built-in layers. */
export const builtInLayers = {
  names: (): readonly string[] => registry.names,
};

/**
 * A layer as JSON that {@link deserialize} reads, and Python's Keras too if it is a built-in one. It has
 * the arguments, not the weights: those are `getWeights()`.
 *
 * @throws TypeError unless given a layer
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const saved = JSON.stringify(layers.serialize(new layers.Dense(4, { activation: "relu" })));
 * const dense = layers.deserialize(JSON.parse(saved)) as layers.Dense;
 * console.log(dense.units); // 4
 * ```
 */
export function serialize(layer: Layer): SavedLayer {
  const saved = registry.serialize(layer);
  const shape = UNNOTED.has(saved.class_name) ? undefined : layer.builtShape;
  return shape === undefined ? saved : { ...saved, build_config: { input_shape: shape } };
}

/**
 * Makes a layer from JSON of {@link serialize} or of Python's Keras; it is not built yet.
 *
 * @throws TypeError for something that is no such object; ValueError for an unknown class, and for arguments
 * that the class refuses
 */
export function deserialize(json: unknown, customObjects: CustomLayers = {}): Layer {
  const outer = known;
  known = customObjects;
  try {
    return registry.deserialize(json, customObjects);
  } finally {
    known = outer;
  }
}

/** Classes for the layer that is being made, and so for layers within its config, such as its activation. */
let known: CustomLayers = {};

useRegistry((json) => deserialize(json, known), serialize);
