/**
 * The option `activation`: a name, a function, or a layer such as LeakyReLU.
 *
 * @module
 */

import * as activations from "../activations/index.js";
import { builtInName } from "../activations/registry.js";
import { ValueError } from "../errors.js";
import { Layer } from "./layer.js";

/** What an activation is given as. */
export type ActivationOption = string | activations.Activation | Layer | null | undefined;

/** An activation, and how a config has it. */
export interface ActivationSetting {
  readonly apply: activations.Activation;
  readonly saved: () => unknown;
}

/** Layers from and to JSON: set by the registry, which imports all layers, and so cannot be imported by one. */
const registry: { read?: (json: unknown) => Layer; write?: (layer: Layer) => unknown } = {};

/** @internal */
export function useRegistry(read: (json: unknown) => Layer, write: (layer: Layer) => unknown): void {
  Object.assign(registry, { read, write });
}

/** @throws ValueError for an unknown name */
export function activationSetting(option: unknown): ActivationSetting {
  const isSaved = typeof option === "object" && option !== null && "class_name" in option;
  const given = isSaved ? registry.read?.(option) : option;
  if (given instanceof Layer) return { apply: (x) => given.apply(x), saved: () => registry.write?.(given) };
  const apply = activations.get(given as string | activations.Activation | null | undefined);
  return { apply, saved: () => savedName(apply) };
}

/** @throws ValueError for functions of the user's: a name alone, even if they have one, would not bring them back */
function savedName(activation: activations.Activation): string {
  const name = builtInName(activation);
  if (name !== undefined) return name;
  const called = activation.name === "" ? "" : ` ("${activation.name}")`;
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `A function of your own as activation${called} cannot be put into a config. Use a built-in one by its name, or a layer class of your own, such as new Dense(8, { activation: new MyActivation() }), which customLayers can bring back.`,
  );
}
