/**
 * A decoder of LZMA, written from Igor Pavlov's "LZMA specification" of 2015, which is in the public domain.
 *
 * The stream has no header, an end marker, and the properties lc = 3, lp = 0, pb = 0; it is 0.2 % shorter than with the
 * usual pb = 2. It differs from LZMA in one respect: each probability is the mean of two, one of which adapts fast and
 * one slowly. That saves another 0.8 %; scripts/build/recode.mjs writes such streams.
 *
 * It is one loop, which decodes a bit and then branches on the meaning of the bit. With a function for each kind of
 * number, engines take three times as long: the decoder runs once, before they have compiled anything.
 *
 * @module
 */

// Offsets of the probabilities of each kind in the array of all probabilities.
const MATCH = 0; // for 12 states, as the next five
const REPEAT = 12;
const REPEAT_OLDER = 24;
const REPEAT_OLDER_THAN_1 = 36;
const REPEAT_OLDER_THAN_2 = 48;
const REPEAT_LONG = 60;
const SLOT = 72; // trees of 6 bits, for 4 kinds of lengths
const DISTANCE = 328; // trees of the low bits for slots 4 to 13
const ALIGN = 456; // a tree of 4 bits
const LENGTH = 472; // of a match: 2 choices, trees of 3, 3 and 8 bits
const REPEAT_LENGTH = 746; // the same of a repeated match
const LITERAL = 1020; // 3 trees of 8 bits, after 8 kinds of bytes
const COUNT = LITERAL + 8 * 768;

// The meaning of the next bit, in the order in which they can follow each other.
const IS_MATCH = 0;
const MATCHED_LITERAL = 1; // a bit of a literal, while it equals the byte at the last distance
const PLAIN_LITERAL = 2;
const IS_REPEAT = 3;
const IS_OLDER = 4;
const IS_LONG = 5;
const IS_OLDER_THAN_1 = 6;
const IS_OLDER_THAN_2 = 7;
const LENGTH_ABOVE_9 = 8;
const LENGTH_ABOVE_17 = 9;
const LENGTH_BITS = 10;
const SLOT_BITS = 11;
const DISTANCE_BITS = 12;

