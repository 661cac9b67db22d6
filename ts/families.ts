/**
 * Objects and classes of another family than the one that a `get` looks in.
 *
 * @module
 */

import { isA, isReadable, isUnreadable } from "./brands.js";
import { COPY } from "./copies.js";
import { ValueError } from "./errors.js";

/** A method that only one family has, and the family's kind. The first that is found counts: models are layers. */
const SIGNS: readonly (readonly [method: string, kind: string])[] = [
  ["updateState", "metric"],
  ["applyGradients", "optimizer"],
  ["compile", "model"],
  ["addWeight", "layer"],
  ["labelRange", "loss"],
  ["at", "schedule"],
  ["setParams", "callback"],
  ["asFunction", "constraint"],
];

/** A family, as its `get` knows it. */
export interface Family {
  /** In the singular: `loss`. */
  readonly kind: string;
  /** The base of its classes. */
  readonly base: abstract new (
    ...args: never[]
  ) => object;
  readonly builtIn: (className: string) => unknown;
}

/**
 * Refuses an object or a class of another family.
 *
 * @param name - The family's: `losses`.
 * @throws ValueError
 */
export function refuseOtherFamily(name: string, { kind, base, builtIn }: Family, given: unknown): void {
  if (isUnreadable(given)) return;
  const isClass = typeof given === "function";
  const object: unknown = isClass ? given.prototype : given;
  if (!isReadable(object) || isA(object, base) || object === base.prototype) return;
  if ((object as { readonly gradstepCopy?: unknown }).gradstepCopy !== COPY) return;
  const { className } = given as { readonly className?: unknown };
  if (typeof className !== "string") return;
  const other = SIGNS.find(([method]) => method in object)?.[1];
  const got = other === undefined ? `${className}, of another family` : `the ${other} ${className}`;
  const wanted = `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
  const cure = builtIn(className) === undefined ? `Pass ${wanted}, or the name of one.` : `Write ${name}.${className}.`;
  throw new ValueError("ERR_CONFIG_INVALID", `${name}.get takes ${wanted}, got ${got}. ${cure}`);
}
