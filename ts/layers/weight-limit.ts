/**
 * A check of weights before they are made: an architecture in a file may ask for more memory than its weights have.
 *
 * @module
 */

type Check = (shape: readonly number[]) => void;

let check: Check | undefined;

/** Calls `run`, with `each` before each weight that layers make. */
export function checkingWeights<T>(each: Check, run: () => T): T {
  const before = check;
  check = each;
  try {
    return run();
  } finally {
    check = before;
  }
}

/** @throws what the check throws */
export function checkWeight(shape: readonly number[]): void {
  check?.(shape);
}
