/**
 * Getters of our classes: assignments to them, and reading them without their object, throw our errors. JavaScript's have
 * no code, and scripts that are not modules get none for an assignment.
 *
 * @module
 */

import { COPY } from "./copies.js";
import { ArgumentTypeError } from "./errors.js";

/** Whether all getters of a class are guarded, or only those that override others. */
const guarded = new WeakMap<object, boolean>();

/** Getters that are read in each operation, which check their object themselves, and marks of our objects. */
const READ_OFTEN = /^(value|numbers|address|arena|changed|gradstepCopy|__v_skip)$/;

/** Guards all getters of a class and its base classes. */
export function refuseAssignments(prototype: object): void {
  for (let at = prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) guard(at, true);
}

/**
 * Guards the getters of a new object's class, for constructors: all of `ours`, and those of subclasses that override
 * them.
 */
export function guardNew(made: object, ...ours: readonly object[]): void {
  let at = Object.getPrototypeOf(made) as object;
  for (; !guarded.has(at) && at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    guard(at, ours.includes(at));
  }
}

/** Guards the getters of one class, or only those that override getters of its base class. */
export function guard(at: object, isBuiltIn: boolean): void {
  if (guarded.get(at) === true || guarded.get(at) === isBuiltIn) return;
  guarded.set(at, isBuiltIn);
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
    const { get, set, configurable } = descriptor;
    if (get === undefined || configurable !== true) continue;
    if (!(isBuiltIn || name in Object.getPrototypeOf(at))) continue;
    const refuse = function (this: object): never {
      throw new ArgumentTypeError("ERR_NOT_IMPLEMENTED", `${labelOf(this)}: "${name}" can only be read.`);
    };
    Object.defineProperty(at, name, {
      ...descriptor,
      get: READ_OFTEN.test(name) ? get : checked(name, get),
      set: set ?? refuse,
    });
  }
}

/** The getter, which refuses to be read without its object. */
function checked(name: string, get: () => unknown): () => unknown {
  return function (this: { readonly gradstepCopy?: unknown } | undefined | null): unknown {
    if (this?.gradstepCopy === COPY) return get.call(this);
    return refuseRead(name);
  };
}

function refuseRead(name: string): never {
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `"${name}" was read without its object: write object.${name}.`);
}

/** The name of an object for messages, or that of its class. */
export function labelOf(owner: unknown): string {
  const { name, constructor: made } = (owner ?? {}) as {
    readonly name?: unknown;
    readonly constructor?: { name?: unknown };
  };
  return String(name ?? made?.name);
}
