// The compressor whose streams ts/runtime/lzma.ts reads. It chooses tokens by the prices of their decisions, which depend on
// the tokens that were chosen: so it chooses several times. All numbers are exact, or rounded as IEEE 754 says, so one
// module has one stream on every machine.

import { COUNT, contextsOf, walk } from "./lzma-model.mjs";
import { BIT, matchesOf, parsed } from "./lzma-parse.mjs";

/** Probabilities have 15 bits, and 12 where they divide the range. */
const [ONE, SCALE] = [2 ** 15, 2 ** 12];
/** A slow probability is the mean of this many bits at most. It starts with less confidence than the first bit deserves. */
const [FIRST, MOST] = [3, 128];

/** The probabilities that each decision is 0, which adapt. */
class Probabilities {
  #fast = new Uint16Array(COUNT).fill(ONE / 2);
  #slow = new Uint16Array(COUNT).fill(ONE / 2);
  #seen = new Uint8Array(COUNT).fill(FIRST);
  /** Reciprocals, rounded: the decoder multiplies. */
  #shares = Uint16Array.from({ length: MOST + 1 }, (_, n) => Math.floor(2 ** 16 / Math.max(n, FIRST)));

  of(context) {
    return (this.#fast[context] + this.#slow[context]) >> 4;
  }

  adapt(context, bit) {
    const share = this.#shares[this.#seen[context]];
    const [fast, slow] = [this.#fast[context], this.#slow[context]];
    // Neither reaches 0 or 1.
    this.#fast[context] = bit === 0 ? fast + ((ONE - fast) >> 3) : fast - (fast >> 3);
    this.#slow[context] = bit === 0 ? slow + (((ONE - slow) * share) >> 16) : slow - ((slow * share) >> 16);
    if (this.#seen[context] < MOST) this.#seen[context]++;
  }
}

/** Prices of the probabilities from 0 to 1: their logarithms, by repeated squares. */
const PRICES = Float64Array.from({ length: SCALE + 1 }, (_, probability) => {
  const high = 31 - Math.clz32(Math.max(probability, 1));
  let [rest, logarithm] = [Math.max(probability, 1) / 2 ** high, high * BIT];
  for (let part = BIT / 2; part >= 1; part /= 2) {
    rest *= rest;
    if (rest >= 2) [rest, logarithm] = [rest / 2, logarithm + part];
  }
  return 12 * BIT - logarithm;
});

/** The mean price of each decision in a stream of these tokens, for both bits. */
function pricesOf(bytes, contexts, tokens) {
  const probabilities = new Probabilities();
  const sums = [0, 1].map(() => new Float64Array(COUNT));
  const counts = [0, 1].map(() => new Float64Array(COUNT));
  const decide = (context, bit) => {
    const zero = probabilities.of(context);
    sums[bit][context] += PRICES[bit === 0 ? zero : SCALE - zero];
    counts[bit][context]++;
    probabilities.adapt(context, bit);
  };
  walk(bytes, contexts, tokens, decide);
  // Where a bit did not occur, its price is estimated.
  return [0, 1].map((bit) =>
    Float64Array.from({ length: COUNT }, (_, context) => {
      const [count, other] = [counts[bit][context], counts[1 - bit][context]];
      const estimate = PRICES[Math.round((SCALE * (count + 0.4)) / (count + other + 0.8))];
      return (sums[bit][context] + estimate) / (count + 1);
    }),
  );
}

/** Writes the decisions as one number, by ranges. */
class Encoder {
  bytes = [];
  #probabilities = new Probabilities();
  #range = 0xffffffff;
  #low = 0;
  /** The last byte, and the number of 255s that follow it: a carry may still change them. */
  #cache = 0;
  #pending = 1;

  bit(context, bit) {
    const bound = (this.#range >>> 12) * this.#probabilities.of(context);
    this.#low += bit * bound;
    this.#range = bit === 0 ? bound : this.#range - bound;
    this.#probabilities.adapt(context, bit);
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

/** `bytes` compressed. `breadths` has the number of ways to each position that a choice of tokens compares. */
export function compressed(bytes, breadths) {
  const contexts = contextsOf(bytes);
  const matches = matchesOf(bytes);
  let tokens = [];
  for (const breadth of breadths) {
    tokens = parsed(bytes, contexts, matches, pricesOf(bytes, contexts, tokens), breadth);
  }
  const encoder = new Encoder();
  walk(bytes, contexts, tokens, (context, bit) => encoder.bit(context, bit));
  encoder.end();
  return Uint8Array.from(encoder.bytes);
}
