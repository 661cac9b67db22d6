/**
 * The built-in initializers by name, and initializers as Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type Saved } from "../class-registry.js";
import { type CustomObjects, functionSaving } from "../custom-objects.js";
import { checkCount, checkOne } from "../options.js";
import type { Shape } from "../shape.js";
import type { AnyName, JSONOf, NamedConfig, NamesOf } from "../spellings.js";
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

/** A function that stands in for an initializer. */
export type InitializerFunction = (shape: Shape) => Tensor<"float32"> | Values;

/** Keras's names of the built-in classes. */
export type InitializerClassName =
  | "Zeros"
  | "Ones"
  | "Constant"
  | "Identity"
  | "RandomUniform"
  | "RandomNormal"
  | "TruncatedNormal"
  | "GlorotUniform"
  | "GlorotNormal"
  | "HeUniform"
  | "HeNormal"
  | "LecunUniform"
  | "LecunNormal"
  | "VarianceScaling"
  | "Orthogonal";

/** The name of an initializer: a built-in one, in snake or camel case, or that of a custom one. */
export type InitializerName =
  | NamesOf<InitializerClassName>
  | "zero"
  | "one"
  | "uniform"
  | "normal"
  | "identity_initializer"
  | "orthogonal_initializer"
  | AnyName;

/** An initializer, its name in any spelling, its class, a config, or a function. */
export type InitializerIdentifier =
  | Initializer
  | InitializerFunction
  | (new () => Initializer)
  | InitializerName
  | Saved
  | NamedConfig<InitializerClassName>;

const registry = new ClassRegistry<Initializer, InitializerFunction>({
  kind: "initializer",
  family: "initializers",
  module: "keras.initializers",
  base: Initializer,
  baseName: "Initializer",
  functions: functionSaving,
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
 * Returns the initializer for an identifier.
 *
 * @param identifier - An initializer or a function (returned as is), a name such as `"glorot_uniform"`, `"glorotUniform"`
 * or `"GlorotUniform"`, or a class (made with default options), a config of {@link serialize} or of Python's Keras, or
 * `null` (returned as is).
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @throws ValueError for an unknown name and anything else
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const ones = initializers.get("ones") as initializers.Initializer;
 * console.log(ones.className); // Ones
 * ```
 */
export function get(identifier: null | undefined, customObjects?: CustomObjects): null;
export function get<T extends Initializer | InitializerFunction>(identifier: T, customObjects?: CustomObjects): T;
export function get(
  identifier: InitializerIdentifier,
  customObjects?: CustomObjects,
): Initializer | InitializerFunction;
export function get(
  identifier: InitializerIdentifier | null | undefined,
  customObjects?: CustomObjects,
): Initializer | InitializerFunction | null;
export function get(identifier: unknown, customObjects?: CustomObjects): Initializer | InitializerFunction | null {
  checkCount("initializers.get", arguments.length, 2);
  return registry.get(identifier, customObjects);
}

/**
 * An initializer as JSON that {@link deserialize} reads, and Python's Keras too if it is a built-in one; of a function
 * its name.
 *
 * @throws TypeError for anything else, ValueError for a function without a name
 */
export function serialize(initializer: Initializer | InitializerFunction): Saved {
  checkOne("initializers.serialize", arguments);
  return registry.serialize(initializer as Initializer);
}

/**
 * Makes an initializer from JSON of {@link serialize} or of Python's Keras.
 *
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @returns a function where the JSON is that of one
 * @throws TypeError for anything but such an object; ValueError for an unknown class, and for arguments
 * that the class refuses
 */
export function deserialize<T extends Initializer | InitializerFunction = Initializer>(
  json: JSONOf<InitializerClassName>,
  customObjects?: CustomObjects,
): T {
  checkCount("initializers.deserialize", arguments.length, 2);
  return registry.deserialize(json, customObjects) as T;
}
