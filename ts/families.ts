/**
 * Objects and classes of another family than the one that a `get` looks in.
 *
 * @module
 */

import { isA, isReadable, isUnreadable } from "./brands.js";
import { COPY } from "./copies.js";
import { ValueError } from "./errors.js";
import { article } from "./names.js";

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

/** The family whose `get` was called. */
export interface Family {
  /** The name of its namespace: `losses`. */
  readonly family: string;
  /** In the singular: `loss`. */
  readonly kind: string;
  /** The base of its classes. */
  readonly base: abstract new (
    ...args: never[]
  ) => object;
}

/**
 * Refuses an object or a class of another family.
 *
 * @param isBuiltIn - Whether the family has a built-in class of this name.
 * @throws ValueError
 */
export function refuseOtherFamily(
  { family, kind, base }: Family,
  given: unknown,
  isBuiltIn: (className: string) => boolean,
): void {
  if (isUnreadable(given)) return;
  const isClass = typeof given === "function";
  const object: unknown = isClass ? given.prototype : given;
  if (!isReadable(object) || isA(object, base) || object === base.prototype) return;
  if ((object as { readonly gradstepCopy?: unknown }).gradstepCopy !== COPY) return;
  const { className } = given as { readonly className?: unknown };
  if (typeof className !== "string") return;
  const other = SIGNS.find(([method]) => method in object)?.[1];
  const got = other === undefined ? `${className}, of another family` : `the ${other} ${className}`;
  const wanted = article(kind);
  const cure = isBuiltIn(className) ? `Write ${family}.${className}.` : `Pass ${wanted}, or the name of one.`;
  throw new ValueError("ERR_CONFIG_INVALID", `${family}.get takes ${wanted}, got ${got}. ${cure}`);
}
