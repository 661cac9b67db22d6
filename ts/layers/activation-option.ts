/**
 * The option `activation`: a name, a function, or a layer such as LeakyReLU.
 *
 * @module
 */

import * as activations from "../activations/index.js";
import { Layer } from "./layer.js";
import { innerLayer, serialize } from "./serialize.js";

/** What an activation is given as. */
export type ActivationOption =
  | string
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
}

/** @throws ValueError for an unknown name */
export function activationSetting(option: unknown): ActivationSetting {
  const given = layerOf(option);
  if (given instanceof Layer) return { apply: (x) => given.apply(x), saved: () => serialize(given) };
  const apply = activations.get(given as string | activations.Activation | null | undefined);
  return { apply, saved: () => activations.serialize(apply) };
}

/** The layer that an option names, if it names one. */
function layerOf(option: unknown): unknown {
  if (typeof option === "function" && option.prototype instanceof Layer) return new (option as new () => Layer)();
  const isSaved = typeof option === "object" && option !== null && "class_name" in option;
  return isSaved && option.class_name !== "function" ? innerLayer(option) : option;
}
