// A stream of LZMA with better probabilities: the decisions of a common encoder, re-encoded for ts/runtime/lzma.ts.
//
// Each probability is the mean of two: one adapts to the last few bits, the other to the last hundred. That saves 0.8 %
// of the module. Names and offsets of contexts are those of lzma.ts.

const MATCH = 0;
const REPEAT = 12;
const REPEAT_OLDER = 24;
const REPEAT_OLDER_THAN_1 = 36;
const REPEAT_OLDER_THAN_2 = 48;
const REPEAT_LONG = 60;
const SLOT = 72;
const DISTANCE = 328;
const ALIGN = 456;
const LENGTH = 472;
const REPEAT_LENGTH = 746;
const LITERAL = 1020;
const COUNT = LITERAL + 8 * 768;

/** Reads a stream of LZMA (lc = 3, lp = 0, pb = 0). */
class Decoder {
  #probabilities = new Uint16Array(COUNT).fill(1024);
  #range = 0xffffffff;
  #code = 0;
  #input;
  #next = 1;

  constructor(input) {
    this.#input = input;
    while (this.#next < 5) this.#code = this.#code * 256 + input[this.#next++];
  }

  bit(context) {
    const probability = this.#probabilities[context];
    const bound = (this.#range >>> 11) * probability;
    const bit = this.#code < bound ? 0 : 1;
    this.#take(bit, bound);
    this.#probabilities[context] += bit === 0 ? (2048 - probability) >> 5 : -(probability >> 5);
    return bit;
  }

  evenBit() {
    const half = Math.floor(this.#range / 2);
    const bit = this.#code < half ? 0 : 1;
    this.#code -= bit * half;
    this.#range = half;
    this.#refill();
    return bit;
  }

  #take(bit, bound) {
    this.#code -= bit * bound;
    this.#range = bit === 0 ? bound : this.#range - bound;
    this.#refill();
  }

  #refill() {
    if (this.#range >= 2 ** 24) return;
    this.#range *= 256;
    this.#code = this.#code * 256 + (this.#input[this.#next++] ?? 0);
  }
}

/** Writes the stream that lzma.ts reads. */
class Encoder {
  bytes = [];
  #fast = new Uint16Array(COUNT).fill(2 ** 14);
  #slow = new Uint16Array(COUNT).fill(2 ** 14);
  #range = 0xffffffff;
  #low = 0;
  /** The last byte, and the number of 255s that follow it: a carry may still change them. */
  #cache = 0;
  #pending = 1;

  bit(context, bit) {
    const [fast, slow] = [this.#fast[context], this.#slow[context]];
    const bound = (this.#range >>> 12) * ((fast + slow) >> 4);
    this.#low += bit * bound;
    this.#range = bit === 0 ? bound : this.#range - bound;
    this.#fast[context] += bit === 0 ? (2 ** 15 - fast) >> 3 : -(fast >> 3);
    this.#slow[context] += bit === 0 ? (2 ** 15 - slow) >> 6 : -(slow >> 6);
    this.#flush();
  }

  evenBit(bit) {
    this.#range = Math.floor(this.#range / 2);
    this.#low += bit * this.#range;
    this.#flush();
  }

  end() {
    for (let i = 0; i < 5; i++) this.#shift();
  }

  #flush() {
    if (this.#range >= 2 ** 24) return;
    this.#range *= 256;
    this.#shift();
  }

  #shift() {
    if (this.#low < 0xff000000 || this.#low >= 2 ** 32) {
      const carry = this.#low >= 2 ** 32 ? 1 : 0;
      for (; this.#pending > 0; this.#pending--) {
        this.bytes.push((this.#cache + carry) & 255);
        this.#cache = 255;
      }
      this.#cache = Math.floor(this.#low / 2 ** 24) & 255;
    }
    this.#pending++;
    this.#low = (this.#low % 2 ** 24) * 256;
  }
}

/** The stream of `size` bytes without its header, re-encoded. */
export function recoded(packed, size) {
  const decoder = new Decoder(packed);
  const encoder = new Encoder();
  const output = new Uint8Array(size);
  let at = 0;
  let state = 0;
  let last = [0, 0, 0, 0];
  const decide = (context) => {
    const bit = decoder.bit(context);
    encoder.bit(context, bit);
    return bit;
  };
  const treeBits = (tree, end) => {
    let node = 1;
    while (node < end) node = node * 2 + decide(tree + node);
    return node - end;
  };
  const lowBits = (tree, count) => {
    let [node, value] = [1, 0];
    for (let i = 0; i < count; i++) {
      const bit = decide(tree + node);
      node = node * 2 + bit;
      value += bit * 2 ** i;
    }
    return value;
  };
  const literal = () => {
    const tree = LITERAL + 768 * ((output[at - 1] ?? 0) >> 5);
    let node = 1;
    if (state >= 7) {
      let matched = output[at - last[0] - 1];
      for (let isEqual = true; isEqual && node < 256; matched <<= 1) {
        const expected = (matched >> 7) & 1;
        const bit = decide(tree + 256 * (1 + expected) + node);
        isEqual = bit === expected;
        node = node * 2 + bit;
      }
    }
    while (node < 256) node = node * 2 + decide(tree + node);
    output[at++] = node;
    state = state < 4 ? 0 : state - (state < 10 ? 3 : 6);
  };
  const lengthOf = (lengths) => {
    if (decide(lengths) === 0) return 2 + treeBits(lengths + 2, 8);
    if (decide(lengths + 1) === 0) return 10 + treeBits(lengths + 10, 8);
    return 18 + treeBits(lengths + 18, 256);
  };
  const distanceOf = (length) => {
    const slot = treeBits(SLOT + Math.min(length - 2, 3) * 64, 64);
    if (slot < 4) return slot;
    const low = (slot >> 1) - 1;
    const base = (2 + (slot & 1)) * 2 ** low;
    if (slot < 14) return base + lowBits(DISTANCE + base - slot, low);
    let high = 0;
    for (let i = low - 1; i >= 4; i--) {
      const bit = decoder.evenBit();
      encoder.evenBit(bit);
      high += bit * 2 ** i;
    }
    return base + high + lowBits(ALIGN, 4);
  };
  for (;;) {
    if (decide(MATCH + state) === 0) {
      literal();
      continue;
    }
    let length;
    if (decide(REPEAT + state) === 0) {
      length = lengthOf(LENGTH);
      last = [distanceOf(length), ...last.slice(0, 3)];
      if (last[0] === 0xffffffff) break;
      state = state < 7 ? 7 : 10;
    } else if (decide(REPEAT_OLDER + state) === 0) {
      if (decide(REPEAT_LONG + state) === 0) {
        length = 1;
        state = state < 7 ? 9 : 11;
      }
    } else {
      const older = decide(REPEAT_OLDER_THAN_1 + state) === 0 ? 1 : 2 + decide(REPEAT_OLDER_THAN_2 + state);
      last = [last[older], ...last.filter((_, i) => i !== older)];
    }
    if (length === undefined) {
      length = lengthOf(REPEAT_LENGTH);
      state = state < 7 ? 8 : 11;
    }
    for (const end = at + length; at < end; at++) output[at] = output[at - last[0] - 1];
  }
  encoder.end();
  return Uint8Array.from(encoder.bytes);
}
