/**
 * Weights that a file overwrites: their memory is checked before they are made, since an architecture may ask for more than
 * the file's weights have, and random first values are not drawn.
 *
 * @module
 */

type Check = (shape: readonly number[]) => void;

let check: Check | undefined;

/** Zeros of the call under way, as many as the largest weight so far has. */
let zeros: Float32Array | undefined;

/** First values that are overwritten: to be copied, and not to be written to. */
export function overwritten(size: number): Float32Array {
  if (zeros === undefined || zeros.length < size) zeros = new Float32Array(size);
  return zeros.subarray(0, size);
}

/** Calls `run`, with `each` before each weight that layers make. */
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

/** Whether the weight's first values are overwritten. @throws what the check throws */
export function checkWeight(shape: readonly number[]): boolean {
  check?.(shape);
  return check !== undefined;
}
