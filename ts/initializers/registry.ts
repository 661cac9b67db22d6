/**
 * The built-in initializers by name, and initializers as Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type CustomClasses, type Saved } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { shown } from "../options.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Values } from "../values.js";
import { Constant, Identity, Ones, Zeros } from "./constants.js";
import { RandomNormal, RandomUniform, TruncatedNormal } from "./distributions.js";
import { Initializer } from "./initializer.js";
import { Orthogonal } from "./orthogonal.js";
import {
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
} from "./variance-scaling.js";

/** A function in the place of an initializer. */
export type InitializerFunction = (shape: Shape) => Tensor<"float32"> | Values;

/** What names an initializer: one, its name in any spelling, a config, or a function. */
export type InitializerIdentifier =
  | Initializer
  | InitializerFunction
  | string
  | Saved
  | { readonly class_name: string };

const registry = new ClassRegistry<Initializer>({
  kind: "initializer",
  module: "keras.initializers",
  base: () => Initializer,
  classes: () => [
    Zeros,
    Ones,
    Constant,
    Identity,
    RandomUniform,
    RandomNormal,
    TruncatedNormal,
    GlorotUniform,
    GlorotNormal,
    HeUniform,
    HeNormal,
    LecunUniform,
    LecunNormal,
    VarianceScaling,
    Orthogonal,
  ],
  aliases: {
    zero: "Zeros",
    one: "Ones",
    uniform: "RandomUniform",
    normal: "RandomNormal",
    identity_initializer: "Identity",
    orthogonal_initializer: "Orthogonal",
  },
});

/**
 * An initializer from whatever names one.
 *
 * @param identifier - An initializer or a function (given back), a name such as `"glorot_uniform"`,
 * `"glorotUniform"` or `"GlorotUniform"` (made with default options), or a config of {@link serialize} or of
 * Python's Keras.
 * @throws ValueError for an unknown name and anything else
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const ones = initializers.get("ones") as initializers.Initializer;
 * console.log(ones.className); // Ones
 * ```
 */
export function get<T extends Initializer | InitializerFunction>(identifier: T): T;
export function get(identifier: InitializerIdentifier): Initializer | InitializerFunction;
export function get(identifier: unknown): Initializer | InitializerFunction {
  if (identifier instanceof Initializer) return identifier;
  if (typeof identifier === "string") return registry.find(identifier).fromConfig({});
  if (typeof identifier === "function") return identifier as InitializerFunction;
  if (typeof identifier === "object" && identifier !== null && !Array.isArray(identifier))
    return deserialize(identifier);
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `initializers.get takes an initializer, the name of one, a function, or { class_name, config }, got ${shown(identifier)}.`,
  );
}

/** An initializer as JSON that {@link deserialize} reads, and Python's Keras too if it is a built-in one. */
export function serialize(initializer: Initializer): Saved {
  return registry.serialize(initializer);
}

/**
 * Makes an initializer from JSON of {@link serialize} or of Python's Keras.
 *
 * @throws TypeError for something that is no such object; ValueError for an unknown class, and for arguments
 * that the class refuses
 */
export function deserialize(json: unknown, customObjects: CustomClasses<Initializer> = {}): Initializer {
  return registry.deserialize(json, customObjects);
}
