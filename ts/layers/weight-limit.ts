/**
 * Weights that a file overwrites: their size is checked before they are created, because an architecture may request
 * more than the file contains, and random initial values are not drawn.
 *
 * @module
 */

type Check = (shape: readonly number[]) => void;

let check: Check | undefined;

/** Zeros of the running call, as many as in the largest weight so far. */
let zeros: Float32Array | undefined;

/** Initial values that will be overwritten: copy them, do not write to them. */
export function overwritten(size: number): Float32Array {
  if (zeros === undefined || zeros.length < size) zeros = new Float32Array(size);
  return zeros.subarray(0, size);
}

/** Calls `run`, and `each` before each weight that layers create. */
export function makingOverwritten<T>(each: Check, run: () => T): T {
  const before = check;
  check = each;
  try {
    return run();
  } finally {
    check = before;
    zeros = undefined;
  }
}

/** Whether the weight's initial values are overwritten. @throws the errors of the check */
export function checkWeight(shape: readonly number[]): boolean {
  check?.(shape);
  return check !== undefined;
}
