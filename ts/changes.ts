/**
 * The order of changes in place and of recorded operations: a tape must not differentiate at values that are gone.
 *
 * @module
 */

let count = 0;

/** Number of the last change of a tensor in place. */
export function lastChange(): number {
  return count;
}

/** The number of a new change. */
export function nextChange(): number {
  return ++count;
}
