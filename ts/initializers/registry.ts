/**
 * The built-in initializers by name, and initializers as Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type Saved } from "../class-registry.js";
import { type CustomObjects, functionSaving } from "../custom-objects.js";
import { refuseOtherFamily } from "../families.js";
import type { InPlaceOfOptions } from "../named-options.js";
import { checkCount, checkOne } from "../options.js";
import { checkSavedArguments } from "../saved-arguments.js";
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

/** A function used as an initializer. */
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

/** The name of an initializer: a built-in one, in snake or camel case, or a custom one. */
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
  | InPlaceOfOptions<InitializerFunction>
  | InPlaceOfOptions<new () => Initializer>
  | InitializerName
  | Saved
  | NamedConfig<InitializerClassName>;

const registry = new ClassRegistry<Initializer, InitializerFunction>({
  kind: "initializer",
  family: "initializers",
  refuseOther: refuseOtherFamily,
  module: "keras.initializers",
  base: Initializer,
  baseName: "Initializer",
  functions: functionSaving,
  checkSaved: checkSavedArguments,
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

/** Returns `null`, for no initializer. */
export function get(identifier: null | undefined, customObjects?: CustomObjects): null;
/** Returns the initializer, or the function, that was passed. */
export function get<T extends Initializer | InitializerFunction>(identifier: T, customObjects?: CustomObjects): T;
/**
 * Returns the initializer for an identifier.
 *
 * @param identifier - An initializer or a function (returned as is), a name such as `"glorot_uniform"`, `"glorotUniform"`
 * or `"GlorotUniform"`, or a class (made with default options), a config of {@link serialize} or of Python's Keras, or
 * `null` (returned as is).
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @returns the initializer, or the function
 * @throws ValueError ERR_CONFIG_UNKNOWN_CLASS for an unknown name, ERR_CONFIG_INVALID for anything else; the errors of
 * the class's constructor for a bad config
 * @see [Keras: initializers](https://keras.io/api/layers/initializers/)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const ones = initializers.get("ones") as initializers.Initializer;
 * console.log(ones.className); // Ones
 * ```
 */
export function get(
  identifier: InitializerIdentifier,
  customObjects?: CustomObjects,
): Initializer | InitializerFunction;
/** Returns the initializer for an identifier, `null` for none. */
export function get(
  identifier: InitializerIdentifier | null | undefined,
  customObjects?: CustomObjects,
): Initializer | InitializerFunction | null;
export function get(identifier: unknown, customObjects?: CustomObjects): Initializer | InitializerFunction | null {
  checkCount("initializers.get", arguments.length, 2);
  return registry.get(identifier, customObjects);
}

/**
 * Saves an initializer as JSON that {@link deserialize} reads, and Keras in Python too if it is built in. Of a function
 * the name is saved.
 *
 * @param initializer - The initializer, or a function used as one.
 * @returns `{ module, class_name, config, registered_name }`, ready for `JSON.stringify`
 * @throws ValueError ERR_NOT_IMPLEMENTED for a constructor that takes arguments which `getConfig` does not return
 * @throws TypeError ERR_OPTION_TYPE for anything else; ValueError ERR_CONFIG_INVALID for a function or a custom class
 * without a name
 */
export function serialize(initializer: Initializer | InitializerFunction): Saved {
  checkOne("initializers.serialize", arguments);
  return registry.serialize(initializer as Initializer);
}

/**
 * Creates an initializer from JSON written by {@link serialize} or by Keras in Python.
 *
 * @param json - `{ class_name, config }`; `config` may be missing.
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @returns the initializer, or the function if the JSON names one
 * @throws TypeError ERR_CONFIG_INVALID for anything but such an object; ValueError ERR_CONFIG_UNKNOWN_CLASS for an
 * unknown class; the errors of the class's constructor for its arguments
 */
export function deserialize<T extends Initializer | InitializerFunction = Initializer>(
  json: JSONOf<InitializerClassName>,
  customObjects?: CustomObjects,
): T {
  checkCount("initializers.deserialize", arguments.length, 2);
  return registry.deserialize(json, customObjects) as T;
}
