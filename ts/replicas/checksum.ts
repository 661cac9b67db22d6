/**
 * A checksum of numbers, bit by bit.
 *
 * @module
 */

import { isFloat32Array } from "../brands.js";
import type { ReplicaNumbers } from "./replica-data.js";

/** FNV-1a's prime, for 32 bits. */
const PRIME = 16777619;
const START = 0x811c9dc5 | 0;
/** One pattern for every NaN: its bits may differ between machines. */
const NAN_BITS = 0x7fc00000;

/** A checksum of whole numbers: replicas compare them before they continue. */
export function formOf(numbers: readonly number[]): number {
  return checksum([Int32Array.from(numbers)]);
}

/** An int32 that differs, apart from collisions, if the numbers differ. FNV-1a over words instead of bytes. */
export function checksum(spans: readonly ReplicaNumbers[]): number {
  let hash = START;
  for (const span of spans) {
    const words = new Int32Array(span.buffer, span.byteOffset, span.byteLength / 4);
    const isFloat = isFloat32Array(span);
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      const isNoNumber = isFloat && (word & 0x7fffffff) > 0x7f800000;
      hash = Math.imul(hash ^ (isNoNumber ? NAN_BITS : word), PRIME);
    }
  }
  return hash;
}
