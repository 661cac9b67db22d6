/**
 * The number in the logs that a callback or a schedule monitors.
 *
 * @module
 */

import { warnOnce } from "../warnings.js";
import type { Logs } from "./callback.js";

/**
 * Returns the number of this name; if the logs have none, warns once per `key` and returns `undefined`.
 *
 * @param cure - A sentence for the warning.
 */
export function monitoredNumber(
  key: object,
  owner: string,
  name: string,
  logs: Logs,
  cure: string,
): number | undefined {
  const value = logs[name];
  if (typeof value === "number") return value;
  const known = Object.keys(logs).join(", ");
  warnOnce(key, `${owner}: there is no number "${name}" in the logs. They contain: ${known}. ${cure}`);
  return undefined;
}
