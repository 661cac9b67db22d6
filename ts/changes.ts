/**
 * The order of changes in place and of recorded operations: a tape must not differentiate at values that are gone. And the
 * count of changes of place.
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

let moves = 0;

/** Number of the last time that numbers of variables or tensors got another address, or lost theirs. */
export function lastMove(): number {
  return moves;
}

/** Says that addresses which were read before may no longer be right. */
export function noteMove(): void {
  moves++;
}
