/**
 * Objects of another copy of gradstep: two installs, or two bundles on one page. They look like ours, but their
 * numbers are in another WebAssembly memory.
 *
 * @module
 */

import { ArgumentTypeError } from "./errors.js";

/**
 * Identity of this copy, on the prototype of every base class, as `gradstepCopy`. `__v_skip`, which Vue's `markRaw`
 * also sets, keeps `reactive` and `ref` from wrapping an object: a proxy has no private fields.
 */
export const COPY: symbol = /* @__PURE__ */ Symbol("gradstep");

/** Whether an object or a class comes from another copy of gradstep. */
export function isOfOtherCopy(value: unknown): boolean {
  try {
    const object: unknown = typeof value === "function" ? value.prototype : value;
    if (typeof object !== "object" || object === null) return false;
    const { gradstepCopy } = object as { gradstepCopy?: unknown };
    return gradstepCopy !== undefined && gradstepCopy !== COPY;
  } catch {
    // A user's getter or proxy.
    return false;
  }
}

/** Whether a value may have private fields. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether an object comes from this copy and has such a property. */
export function isOurs<T extends object>(value: unknown, property: string & keyof T): value is T {
  try {
    return (value as { gradstepCopy?: unknown }).gradstepCopy === COPY && property in (value as T);
  } catch {
    return false;
  }
}

/** Text after the name of an object's class in a message. */
export const OTHER_COPY =
  "from another copy of gradstep: `npm ls gradstep` lists the copies, and a bundler merges them with its dedupe option";

/**
 * Refuses an object of another copy, which would be mistaken for something else.
 *
 * @param what - The subject of the message: `fit: "x"`.
 * @throws TypeError
 */
export function checkSameCopy(what: string, value: unknown): void {
  if (isOfOtherCopy(value)) throw new ArgumentTypeError("ERR_OTHER_COPY", `${what} is ${OTHER_COPY}.`);
}

/**
 * Refuses a proxy, which looks like the object but has no private fields.
 *
 * @throws TypeError
 */
export function refuseProxy(what: string): never {
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `Pass the ${what} itself, not a proxy (toRaw, markRaw).`);
}

/** A field that the constructor of a `what` sets. @throws TypeError when no constructor made the object */
export function ofMade<T>(what: string, field: T | undefined): T {
  return field ?? refuseProxy(what);
}
