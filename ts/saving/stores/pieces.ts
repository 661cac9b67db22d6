/**
 * Files in pieces, so values need no second copy.
 *
 * @module
 */

import type { Bytes } from "../../platform-types.js";

/** Bytes of all pieces. */
export function lengthOfAll(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** One array of all pieces. */
export function joined(pieces: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(lengthOfAll(pieces));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
