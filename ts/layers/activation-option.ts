/**
 * The option `activation`: a name, a function, or a layer such as LeakyReLU.
 *
 * @module
 */

import * as activations from "../activations/index.js";
import { isA, isCallable, isReadable } from "../brands.js";
import { refusable } from "../undo.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import { CALLED_LAYER } from "./public-fields.js";
import { innerLayer, serialize } from "./serialize.js";

/** An activation: its name, a config, or a function. */
export type ActivationOption =
  | activations.ActivationName
  | activations.Activation
  | Layer
  | (new () => Layer)
  | { readonly class_name: string }
  | null
  | undefined;

/** An activation, and how a config has it. */
export interface ActivationSetting {
  readonly apply: activations.Activation;
  readonly saved: () => unknown;
  /** Builds the layer that it is, if it is one, for the shape of its input. */
  readonly build: (shape: LayerShape) => void;
}

/** @throws ValueError for an unknown name */
export function activationSetting(option: unknown): ActivationSetting {
  // Refused, a layer that was made for it gives its name back.
  return refusable(() => settingOf(layerOf(option)));
}

function settingOf(given: unknown): ActivationSetting {
  if (isA(given, Layer)) {
    const apply: activations.Activation = (x) => given.apply(x);
    // Its weights are the layer's, as in Keras, whose field holds the layer itself.
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
