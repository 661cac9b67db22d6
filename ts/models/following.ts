/**
 * Schedules that follow a value of the logs.
 *
 * @module
 */

import type { Logs } from "../callbacks/callback.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { followingOf } from "../optimizers/rate-state.js";
import { warnOnce } from "../warnings.js";

/** Passes the logs of an epoch to the schedules of an optimizer. */
export function followLogs(owner: string, optimizer: Optimizer, logs: Logs): void {
  for (const schedule of new Set(followingOf(optimizer))) {
    const { monitor } = schedule;
    if (monitor === null) continue;
    const value = logs[monitor];
    if (typeof value === "number") schedule.update(value);
    else {
      warnOnce(
        schedule,
        `${owner}: the schedule of the learning rate monitors "${monitor}", but the logs lack such a number. They contain: ${Object.keys(logs).join(", ")}. Set its "monitor" to one of these, or to null and call update(value).`,
      );
    }
  }
}
