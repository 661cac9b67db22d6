/**
 * A decoder of compressed modules: matches and literals as in LZMA (Igor Pavlov's "LZMA specification" of 2015, in the
 * public domain), with contexts for WebAssembly. scripts/build/lzma.mjs writes such streams, 8 % shorter than LZMA.
 *
 * ```text
 * token      literal | match (distance, length) | repeat of the last distance (length)
 * context    of a token: literals since the last match, and the kind of the next byte: an opcode, a local, an offset ...
 *            of a literal: that kind; for an opcode, three bits of the last one
 * bit        its probability is the mean of two: one adapts fast; the other is the mean of all bits, then of some 128
 * ```
 *
 * The kinds are right after most bytes, and need not be: both sides compute them alike.
 *
 * It is one loop, which decodes a bit and then branches on the meaning of the bit. With a function for each kind of
 * number, engines take three times as long: the decoder runs once, before they have compiled anything.
 *
 * @module
 */

// Kinds of bytes. Other kinds are followed by an opcode, after the last byte of a LEB128 number.
const OPCODE = 0;
const SIMD = 1; // an opcode after the prefix 0xfd
const LOCAL = 2;
const ALIGN = 3;
const OFFSET = 4;
const CONST = 5;
const CALL = 6;
const LABEL = 7;
const RAW = 8; // the last of some bytes; those before it have the kinds above
const KINDS = 16; // for contexts: higher kinds count as the last one

/** The kinds after some bytes: the first and the last of them, plus 256 x their kind. Others are followed by an opcode. */
const AFTER = [
  [2, 4, RAW],
  [12, 13, LABEL],
  [16, 16, CALL],
  [32, 36, LOCAL],
  [40, 62, ALIGN],
  [65, 66, CONST],
  [67, 67, RAW + 3],
  [68, 68, RAW + 7],
  [253, 253, SIMD],
  [256, 267, ALIGN],
  [268, 269, RAW + 15],
  [277, 290, RAW],
  [340, 347, ALIGN],
  [384, 511, RAW],
  [256 * ALIGN, 256 * ALIGN + 255, OFFSET],
] as const;
/** Kinds of LEB128 numbers, whose bytes above 127 are followed by another one. */
const NUMBERS = [LOCAL, OFFSET, CONST, CALL, LABEL] as const;

// Offsets of the probabilities of each decision in the array of all probabilities.
const MATCH = 0; // for 4 states and all kinds
const REPEAT = MATCH + 4 * KINDS; // for 4 states
const SLOT = REPEAT + 4; // trees of 6 bits, for 4 kinds of lengths
const DISTANCE = SLOT + 256; // trees of the low bits for slots 4 to 13
const LOW = DISTANCE + 128; // of others: a tree of 4 bits, then each bit
const LENGTH = LOW + 42; // of a match: 2 choices, trees of 3, 3 and 8 bits
const REPEAT_LENGTH = LENGTH + 274; // the same of a repeat
const LITERAL = REPEAT_LENGTH + 274; // 3 trees of 8 bits, for all kinds, and 8 for opcodes
const COUNT = LITERAL + (KINDS + 8) * 768;

// The meaning of the next bit, in the order in which they can follow each other.
const IS_MATCH = 0;
const MATCHED_LITERAL = 1; // a bit of a literal, while it equals the byte at the last distance
const PLAIN_LITERAL = 2;
const IS_REPEAT = 3;
const LENGTH_ABOVE_7 = 4;
const LENGTH_ABOVE_15 = 5;
const LENGTH_BITS = 6;
const SLOT_BITS = 7;
const DISTANCE_BITS = 8;

