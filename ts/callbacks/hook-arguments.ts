/**
 * Checks of the arguments of hooks, because custom loops and subclasses also call them.
 *
 * @module
 */

import { isReadable } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";
import { integer, isList, shown } from "../options.js";
import type { Logs } from "./callback.js";

/** The logs of a hook, empty for `null`, as in Keras. @throws TypeError for anything but an object */
export function givenLogs(owner: string, logs: unknown): Logs {
  if (logs === undefined || logs === null) return {};
  if (isReadable(logs) && !isList(logs)) return logs as Logs;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "logs" must be an object of numbers by name, such as { loss: 0.5 }, got ${shown(logs)}.`,
  );
}

/** The number of an epoch, or of a batch. @throws ValueError, TypeError for anything but a whole number from 0 */
export function givenCount(owner: string, name: "epoch" | "batch", count: unknown): number {
  return integer(owner, name, count, 0);
}
