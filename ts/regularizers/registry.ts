/**
 * The built-in regularizers by name, and regularizers as Keras's JSON.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { ClassRegistry, type Saved } from "../class-registry.js";
import { type CustomObjects, functionSaving } from "../custom-objects.js";
import { refuseOtherFamily } from "../families.js";
import { checkCount, checkOne } from "../options.js";
import { checkSavedArguments } from "../saved-arguments.js";
import type { AnyName, JSONOf, NamedConfig, NamesOf } from "../spellings.js";
import type { Tensor } from "../tensor.js";
import { L1, L1L2, L2 } from "./norms.js";
import { OrthogonalRegularizer } from "./orthogonal-regularizer.js";
import { Regularizer } from "./regularizer.js";

/** A function used as a regularizer. */
export type RegularizerFunction = (x: Operand) => Tensor<"float32">;

/** Keras's names of the built-in classes. */
export type RegularizerClassName = "L1" | "L2" | "L1L2" | "OrthogonalRegularizer";

/** The name of a regularizer: a built-in one, in snake or camel case, or a custom one. */
export type RegularizerName = NamesOf<RegularizerClassName> | AnyName;

/** A regularizer, its name in any spelling, its class, a config, or a function. */
export type RegularizerIdentifier =
  | Regularizer
  | RegularizerFunction
  | (new () => Regularizer)
  | RegularizerName
  | Saved
  | NamedConfig<RegularizerClassName>;

const registry = new ClassRegistry<Regularizer, RegularizerFunction>({
  kind: "regularizer",
  family: "regularizers",
  refuseOther: refuseOtherFamily,
  module: "keras.regularizers",
  base: Regularizer,
  baseName: "Regularizer",
  functions: functionSaving,
  checkSaved: checkSavedArguments,
  classes: () => [L1, L2, L1L2, OrthogonalRegularizer],
});

/** Returns `null`, for no regularizer. */
export function get(identifier: null | undefined, customObjects?: CustomObjects): null;
/** Returns the regularizer, or the function, that was passed. */
export function get<T extends Regularizer | RegularizerFunction>(identifier: T, customObjects?: CustomObjects): T;
/**
 * Returns the regularizer for an identifier.
 *
 * @param identifier - A regularizer or a function (returned as is), a name such as `"l2"` or a class (made with default
 * options), a config of {@link serialize} or of Python's Keras, or `null` (returned as is).
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @returns the regularizer, or the function; `null` for `null` and `undefined`
 * @throws ValueError ERR_CONFIG_UNKNOWN_CLASS for an unknown name, ERR_CONFIG_INVALID for anything else; the errors of
 * the class's constructor for a bad config
 * @see [Keras: regularizers](https://keras.io/api/layers/regularizers/)
 * @example
 * ```ts
 * import { regularizers } from "gradstep";
 *
 * const regularizer = regularizers.get("l2");
 * console.log((regularizer as regularizers.L2).l2); // 0.01
 * ```
 */
export function get(
  identifier: RegularizerIdentifier,
  customObjects?: CustomObjects,
): Regularizer | RegularizerFunction;
/** Returns the regularizer for an identifier, `null` for none. */
export function get(
  identifier: RegularizerIdentifier | null | undefined,
  customObjects?: CustomObjects,
): Regularizer | RegularizerFunction | null;
export function get(identifier: unknown, customObjects?: CustomObjects): Regularizer | RegularizerFunction | null {
  checkCount("regularizers.get", arguments.length, 2);
  return registry.get(identifier, customObjects);
}

/**
 * Saves a regularizer as JSON that {@link deserialize} reads, and Keras in Python too if it is built in. Of a function
 * the name is saved.
 *
 * @param regularizer - The regularizer, or a function used as one.
 * @returns `{ module, class_name, config, registered_name }`, ready for `JSON.stringify`
 * @throws ValueError ERR_NOT_IMPLEMENTED for a constructor that takes arguments which `getConfig` does not return
 * @throws TypeError ERR_OPTION_TYPE for anything else; ValueError ERR_CONFIG_INVALID for a function or a custom class
 * without a name
 */
export function serialize(regularizer: Regularizer | RegularizerFunction): Saved {
  checkOne("regularizers.serialize", arguments);
  return registry.serialize(regularizer as Regularizer);
}

/**
 * Creates a regularizer from JSON written by {@link serialize} or by Keras in Python.
 *
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @param json - `{ class_name, config }`; `config` may be missing.
 * @returns the regularizer, or the function if the JSON names one
 * @throws TypeError ERR_CONFIG_INVALID for anything but such an object; ValueError ERR_CONFIG_UNKNOWN_CLASS for an
 * unknown class; the errors of the class's constructor for its arguments
 */
export function deserialize<T extends Regularizer | RegularizerFunction = Regularizer>(
  json: JSONOf<RegularizerClassName>,
  customObjects?: CustomObjects,
): T {
  checkCount("regularizers.deserialize", arguments.length, 2);
  return registry.deserialize(json, customObjects) as T;
}