/** The `size` bytes from which `input` was compressed, or undefined if it is damaged. */
export function lzmaDecoded(input: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  const output = new Uint8Array(size);
  let at = 0;
  const fast = new Uint16Array(COUNT).fill(2 ** 14);
  const slow = new Uint16Array(COUNT).fill(2 ** 14);
  // Both are unsigned; as signed numbers they stay small integers of the engine.
  let range = -1;
  let code = 0;
  let next = 0;
  if (input[next++] !== 0) return undefined;
  for (; next < 5; next++) code = (code << 8) | input[next]!;

  let state = 0;
  let [rep0, rep1, rep2, rep3] = [0, 0, 0, 0];
  let phase = IS_MATCH;
  // The probability of the next bit is at `tree + node`; where there is no tree, the node is 0.
  let tree = MATCH;
  let node = 0;
  let end = 0; // of the nodes of a tree
  let literal = 0; // the tree of this literal
  let matched = 0; // the byte at the last distance, shifted as far as the literal is known
  let length = 0;
  let bits = 0; // of a distance that are known, from the lowest
  let lengths = 0; // LENGTH or REPEAT_LENGTH

  for (;;) {
    const i = tree + node;
    const quick = fast[i]!;
    const calm = slow[i]!;
    const bound = Math.imul(range >>> 12, (quick + calm) >> 4);
    let bit = 0;
    if (code >>> 0 < bound >>> 0) {
      range = bound;
      fast[i] = quick + ((2 ** 15 - quick) >> 3);
      slow[i] = calm + ((2 ** 15 - calm) >> 6);
    } else {
      range = (range - bound) | 0;
      code = (code - bound) | 0;
      fast[i] = quick - (quick >> 3);
      slow[i] = calm - (calm >> 6);
      bit = 1;
    }
    if (range >>> 24 === 0) {
      range <<= 8;
      code = (code << 8) | input[next++]!;
    }
    switch (phase) {
      case IS_MATCH:
        if (bit === 1) {
          tree = REPEAT + state;
          phase = IS_REPEAT;
          continue;
        }
        tree = literal = LITERAL + 768 * ((output[at - 1] ?? 0) >> 5);
        node = 1;
        phase = PLAIN_LITERAL;
        if (state >= 7) {
          // After a match, the byte that would continue it is part of the context.
          matched = output[at - rep0 - 1]!;
          tree += 256 + ((matched << 1) & 256);
          phase = MATCHED_LITERAL;
        }
        continue;
      case MATCHED_LITERAL:
      case PLAIN_LITERAL:
        node = (node << 1) | bit;
        if (node < 256) {
          if (phase === PLAIN_LITERAL) continue;
          if (bit === ((matched >> 7) & 1)) {
            matched <<= 1;
            tree = literal + 256 + ((matched << 1) & 256);
          } else {
            tree = literal;
            phase = PLAIN_LITERAL;
          }
          continue;
        }
        if (at === size) return undefined;
        output[at++] = node;
        state = state < 4 ? 0 : state - (state < 10 ? 3 : 6);
        tree = MATCH + state;
        node = 0;
        phase = IS_MATCH;
        continue;
      case IS_REPEAT:
        if (bit === 1) {
          tree = REPEAT_OLDER + state;
          phase = IS_OLDER;
          continue;
        }
        rep3 = rep2;
        rep2 = rep1;
        rep1 = rep0;
        tree = lengths = LENGTH;
        phase = LENGTH_ABOVE_9;
        continue;
      case IS_OLDER:
        tree = bit === 1 ? REPEAT_OLDER_THAN_1 + state : REPEAT_LONG + state;
        phase = bit === 1 ? IS_OLDER_THAN_1 : IS_LONG;
        continue;
      case IS_LONG:
        if (bit === 1) {
          tree = lengths = REPEAT_LENGTH;
          phase = LENGTH_ABOVE_9;
          continue;
        }
        length = 1;
        state = state < 7 ? 9 : 11;
        break;
      case IS_OLDER_THAN_1:
        if (bit === 1) {
          tree = REPEAT_OLDER_THAN_2 + state;
          phase = IS_OLDER_THAN_2;
          continue;
        }
        [rep1, rep0] = [rep0, rep1];
        tree = lengths = REPEAT_LENGTH;
        phase = LENGTH_ABOVE_9;
        continue;
      case IS_OLDER_THAN_2: {
        const distance = bit === 1 ? rep3 : rep2;
        if (bit === 1) rep3 = rep2;
        rep2 = rep1;
        rep1 = rep0;
        rep0 = distance;
        tree = lengths = REPEAT_LENGTH;
        phase = LENGTH_ABOVE_9;
        continue;
      }
      case LENGTH_ABOVE_9:
        if (bit === 1) {
          tree = lengths + 1;
          phase = LENGTH_ABOVE_17;
          continue;
        }
        tree = lengths + 2;
        node = 1;
        end = 8;
        length = 2;
        phase = LENGTH_BITS;
        continue;
      case LENGTH_ABOVE_17:
        // The offset of the tree depends on the length.
        length = bit === 1 ? 18 : 10;
        tree = lengths + length;
        node = 1;
        end = bit === 1 ? 256 : 8;
        phase = LENGTH_BITS;
        continue;
      case LENGTH_BITS:
        node = (node << 1) | bit;
        if (node < end) continue;
        length += node - end;
        if (lengths === REPEAT_LENGTH) {
          state = state < 7 ? 8 : 11;
          break;
        }
        state = state < 7 ? 7 : 10;
        tree = SLOT + Math.min(length - 2, 3) * 64;
        node = 1;
        phase = SLOT_BITS;
        continue;
      case SLOT_BITS: {
        node = (node << 1) | bit;
        if (node < 64) continue;
        const slot = node - 64;
        rep0 = slot;
        if (slot < 4) break;
        let low = (slot >> 1) - 1;
        rep0 = (2 | (slot & 1)) << low;
        tree = DISTANCE + rep0 - slot;
        if (slot >= 14) {
          // All but the lowest four bits have equal probabilities.
          while (low > 4) {
            low--;
            range >>>= 1;
            if (code >>> 0 >= range) {
              code = (code - range) | 0;
              rep0 += 1 << low;
            }
            if (range >>> 24 === 0) {
              range <<= 8;
              code = (code << 8) | input[next++]!;
            }
          }
          tree = ALIGN;
        }
        end = 1 << low;
        node = 1;
        bits = 0;
        phase = DISTANCE_BITS;
        continue;
      }
      case DISTANCE_BITS:
        rep0 += bit << bits++;
        node = (node << 1) | bit;
        if (node < end) continue;
        // The largest distance of 32 bits is the end marker.
        if (rep0 === -1) return at === size && code === 0 && next === input.length ? output : undefined;
        break;
    }
    if (rep0 < 0 || rep0 >= at || length > size - at) return undefined;
    for (const stop = at + length; at < stop; at++) output[at] = output[at - rep0 - 1]!;
    tree = MATCH + state;
    node = 0;
    phase = IS_MATCH;
  }
}
