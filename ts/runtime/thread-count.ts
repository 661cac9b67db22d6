/**
 * Numbers of threads, as passed by callers.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";

/** The maximum number of threads: more chunks would not make kernels faster. */
const MOST = 32;

/** A number of threads, or "auto". `owner` begins the message. @throws ValueError, TypeError for anything else */
export function threadCount(owner: string, threads: unknown): number | "auto" {
  if (threads === "auto") return threads;
  const message = `${owner} a whole number from 1 to ${MOST}, or "auto", got ${shown(threads)}.`;
  if (typeof threads !== "number") throw new ArgumentTypeError("ERR_OPTION_TYPE", message);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST) return threads;
  throw new ValueError("ERR_OPTION_RANGE", message);
}
