// The decisions of which a compressed module consists, and the probabilities of each: as ts/runtime/lzma.ts reads them.
//
// A token is a literal, a match or a repeat: `[ kind, distance, length ]`. Names and offsets are those of lzma.ts, which
// describes the format.

export const [LITERALS, MATCHES, REPEATS] = [0, 1, 2];

/** States: no literal since the last match, one, two, or more. */
const STATES = 4;
const [OPCODE, SIMD, LOCAL, ALIGN, OFFSET, CONST, CALL, LABEL, RAW] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const KINDS = 16;

const MATCH = 0;
export const REPEAT = MATCH + STATES * KINDS;
const SLOT = REPEAT + STATES;
const DISTANCE = SLOT + 4 * 64;
const LOW = DISTANCE + 128;
export const LENGTH = LOW + 42;
export const REPEAT_LENGTH = LENGTH + 274;
const LITERAL = REPEAT_LENGTH + 274;
export const COUNT = LITERAL + (KINDS + 8) * 768;

/** The shortest match, and the shortest repeat; both have up to 271 bytes more. */
export const [LEAST, LEAST_REPEAT, MOST] = [2, 1, 271];
/** The distance that ends a stream. */
const END = 2 ** 32 - 1;
/** The slot from which on only the lowest four bits of a distance have a tree. */
const FAR = 14;

/** The kind of the byte after an opcode, then that after an opcode with the prefix 0xfd. */
const AFTER = new Uint8Array(512);
for (const [first, last, kind] of [
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
])
  AFTER.fill(kind, first, last + 1);

function kindAfter(kind, byte) {
  if (kind >= RAW) return kind === RAW ? OPCODE : kind - 1;
  if (kind <= SIMD) return AFTER[256 * kind + byte];
  if (kind === ALIGN) return OFFSET;
  return byte < 128 ? OPCODE : kind;
}

/** Of each byte: its kind, for the decision whether a match begins, and its tree of literals. */
export function contextsOf(bytes) {
  const kinds = new Uint8Array(bytes.length + 1);
  const literals = new Uint16Array(bytes.length + 1);
  let [kind, opcode] = [OPCODE, 0];
  bytes.forEach((byte, at) => {
    kinds[at] = Math.min(kind, KINDS - 1);
    literals[at] = LITERAL + 768 * (kind === OPCODE ? KINDS + (opcode >> 5) : kinds[at]);
    if (kind === OPCODE) opcode = byte;
    if (kind === SIMD) opcode = byte ^ 128;
    kind = kindAfter(kind, byte);
  });
  kinds[bytes.length] = Math.min(kind, KINDS - 1);
  return { kinds, literals };
}

/** The state of the first token. */
export const START = STATES - 1;
export const afterLiteral = (state) => Math.min(state + 1, STATES - 1);
export const afterMatch = 0;

/** The index of the highest bits of a distance. */
export function slotOf(distance) {
  if (distance < 4) return distance;
  const high = 31 - Math.clz32(distance);
  return 2 * high + ((distance >>> (high - 1)) & 1);
}

/** Calls `decide(context, bit)` for the bits of a number, from the highest. */
export function treeBits(decide, tree, value, count) {
  let node = 1;
  for (let i = count - 1; i >= 0; i--) {
    const bit = (value >> i) & 1;
    decide(tree + node, bit);
    node = node * 2 + bit;
  }
}

/** The same for a length above the least one. */
export function lengthBits(decide, lengths, more) {
  decide(lengths, more < 8 ? 0 : 1);
  if (more < 8) return treeBits(decide, lengths + 2, more, 3);
  decide(lengths + 1, more < 16 ? 0 : 1);
  if (more < 16) treeBits(decide, lengths + 10, more - 8, 3);
  else treeBits(decide, lengths + 18, more - 16, 8);
}

/** The same for the bits of a distance below its slot, from the lowest. */
export function distanceBits(decide, distance) {
  const slot = slotOf(distance);
  if (slot < 4) return;
  const low = (slot >> 1) - 1;
  const base = (2 + (slot & 1)) * 2 ** low;
  const tree = slot < FAR ? DISTANCE + base - slot : LOW;
  let node = 1;
  for (let i = 0; i < low; i++) {
    const bit = (distance >>> i) & 1;
    decide(tree + node, bit);
    node = slot >= FAR && i >= 3 ? 13 + i : node * 2 + bit;
  }
}

/** The same for a literal, in the tree of its kind; `expected` is the byte that would continue the last match, or -1. */
export function literalBits(decide, tree, byte, expected) {
  let [node, i] = [1, 7];
  for (let isEqual = expected >= 0; isEqual && i >= 0; i--) {
    const [bit, likely] = [(byte >> i) & 1, (expected >> i) & 1];
    decide(tree + 256 * (1 + likely) + node, bit);
    isEqual = bit === likely;
    node = node * 2 + bit;
  }
  for (; i >= 0; i--) {
    const bit = (byte >> i) & 1;
    decide(tree + node, bit);
    node = node * 2 + bit;
  }
}

export const matchContext = (state, kind) => MATCH + state * KINDS + kind;
export const slotTree = (more) => SLOT + 64 * Math.min(more, 3);

/** Calls `decide` for all decisions of a stream, its end included. */
export function walk(bytes, { kinds, literals }, tokens, decide) {
  let [at, state, last] = [0, START, 0];
  for (const [kind, distance, length] of [...tokens, [MATCHES, END, LEAST]]) {
    decide(matchContext(state, kinds[at]), kind === LITERALS ? 0 : 1);
    if (kind === LITERALS) {
      literalBits(decide, literals[at], bytes[at], state === afterMatch ? bytes[at - last - 1] : -1);
      state = afterLiteral(state);
    } else {
      decide(REPEAT + state, kind === REPEATS ? 1 : 0);
      if (kind === REPEATS) lengthBits(decide, REPEAT_LENGTH, length - LEAST_REPEAT);
      else {
        lengthBits(decide, LENGTH, length - LEAST);
        treeBits(decide, slotTree(length - LEAST), slotOf(distance), 6);
        distanceBits(decide, distance);
        last = distance;
      }
      state = afterMatch;
    }
    at += length;
  }
}
