/**
 * Counters of an optimizer's state: numbers in JavaScript, arrays where state is read or written.
 *
 * Keras counts in int32, or in int64 on TensorFlow. Here a counter goes up to 2^53 - 1, the last integer that has a
 * successor in float64. It is returned as an Int32Array if it fits, and as a Float64Array from 2^31 on.
 *
 * @module
 */

import { isFloat64Array } from "./brands.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import type { Float64s, Int32s } from "./platform-types.js";
import { fitting, readNumbers } from "./values.js";

/** The element type of a counter: int32 below 2^31, then float64. */
export type CounterDType = "int32" | "float64";

const MOST_INT32 = 2 ** 31 - 1;
/** The largest counter. */
const MOST = Number.MAX_SAFE_INTEGER;

/** The element type that holds a count. */
export function counterDType(count: number): CounterDType {
  return count > MOST_INT32 ? "float64" : "int32";
}

/** A count as an array of one number. */
export function counterArray(count: number): Int32s | Float64s {
  return counterDType(count) === "int32" ? Int32Array.of(count) : Float64Array.of(count);
}

/**
 * A count from the caller: a number, or an array of one number, of the type that {@link counterArray} returns.
 *
 * @throws ValueError, TypeError
 */
export function readCount(label: string, values: unknown): number {
  const count = fitting(label, readNumbers(label, values, "float64"), [])[0]!;
  if (count >= 0 && count <= MOST_INT32 && isFloat64Array(values)) {
    throw new ArgumentTypeError(
      "ERR_VALUES_DTYPE",
      `${label}: a counter below 2^31 is a number or an Int32Array, got a Float64Array of ${count}.`,
    );
  }
  if (Number.isSafeInteger(count) && count >= 0) return count;
  if (!Number.isInteger(count)) {
    throw new ValueError("ERR_VALUES_DTYPE", `${label}: a counter must be a whole number, got ${count}.`);
  }
  throw new ValueError(
    "ERR_WEIGHTS_SHAPE",
    `${label}: a counter must be ${MOST} or below, and 0 or above, got ${count}.`,
  );
}

/** Refuses to count beyond the largest counter. @throws ValueError */
export function checkCountable(owner: string, count: number): void {
  if (count < MOST) return;
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner} has counted ${MOST} calls, the limit of a counter. Set a lower count: setWeights([0, ...getWeights().slice(1)]).`,
  );
}
