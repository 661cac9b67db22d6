/**
 * Values that cannot be cloned, and so cannot be sent to another thread.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.js";
import { textOf } from "./errors-on-the-wire.js";

/** @param what - The subject of the message, in the plural: `"The arguments of fit"`. */
export function unsendable(what: string, cause: unknown): ArgumentTypeError {
  return new ArgumentTypeError(
    "ERR_NOT_SENDABLE",
    `${what} cannot be sent between threads: ${textOf(cause).replace(/\.$/, "")}. Functions, symbols, proxies and objects of the platform stay on their thread: use numbers, strings, and plain objects and arrays of them.`,
    { cause },
  );
}
