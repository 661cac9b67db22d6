/**
 * Options that are numbers or schedules.
 *
 * @module
 */

import { isA } from "../brands.js";
import { configValue } from "../keras-names.js";
import { numberIn, type Range } from "../options.js";
import { LearningRateSchedule } from "../schedules/schedule.js";

/** A number, or a schedule of the updates so far, evaluated before each step: see docs/schedules.md. */
export type Scheduled = number | LearningRateSchedule;

/** An option that is a schedule. */
export interface ScheduledOption {
  readonly name: string;
  readonly schedule: LearningRateSchedule;
  readonly range: Range;
}

/** Whether a value is a schedule of this copy of gradstep. */
export function isSchedule(value: unknown): value is LearningRateSchedule {
  return isA(value, LearningRateSchedule);
}

/**
 * A number in a range, or a schedule, whose numbers are checked when they are used. Configs contain schedules as JSON.
 */
export function scheduledIn(owner: string, name: string, value: unknown, range: Range): Scheduled {
  const made = configValue(value);
  return isSchedule(made) ? made : numberIn(owner, name, made, range);
}

/** The number of an option after `updates` updates. @throws ValueError, TypeError for a number out of range */
export function numberAt(owner: string, { name, schedule, range }: ScheduledOption, updates: number): number {
  return numberIn(owner, name, schedule.at(updates), range);
}

/** The options of `values` that are schedules. */
export function scheduledOptions(values: object, ranges: Readonly<Record<string, Range>>): ScheduledOption[] {
  return Object.entries(values).flatMap(([name, schedule]) =>
    isSchedule(schedule) ? [{ name, schedule, range: ranges[name]! }] : [],
  );
}
