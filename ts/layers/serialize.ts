/**
 * Layers as Keras's JSON. This file does not need the list of all classes, so layers can use it to write and read inner
 * layers.
 *
 * @module
 */

import { isA } from "../brands.js";
import { ClassRegistry, type RegistryTopic, type SaveableClass, type Saved } from "../class-registry.js";
import { checkOne } from "../options.js";
import { checkSavedArguments } from "../saved-arguments.js";
import { ELU, LeakyReLU, ReLU, Softmax } from "./activation-layers.js";
import { Layer } from "./layer.js";
import type { LayerShapes } from "./layer-shape.js";

/** A layer as JSON, as Keras writes it. */
export interface SavedLayer extends Saved {
  /** Shape for which a layer was built. */
  readonly build_config?: { readonly input_shape: LayerShapes };
}

/** In Keras these are built from the start, so it saves no shape. */
const UNNOTED: ReadonlySet<string> = new Set([
  "InputLayer",
  "Activation",
  "Identity",
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

/** Whether a class of layers is built in. */
export function isBuiltInLayer(made: object): boolean {
  return Object.hasOwn(made, "builtIn");
}

/** The common part of the registries of layers. */
export const LAYERS: Omit<RegistryTopic<Layer>, "classes"> = {
  kind: "layer",
  family: "layers",
  module: "keras.layers",
  base: Layer,
  baseName: "Layer",
  isBuiltIn: isBuiltInLayer,
  checkSaved: checkSavedArguments,
};

/** Layers that are activations and need no other layers: those that constructors can read as `activation`. */
const activationLayers = new ClassRegistry<Layer>({
  ...LAYERS,
  classes: () => [ReLU, LeakyReLU, ELU, Softmax] as readonly SaveableClass<Layer>[],
});

/** Reads layers during `layers.deserialize`, which knows all classes. */
let reader: (json: unknown) => Layer = (json) => activationLayers.deserialize(json);

/** Runs `work`, in which layers read inner layers with `read`. */
export function withLayerReader<T>(read: (json: unknown) => Layer, work: () => T): T {
  const outer = reader;
  reader = read;
  try {
    return work();
  } finally {
    reader = outer;
  }
}

/** A layer inside the config of another. */
export function innerLayer(json: unknown): Layer {
  return reader(json);
}

/**
 * Saves a layer as JSON that `layers.deserialize` reads, and Keras in Python too if the class is built in. It contains
 * the arguments, not the weights, for which there is `getWeights()`.
 *
 * @param layer - A layer, built or not.
 * @returns An object with `class_name` and `config`.
 * @throws TypeError (`ERR_OPTION_TYPE`) for anything but a layer; ValueError, TypeError (`ERR_CONFIG_INVALID`) for an
 * argument that cannot be saved, such as a function without a name; ValueError (`ERR_NOT_IMPLEMENTED`) for a constructor
 * that takes arguments which `getConfig` does not return
 * @see [keras.layers.serialize](https://keras.io/api/models/model_saving_apis/serialization_utils/)
 * @example
 * ```ts
 * import { layers, stringify } from "gradstep";
 *
 * const saved = stringify(new layers.Dense(4, { activation: "relu" }));
 * const dense = layers.deserialize(JSON.parse(saved)) as layers.Dense;
 * console.log(dense.units); // 4
 * ```
 */
export function serialize(layer: Layer): SavedLayer {
  checkOne("layers.serialize", arguments);
  if (isA(layer, Layer) && "toJSON" in layer) return savedModel(layer as Layer & { toJSON(): object });
  const saved = activationLayers.serialize(layer);
  const shape = UNNOTED.has(saved.class_name) ? undefined : layer.builtShape;
  return shape === undefined ? saved : { ...saved, build_config: { input_shape: shape } };
}

/** A model that is a layer of another one: the arguments of its `compile` do not apply there. */
function savedModel(model: { toJSON(): object }): SavedLayer {
  const { compile_config: _, ...saved } = model.toJSON() as SavedLayer & { readonly compile_config?: unknown };
  return saved;
}
