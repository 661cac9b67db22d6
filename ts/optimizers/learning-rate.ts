/**
 * What an optimizer's learning rate can be.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";
import { LearningRateSchedule } from "../schedules/schedule.js";

/** A number, a schedule of the step, or a function that is asked before each step. */
export type LearningRate = number | LearningRateSchedule | (() => number);

/** Checks a learning rate that a caller gave. Numbers are rounded to float32, as Keras stores them. */
export function checkedLearningRate(owner: string, rate: unknown): LearningRate {
  if (typeof rate === "number") {
    if (!Number.isFinite(rate)) {
      throw new ValueError("ERR_OPTION_RANGE", `${owner}: "learningRate" must be a finite number, got ${rate}.`);
    }
    return Math.fround(rate);
  }
  if (rate instanceof LearningRateSchedule || typeof rate === "function") return rate as LearningRate;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "learningRate" must be a number, a LearningRateSchedule or a function without arguments, got ${shown(rate)}.`,
  );
}

/** The rate for the call after `calls` calls. Schedules count calls, also those that only accumulate. */
export function rateAt(owner: string, rate: LearningRate, calls: number): number {
  if (typeof rate === "number") return rate;
  const value: unknown = typeof rate === "function" ? rate() : rate.at(calls);
  if (typeof value !== "number" || !Number.isFinite(value)) {
    const source = typeof rate === "function" ? "function" : "schedule";
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `${owner}: the learning rate's ${source} must give a finite number, got ${shown(value)} after ${calls} steps.`,
    );
  }
  return Math.fround(value);
}

/** The rate that replaces `old`. Keras refuses a number over a schedule, and so do we. */
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
