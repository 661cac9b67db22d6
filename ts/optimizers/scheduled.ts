/**
 * Options that are numbers or schedules.
 *
 * @module
 */

import { isA } from "../brands.js";
import { ValueError } from "../errors.js";
import { argumentName, configValue } from "../keras-names.js";
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
 *
 * @throws ValueError ERR_OPTION_CONFLICT for a schedule that follows a loss, and those of the range
 */
export function scheduledIn(owner: string, name: string, value: unknown, range: Range): Scheduled {
  const made = configValue(value);
  if (!isSchedule(made)) return numberIn(owner, name, made, range);
  if (!made.following?.length) return made;
  // Only the state of the learning rate's schedules is passed values, saved and moved.
  throw new ValueError(
    "ERR_OPTION_CONFLICT",
    `${owner}: "${argumentName(name)}" cannot contain ReduceOnPlateau, which works only in "learningRate". Pass another schedule or a number.`,
  );
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
