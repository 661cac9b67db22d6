/**
 * Thresholds above which a prediction is positive.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { entriesOf, isList, shown } from "../options.js";

/** One threshold or several. */
export type ThresholdsOption = number | readonly number[] | null;

/** Thresholds, and whether predictions may be sorted into buckets between them. */
export interface Thresholds {
  readonly values: readonly number[];
  /** Whether thresholds go from 0 to 1 in even steps: then predictions are counted by bucket, not by threshold. */
  readonly even: boolean;
  /** The outer ones are outside of 0 and 1, so every prediction is between two. */
  readonly beyond: boolean;
}

/** @throws ValueError for thresholds that are not in [0, 1] */
export function checkedThresholds(owner: string, given: unknown, fallback: number): Thresholds {
  if (given === null || given === undefined) return { values: [fallback], even: false, beyond: false };
  const values: unknown[] = isList(given) ? [...(entriesOf(given) ?? [])] : [given];
  for (const value of values) {
    if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `${owner}: "thresholds" must be a number from 0 to 1 or a list of them, got ${shown(value)}.`,
      );
    }
  }
  if (values.length === 0) {
    throw new ValueError("ERR_OPTION_RANGE", `${owner}: "thresholds" must have at least one number, got none.`);
  }
  return { values: values as number[], even: isEven(values as number[]), beyond: false };
}

/** Whether thresholds go from 0 to 1 in even steps, by Keras's test. */
export function isEven(values: readonly number[]): boolean {
  if (values.length < 3) return false;
  return values.every((value, i) => {
    const even = Math.fround(i / (values.length - 1));
    return Math.abs(value - even) <= 1e-7 + 1e-5 * even;
  });
}
