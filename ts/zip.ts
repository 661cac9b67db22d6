/**
 * Python's `zip`, for pairs.
 *
 * @module
 */

import { ValueError } from "./errors.js";
import { checkCount, list } from "./options.js";

/**
 * Pairs the entries of two lists: `zip(gradients, variables)`.
 *
 * @param first - A list or another iterable.
 * @param second - Another of the same length.
 * @returns One pair for each entry.
 * @throws ValueError (`ERR_GRADIENT_COUNT`) when the lists differ in length, which Python's `zip` ignores
 * @throws TypeError (`ERR_OPTION_TYPE`) for anything but a list
 * @example
 * ```ts
 * import { zip } from "gradstep";
 *
 * console.log(zip([1, 2], ["a", "b"])); // [[1, "a"], [2, "b"]]
 * ```
 */
export function zip<A, B>(first: Iterable<A>, second: Iterable<B>): [A, B][] {
  checkCount("zip", arguments.length, 2);
  const a = list("zip", "first", first);
  const b = list("zip", "second", second);
  if (a.length !== b.length) {
    throw new ValueError(
      "ERR_GRADIENT_COUNT",
      `zip: expected two lists of one length, got ${a.length} and ${b.length}.`,
    );
  }
  return a.map((value, i) => [value, b[i]!]);
}
