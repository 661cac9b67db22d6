/**
 * The built-in constraints by name, and constraints as Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type CustomClasses, type Saved } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { shown } from "../options.js";
import type { Constraint as ConstraintFunction } from "../variable.js";
import { Constraint } from "./constraint.js";
import { MaxNorm, MinMaxNorm, NonNeg, UnitNorm } from "./norms.js";

/** What names a constraint: one, its name in any spelling, a config, or a function. */
export type ConstraintIdentifier = Constraint | ConstraintFunction | string | Saved | { readonly class_name: string };

const registry = new ClassRegistry<Constraint>({
  kind: "constraint",
  module: "keras.constraints",
  base: () => Constraint,
  classes: () => [MaxNorm, NonNeg, UnitNorm, MinMaxNorm],
});

/**
 * A constraint from whatever names one.
 *
 * @param identifier - A constraint or a function (given back), a name such as `"nonNeg"` (made with default
 * options), a config of {@link serialize} or of Python's Keras, or `null` (given back).
 * @throws ValueError for an unknown name and anything else
 */
export function get(identifier: null | undefined): null;
export function get<T extends Constraint | ConstraintFunction>(identifier: T): T;
export function get(identifier: ConstraintIdentifier): Constraint | ConstraintFunction;
export function get(identifier: ConstraintIdentifier | null | undefined): Constraint | ConstraintFunction | null;
export function get(identifier: unknown): Constraint | ConstraintFunction | null {
  if (identifier === null || identifier === undefined) return null;
  if (identifier instanceof Constraint) return identifier;
  if (typeof identifier === "string") return registry.find(identifier).fromConfig({});
  if (typeof identifier === "function") return identifier as ConstraintFunction;
  if (typeof identifier === "object" && !Array.isArray(identifier)) return deserialize(identifier);
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `constraints.get takes a constraint, the name of one, a function, or { class_name, config }, got ${shown(identifier)}.`,
  );
}

/** A constraint as JSON that {@link deserialize} reads, and Python's Keras too if it is a built-in one. */
export function serialize(constraint: Constraint): Saved {
  return registry.serialize(constraint);
}

/**
 * Makes a constraint from JSON of {@link serialize} or of Python's Keras.
 *
 * @throws TypeError for something that is no such object; ValueError for an unknown class, and for arguments
 * that the class refuses
 */
export function deserialize(json: unknown, customObjects: CustomClasses<Constraint> = {}): Constraint {
  return registry.deserialize(json, customObjects);
}
