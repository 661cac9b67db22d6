/**
 * User functions that must be done when they return: what a promise does later is recorded by no tape.
 *
 * @module
 */

import { isCallable, isThenable } from "./brands.js";
import { ArgumentTypeError } from "./errors.js";
import { isList, shown } from "./options.js";

const UNFIT = /^\[object (Async|Generator|AsyncGenerator)Function\]$/;

/** Calls `body`, and returns its result. @throws TypeError for an async function, a generator function, or a promise as the result */
export function runBody<T>(owner: string, body: () => T): T {
  checkBody(owner, body);
  return settled(owner, body());
}

/** Refuses what is no function that can be done when it returns. It is not called. @throws TypeError */
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

/** Whether it is what most bodies are, an arrow function that is not async: those have no `prototype`. */
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

/** `result`, unless it is a promise, or a list of results with one. @throws TypeError */
export function settled<T>(owner: string, result: T): T {
  if (isLater(result)) refuse(owner, "one that returns a promise");
  // All of them, since each that fails needs a listener.
  if (isList(result) && result.filter(isLater).length > 0) refuse(owner, "one that returns a list with a promise");
  return result;
}

/** Whether a function's result is a promise, which the caller refuses: it may fail later, and then has a listener. */
export function isLater(result: unknown): boolean {
  if (!isThenable(result)) return false;
  Promise.resolve(result).catch(() => undefined);
  return true;
}

function refuse(owner: string, got: string): never {
  throw new ArgumentTypeError(
    "ERR_TAPE",
    `${owner} takes a synchronous function, got ${got}. What runs after its first await would not belong to the step: await data first, and compute in a plain function.`,
  );
}
