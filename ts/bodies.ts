/**
 * User functions that must be synchronous: no tape records what a promise does later.
 *
 * @module
 */

import { isCallable, isPlain, isThenable } from "./brands.js";
import { ArgumentTypeError } from "./errors.js";
import { isList, shown } from "./options.js";

const UNFIT = /^\[object (Async|Generator|AsyncGenerator)Function\]$/;

/** Calls `body`, and returns its result. @throws TypeError for an async function, a generator function, or a promise as the result */
export function runBody<T>(owner: string, body: () => T): T {
  checkBody(owner, body);
  return settled(owner, body());
}

/** Refuses anything but a synchronous function, without calling it. @throws TypeError */
export function checkBody(owner: string, body: unknown): void {
  if (isArrow(body)) return;
  if (!isCallable(body)) {
    throw new ArgumentTypeError(
      "ERR_TAPE",
      `${owner} takes a function, which computes with operations, got ${shown(body)}.`,
    );
  }
  if (UNFIT.test(Object.prototype.toString.call(body))) refuse(owner, "an async or a generator function");
}

/** Whether it is a synchronous arrow function, as most bodies are: these have no `prototype`. */
function isArrow(body: unknown): boolean {
  try {
    return (
      typeof body === "function" &&
      Object.getPrototypeOf(body) === Function.prototype &&
      !Object.hasOwn(body, "prototype")
    );
  } catch {
    // A proxy that was revoked.
    return false;
  }
}

/** `result`, unless it is a promise, or a list or an object of results with one. @throws TypeError */
export function settled<T>(owner: string, result: T): T {
  if (isLater(result)) refuse(owner, "one that returns a promise");
  if (holdsLater(result, 4)) refuse(owner, "one that returns a list or an object with a promise");
  return result;
}

/** Whether there is a promise in so many levels of lists and objects, which may contain themselves. */
function holdsLater(result: unknown, levels: number): boolean {
  if (levels === 0 || !(isList(result) || isPlain(result))) return false;
  const members: ArrayLike<unknown> = isList(result) ? result : Object.values(result);
  let found = false;
  // All of them, since each rejected promise needs a listener. There may be a million numbers.
  for (let at = 0; at < members.length; at++) {
    const one = members[at];
    if ((typeof one === "object" && one !== null) || typeof one === "function") {
      found = isLater(one) || holdsLater(one, levels - 1) || found;
    }
  }
  return found;
}

/** Whether a function's result is a promise, which the caller refuses. Adds a listener, because it may reject later. */
export function isLater(result: unknown): boolean {
  if (!isThenable(result)) return false;
  Promise.resolve(result).catch(() => undefined);
  return true;
}

function refuse(owner: string, got: string): never {
  throw new ArgumentTypeError(
    "ERR_TAPE",
    `${owner} takes a synchronous function, got ${got}. Code after its first await would not be part of the step: await data first, and compute in a plain function.`,
  );
}
