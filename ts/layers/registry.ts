/**
 * The built-in layers by name, and layers from Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type SaveableClass } from "../class-registry.js";
import type { CustomObjects } from "../custom-objects.js";
import { refuseOtherFamily } from "../families.js";
import { checkCount } from "../options.js";
import type { AnyName, JSONOf, NamedConfig } from "../spellings.js";
import * as layers from "./classes.js";
import type { Layer } from "./layer.js";
import { LAYERS, withLayerReader } from "./serialize.js";

export { type SavedLayer, serialize } from "./serialize.js";

/** Custom layer classes, by the names under which they were saved. */
export type CustomLayers = Readonly<Record<string, SaveableClass<Layer>>>;

/** Keras's names of the built-in layers. */
export type LayerClassName = Exclude<keyof typeof layers, "Input">;

type AnyLayerName = LayerClassName | keyof typeof LAYER_ALIASES;

/** A layer, its name in any spelling, its class, or a config. */
export type LayerIdentifier = Layer | AnyLayerName | AnyName | (new () => Layer) | NamedConfig<AnyLayerName>;

/** THE list, in Keras's order. */
const classes: readonly unknown[] = [
  layers.InputLayer,
  layers.Dense,
  layers.Activation,
  layers.Embedding,
  layers.Lambda,
  layers.Identity,
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
  layers.Rescaling,
  layers.Normalization,
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
  layers.PReLU,
];

/** Keras's other names, under which `index.ts` exports the classes too. */
export const LAYER_ALIASES = {
  AvgPool1D: "AveragePooling1D",
  AvgPool2D: "AveragePooling2D",
  Convolution1D: "Conv1D",
  Convolution2D: "Conv2D",
  Convolution2DTranspose: "Conv2DTranspose",
  GlobalAvgPool1D: "GlobalAveragePooling1D",
  GlobalAvgPool2D: "GlobalAveragePooling2D",
  GlobalMaxPool1D: "GlobalMaxPooling1D",
  GlobalMaxPool2D: "GlobalMaxPooling2D",
  MaxPool1D: "MaxPooling1D",
  MaxPool2D: "MaxPooling2D",
} as const;

const registry = new ClassRegistry<Layer>({
  ...LAYERS,
  refuseOther: refuseOtherFamily,
  aliases: LAYER_ALIASES,
  classes: () => classes as readonly SaveableClass<Layer>[],
});

/** Keras's names of the built-in layers, and their classes. */
export const builtInLayers = {
  names: (): readonly string[] => registry.names,
  classes: classes as readonly SaveableClass<Layer>[],
};

/**
 * Returns the layer for an identifier.
 *
 * @param identifier - A layer (returned as is), a name in any spelling or a class without required arguments, a config
 *   of {@link serialize} or of Keras in Python, or `null` (returned as is).
 * @param customObjects - Custom classes and functions of any family, by the names under which they were saved.
 * @returns The layer; `null` for `null`.
 * @throws ValueError, TypeError (`ERR_CONFIG_UNKNOWN_CLASS`) for an unknown class, with the nearest known one;
 * (`ERR_CONFIG_INVALID`) for anything else; the errors of the constructor
 * @throws TypeError (`ERR_OPTION_TYPE`, `ERR_OTHER_COPY`) for `customObjects` that are not an object of classes and
 * functions, and for a class of another copy of gradstep
 * @see [keras.layers](https://keras.io/api/layers/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = layers.get("leaky_relu");
 * console.log(layer.apply([[-1, 1]]).array()); // about [-0.3, 1]
 * ```
 */
export function get(identifier: null | undefined, customObjects?: CustomObjects): null;
export function get<T extends Layer>(identifier: T, customObjects?: CustomObjects): T;
export function get<T extends Layer>(identifier: new () => T, customObjects?: CustomObjects): T;
export function get(identifier: LayerIdentifier, customObjects?: CustomObjects): Layer;
export function get(identifier: LayerIdentifier | null | undefined, customObjects?: CustomObjects): Layer | null;
export function get(identifier: unknown, customObjects?: CustomObjects): Layer | null {
  checkCount("layers.get", arguments.length, 2);
  return withLayerReader(read, () => registry.get(identifier, customObjects));
}

/**
 * Creates a layer from JSON written by {@link serialize} or by Keras in Python. It is not built yet.
 *
 * @param json - An object with `class_name` and `config`.
 * @param customObjects - Custom classes and functions of any family, by the names under which they were saved.
 * @returns A new layer.
 * @throws ValueError, TypeError (`ERR_CONFIG_UNKNOWN_CLASS`) for an unknown class, with the nearest known one;
 * (`ERR_CONFIG_INVALID`) for anything else; the errors of the constructor
 * @throws TypeError (`ERR_OPTION_TYPE`, `ERR_OTHER_COPY`) for `customObjects` that are not an object of classes and
 * functions, and for a class of another copy of gradstep
 * @see [keras.layers.deserialize](https://keras.io/api/models/model_saving_apis/serialization_utils/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const dense = layers.deserialize({ class_name: "Dense", config: { units: 2 } });
 * console.log(dense.className, dense.apply([[1, 2, 3]]).shape); // Dense [1, 2]
 * ```
 */
export function deserialize(json: JSONOf<AnyLayerName>, customObjects?: CustomObjects): Layer {
  checkCount("layers.deserialize", arguments.length, 2);
  return withLayerReader(read, () => registry.deserialize(json, customObjects));
}

function read(json: unknown): Layer {
  return registry.deserialize(json);
}
