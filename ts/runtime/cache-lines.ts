/**
 * Cache lines: each tensor begins on a new line, as in the core's slabs.
 *
 * @module
 */

/** Length of a line, in 4-byte values. */
const LINE = 16;

/** Rounds a length, or the end of a run, up to the next line. */
export function padded(length: number): number {
  return Math.ceil(length / LINE) * LINE;
}
