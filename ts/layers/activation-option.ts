/**
 * The option `activation`: a name, a function, or a layer such as LeakyReLU.
 *
 * @module
 */

import * as activations from "../activations/index.js";
import { isA, isCallable, isReadable } from "../brands.js";
import type { InPlaceOfOptions } from "../named-options.js";
import { refusable } from "../undo.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import { CALLED_LAYER } from "./public-fields.js";
import { innerLayer, serialize } from "./serialize.js";

/**
 * An activation: its name, a config, a function, a layer or its class. The type omits `name` and `trainable` of a layer: where
 * options can take an activation's place, editors show the comments of the options `name` and `trainable` only without these; see
 * {@link InPlaceOfOptions}.
 */
export type ActivationOption =
  | activations.ActivationName
  | InPlaceOfOptions<activations.Activation>
  | Omit<Layer, "name" | "trainable">
  | InPlaceOfOptions<new () => Layer>
  | { readonly class_name: string }
  | null
  | undefined;

/** An activation, and its form in a config. */
export interface ActivationSetting {
  readonly apply: activations.Activation;
  readonly saved: () => unknown;
  /** Builds it for the shape of its input, if it is a layer. */
  readonly build: (shape: LayerShape) => void;
}

/** @throws ValueError for an unknown name */
export function activationSetting(option: unknown): ActivationSetting {
  // If it is refused, a layer that was created for it releases its name.
  return refusable(() => settingOf(layerOf(option)));
}

function settingOf(given: unknown): ActivationSetting {
  if (isA(given, Layer)) {
    const apply: activations.Activation = (x) => given.apply(x);
    // Its weights belong to the outer layer, as in Keras, whose field contains the activation layer.
    const build = (shape: LayerShape) => given.ensureBuilt(shape);
    return { apply: Object.assign(apply, { [CALLED_LAYER]: given }), saved: () => serialize(given), build };
  }
  const apply = activations.get(given as activations.ActivationName | activations.Activation | null | undefined);
  return { apply, saved: () => activations.serialize(apply), build: () => {} };
}

function isLayerClass(option: unknown): option is new () => Layer {
  return (
    typeof option === "function" && !isCallable(option) && isA(option, Function) && option.prototype instanceof Layer
  );
}

/** The layer that an option names, if it names one. */
function layerOf(option: unknown): unknown {
  if (isLayerClass(option)) return new option();
  const isSaved = isReadable(option) && "class_name" in option;
  return isSaved && option.class_name !== "function" ? innerLayer(option) : option;
}
