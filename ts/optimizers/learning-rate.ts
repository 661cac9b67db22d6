/**
 * Learning rates: numbers, schedules and functions.
 *
 * @module
 */

import { isA, isCallable } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import type { InPlaceOfOptions } from "../named-options.js";
import { finiteNumber, shown } from "../options.js";
import { LearningRateSchedule } from "../schedules/schedule.js";

/** A number, a schedule of the step, or a function that is called before each step. */
export type LearningRate = number | LearningRateSchedule | InPlaceOfOptions<() => number>;

/** Checks a caller's learning rate. Numbers are rounded to float32, as Keras stores them. */
export function checkedLearningRate(owner: string, rate: unknown): LearningRate {
  if (typeof rate === "number") {
    return Math.fround(finiteNumber(owner, "learningRate", rate));
  }
  if (isA(rate, LearningRateSchedule) || isCallable(rate)) return rate as LearningRate;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "${argumentName("learningRate")}" must be a number, a LearningRateSchedule or a function without arguments, got ${shown(rate)}.`,
  );
}

/** The rate for the call after `calls` calls. Schedules count calls, including those that only accumulate. */
export function rateAt(owner: string, rate: LearningRate, calls: number): number {
  if (typeof rate === "number") return rate;
  const value: unknown = typeof rate === "function" ? rate() : rate.at(calls);
  const rounded = typeof value === "number" ? Math.fround(value) : Number.NaN;
  if (!Number.isFinite(rounded)) {
    const source = typeof rate === "function" ? "function" : "schedule";
    const expected = Number.isFinite(value) ? "a number within float32, below 3.4e38" : "a finite number";
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `${owner}: the learning rate's ${source} must return ${expected}, got ${shown(value)} after ${calls} steps.`,
    );
  }
  return rounded;
}

/** The rate that replaces `old`. As in Keras, a number cannot replace a schedule. */
export function replacedRate(owner: string, old: LearningRate, next: unknown): LearningRate {
  if (typeof next === "number" && typeof old !== "number") {
    const made = typeof old === "function" ? "function" : "schedule";
    throw new ArgumentTypeError(
      "ERR_LEARNING_RATE_FIXED",
      `${owner} was made with a ${made} as its learning rate, so a number cannot be set. Set another schedule or function, or make the optimizer with a number.`,
    );
  }
  return checkedLearningRate(owner, next);
}
