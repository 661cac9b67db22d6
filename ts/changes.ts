/**
 * The order of in-place changes and recorded operations: a tape must not differentiate at overwritten values. And a
 * count of changed addresses.
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

/** Number of the last change of address of variables or tensors. */
export function lastMove(): number {
  return moves;
}

/** Invalidates addresses that were read before. */
export function noteMove(): void {
  moves++;
}
