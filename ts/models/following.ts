/**
 * Schedules that follow a value of the logs.
 *
 * @module
 */

import type { Logs } from "../callbacks/callback.js";
import { monitoredNumber } from "../callbacks/monitored-number.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { followingOf } from "../optimizers/rate-state.js";

const CURE = 'Set its "monitor" to one of these, or to null and call update(value).';

/** Passes the logs of an epoch to the schedules of an optimizer. */
export function followLogs(owner: string, optimizer: Optimizer, logs: Logs): void {
  for (const schedule of new Set(followingOf(optimizer))) {
    const { monitor } = schedule;
    if (monitor === null) continue;
    const value = monitoredNumber(schedule, `${owner}: the learning-rate schedule`, monitor, logs, CURE);
    if (value !== undefined) schedule.update(value);
  }
}
