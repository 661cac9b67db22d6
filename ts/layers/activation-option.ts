/**
 * The option `activation`: a name, a function, or a layer such as LeakyReLU.
 *
 * @module
 */

import * as activations from "../activations/index.js";
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
  return { apply, saved: () => activations.serialize(apply) };
}
