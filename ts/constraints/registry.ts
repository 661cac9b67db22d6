/**
 * The built-in constraints by name, and constraints as Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type Saved } from "../class-registry.js";
import { type CustomObjects, functionSaving } from "../custom-objects.js";
import { refuseOtherFamily } from "../families.js";
import { checkCount, checkOne } from "../options.js";
import { checkSavedArguments } from "../saved-arguments.js";
import type { AnyName, JSONOf, NamedConfig, NamesOf } from "../spellings.js";
import type { Constraint as ConstraintFunction } from "../variable.js";
import { Constraint } from "./constraint.js";
import { MaxNorm, MinMaxNorm, NonNeg, UnitNorm } from "./norms.js";

/** Keras's names of the built-in classes. */
export type ConstraintClassName = "MaxNorm" | "NonNeg" | "UnitNorm" | "MinMaxNorm";

/** The name of a constraint: a built-in one, in snake or camel case, or a custom one. */
export type ConstraintName = NamesOf<ConstraintClassName> | AnyName;

/** A constraint, its name in any spelling, its class, a config, or a function. */
export type ConstraintIdentifier =
  | Constraint
  | ConstraintFunction
  | (new () => Constraint)
  | ConstraintName
  | Saved
  | NamedConfig<ConstraintClassName>;

const registry = new ClassRegistry<Constraint, ConstraintFunction>({
  kind: "constraint",
  family: "constraints",
  refuseOther: refuseOtherFamily,
  module: "keras.constraints",
  base: Constraint,
  baseName: "Constraint",
  functions: functionSaving,
  checkSaved: checkSavedArguments,
  classes: () => [MaxNorm, NonNeg, UnitNorm, MinMaxNorm],
});

/** Returns `null`, for no constraint. */
export function get(identifier: null | undefined, customObjects?: CustomObjects): null;
/** Returns the constraint, or the function, that was passed. */
export function get<T extends Constraint | ConstraintFunction>(identifier: T, customObjects?: CustomObjects): T;
/**
 * Returns the constraint for an identifier.
 *
 * @param identifier - A constraint or a function (returned as is), a name such as `"nonNeg"` or a class (made with default
 * options), a config of {@link serialize} or of Python's Keras, or `null` (returned as is).
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @returns the constraint, or the function; `null` for `null` and `undefined`
 * @throws ValueError ERR_CONFIG_UNKNOWN_CLASS for an unknown name, ERR_CONFIG_INVALID for anything else; the errors of
 * the class's constructor for a bad config
 * @see [Keras: constraints](https://keras.io/api/layers/constraints/)
 * @example
 * ```ts
 * import { constraints } from "gradstep";
 *
 * const constraint = constraints.get("max_norm");
 * console.log((constraint as constraints.MaxNorm).maxValue); // 2
 * ```
 */
export function get(identifier: ConstraintIdentifier, customObjects?: CustomObjects): Constraint | ConstraintFunction;
/** Returns the constraint for an identifier, `null` for none. */
export function get(
  identifier: ConstraintIdentifier | null | undefined,
  customObjects?: CustomObjects,
): Constraint | ConstraintFunction | null;
export function get(identifier: unknown, customObjects?: CustomObjects): Constraint | ConstraintFunction | null {
  checkCount("constraints.get", arguments.length, 2);
  return registry.get(identifier, customObjects);
}

/**
 * Saves a constraint as JSON that {@link deserialize} reads, and Keras in Python too if it is built in. Of a function
 * the name is saved.
 *
 * @param constraint - The constraint, or a function used as one.
 * @returns `{ module, class_name, config, registered_name }`, ready for `JSON.stringify`
 * @throws ValueError ERR_NOT_IMPLEMENTED for a constructor that takes arguments which `getConfig` does not return
 * @throws TypeError ERR_OPTION_TYPE for anything else; ValueError ERR_CONFIG_INVALID for a function or a custom class
 * without a name
 */
export function serialize(constraint: Constraint | ConstraintFunction): Saved {
  checkOne("constraints.serialize", arguments);
  return registry.serialize(constraint as Constraint);
}

/**
 * Creates a constraint from JSON written by {@link serialize} or by Keras in Python.
 *
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @param json - `{ class_name, config }`; `config` may be missing.
 * @returns the constraint, or the function if the JSON names one
 * @throws TypeError ERR_CONFIG_INVALID for anything but such an object; ValueError ERR_CONFIG_UNKNOWN_CLASS for an
 * unknown class; the errors of the class's constructor for its arguments
 */
export function deserialize<T extends Constraint | ConstraintFunction = Constraint>(
  json: JSONOf<ConstraintClassName>,
  customObjects?: CustomObjects,
): T {
  checkCount("constraints.deserialize", arguments.length, 2);
  return registry.deserialize(json, customObjects) as T;
}
