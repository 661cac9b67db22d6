/**
 * The built-in regularizers by name, and regularizers as Keras's JSON.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { ClassRegistry, type CustomClasses, type Saved } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import { L1, L1L2, L2 } from "./norms.js";
import { OrthogonalRegularizer } from "./orthogonal-regularizer.js";
import { Regularizer } from "./regularizer.js";

/** A function in the place of a regularizer. */
export type RegularizerFunction = (x: Operand) => Tensor<"float32">;

/** What names a regularizer: one, its name in any spelling, a config, or a function. */
export type RegularizerIdentifier =
  | Regularizer
  | RegularizerFunction
  | string
  | Saved
  | { readonly class_name: string };

const registry = new ClassRegistry<Regularizer>({
  kind: "regularizer",
  module: "keras.regularizers",
  base: () => Regularizer,
  classes: () => [L1, L2, L1L2, OrthogonalRegularizer],
});

/**
 * A regularizer from whatever names one.
 *
 * @param identifier - A regularizer or a function (given back), a name such as `"l2"` (made with default
 * options), a config of {@link serialize} or of Python's Keras, or `null` (given back).
 * @throws ValueError for an unknown name and anything else
 */
export function get(identifier: null | undefined): null;
export function get<T extends Regularizer | RegularizerFunction>(identifier: T): T;
export function get(identifier: RegularizerIdentifier): Regularizer | RegularizerFunction;
export function get(identifier: RegularizerIdentifier | null | undefined): Regularizer | RegularizerFunction | null;
export function get(identifier: unknown): Regularizer | RegularizerFunction | null {
  if (identifier === null || identifier === undefined) return null;
  if (identifier instanceof Regularizer) return identifier;
  if (typeof identifier === "string") return registry.find(identifier).fromConfig({});
  if (typeof identifier === "function") return identifier as RegularizerFunction;
  if (typeof identifier === "object" && !Array.isArray(identifier)) return deserialize(identifier);
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `regularizers.get takes a regularizer, the name of one, a function, or { class_name, config }, got ${shown(identifier)}.`,
  );
}

/** A regularizer as JSON that {@link deserialize} reads, and Python's Keras too if it is a built-in one. */
export function serialize(regularizer: Regularizer): Saved {
  return registry.serialize(regularizer);
}

/**
 * Makes a regularizer from JSON of {@link serialize} or of Python's Keras.
 *
 * @throws TypeError for something that is no such object; ValueError for an unknown class, and for arguments
 * that the class refuses
 */
export function deserialize(json: unknown, customObjects: CustomClasses<Regularizer> = {}): Regularizer {
  return registry.deserialize(json, customObjects);
}