/** The `size` bytes from which `input` was compressed, or undefined if it is damaged. */
export function lzmaDecoded(input: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  const output = new Uint8Array(size);
  let at = 0;
  const after = new Uint8Array(256 * (RAW + 16));
  for (const [first, last, kind] of AFTER) after.fill(kind, first, last + 1);
  for (const kind of NUMBERS) after.fill(kind, 256 * kind + 128, 256 * kind + 256);
  for (let kind = RAW; kind < RAW + 15; kind++) after.fill(kind, 256 * kind + 256, 256 * kind + 512);
  let kind = OPCODE;
  let opcode = 0;
  const fast = new Uint16Array(COUNT).fill(2 ** 14);
  const slow = new Uint16Array(COUNT).fill(2 ** 14);
  const seen = new Uint8Array(COUNT).fill(3);
  const shares = Uint16Array.from({ length: 129 }, (_, n) => 2 ** 16 / n);
  // Both are unsigned; as signed numbers they stay small integers of the engine.
  let range = -1;
  let code = 0;
  let next = 0;
  if (input[next++] !== 0) return undefined;
  for (; next < 5; next++) code = (code << 8) | input[next]!;

  let state = 3; // literals since the last match, up to 3
  let distance = 0;
  let phase = IS_MATCH;
  // The probability of the next bit is at `tree + node`; where there is no tree, the node is 0.
  let tree = MATCH + state * KINDS;
  let node = 0;
  let end = 0; // of the nodes of a tree
  let literal = 0; // the tree of this literal
  let matched = 0; // the byte at the last distance, shifted as far as the literal is known
  let length = 0;
  let low = 0; // the number of bits of a distance below its slot
  let bits = 0; // those that are known, from the lowest
  let isFar = false; // whether the distance has slot 14 or a higher one
  let lengths = 0; // LENGTH or REPEAT_LENGTH

  for (;;) {
    const i = tree + node;
    const quick = fast[i]!;
    const calm = slow[i]!;
    const count = seen[i]!;
    const share = shares[count]!;
    if (count < 128) seen[i] = count + 1;
    const bound = Math.imul(range >>> 12, (quick + calm) >> 4);
    let bit = 0;
    if (code >>> 0 < bound >>> 0) {
      range = bound;
      fast[i] = quick + ((2 ** 15 - quick) >> 3);
      slow[i] = calm + (((2 ** 15 - calm) * share) >> 16);
    } else {
      range = (range - bound) | 0;
      code = (code - bound) | 0;
      fast[i] = quick - (quick >> 3);
      slow[i] = calm - ((calm * share) >> 16);
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
          node = 0;
          phase = IS_REPEAT;
          continue;
        }
        tree = literal = LITERAL + 768 * (kind === OPCODE ? KINDS + (opcode >> 5) : Math.min(kind, KINDS - 1));
        node = 1;
        phase = PLAIN_LITERAL;
        if (state === 0) {
          // After a match, the byte that would continue it is part of the context.
          matched = output[at - distance - 1]!;
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
        output[at] = node;
        length = 1;
        if (state < 3) state++;
        break;
      case IS_REPEAT:
        tree = lengths = bit === 1 ? REPEAT_LENGTH : LENGTH;
        phase = LENGTH_ABOVE_7;
        continue;
      case LENGTH_ABOVE_7:
        if (bit === 1) {
          tree = lengths + 1;
          phase = LENGTH_ABOVE_15;
          continue;
        }
        tree = lengths + 2;
        node = 1;
        end = 8;
        length = 0;
        phase = LENGTH_BITS;
        continue;
      case LENGTH_ABOVE_15:
        length = bit === 1 ? 16 : 8;
        tree = lengths + length + 2;
        node = 1;
        end = bit === 1 ? 256 : 8;
        phase = LENGTH_BITS;
        continue;
      case LENGTH_BITS:
        node = (node << 1) | bit;
        if (node < end) continue;
        length += node - end;
        state = 0;
        if (lengths === REPEAT_LENGTH) {
          length++;
          break;
        }
        tree = SLOT + Math.min(length, 3) * 64;
        length += 2;
        node = 1;
        phase = SLOT_BITS;
        continue;
      case SLOT_BITS: {
        node = (node << 1) | bit;
        if (node < 64) continue;
        const slot = node - 64;
        distance = slot;
        if (slot < 4) break;
        low = (slot >> 1) - 1;
        distance = (2 | (slot & 1)) << low;
        isFar = slot >= 14;
        tree = isFar ? LOW : DISTANCE + distance - slot;
        node = 1;
        bits = 0;
        phase = DISTANCE_BITS;
        continue;
      }
      case DISTANCE_BITS:
        distance += bit << bits++;
        // All but the lowest four bits of a far one have no tree.
        node = isFar && bits >= 4 ? 12 + bits : (node << 1) | bit;
        if (bits < low) continue;
        // The largest distance of 32 bits is the end marker.
        if (distance === -1) return at === size && code === 0 && next === input.length ? output : undefined;
        break;
    }
    // A literal is in its place.
    const back = phase < IS_REPEAT ? 0 : distance + 1;
    if (back > at || back < 0 || length > size - at) return undefined;
    for (; length > 0; length--) {
      const byte = output[at - back]!;
      output[at++] = byte;
      if (kind <= SIMD) opcode = byte ^ (kind << 7);
      kind = after[(kind << 8) | byte]!;
    }
    tree = MATCH + state * KINDS + Math.min(kind, KINDS - 1);
    node = 0;
    phase = IS_MATCH;
  }
}
