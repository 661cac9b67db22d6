// The cheapest tokens for given prices of decisions: a shortest path through the positions of the bytes.

import {
  afterLiteral,
  afterMatch,
  distanceBits,
  LEAST,
  LEAST_REPEAT,
  LENGTH,
  LITERALS,
  lengthBits,
  literalBits,
  MATCHES,
  MOST,
  matchContext,
  REPEAT,
  REPEAT_LENGTH,
  REPEATS,
  START,
  slotOf,
  slotTree,
  treeBits,
} from "./lzma-model.mjs";

/** Earlier positions with the same three bytes that are compared. */
const DEPTH = 3000;
/** Of a long match, lengths up to the first, and the last of these, are tried. */
const [SHORT, LONGEST] = [20, 16];
/** The unit of prices: bits / 256. */
export const BIT = 256;

/** Of each position, matches that are longer than those at smaller distances; `starts` are their indices. */
export function matchesOf(bytes) {
  const count = bytes.length;
  const pairs = new Int32Array(2 ** 16).fill(-1);
  const heads = new Int32Array(2 ** 16).fill(-1);
  const earlier = new Int32Array(count);
  const [starts, lengths, distances] = [new Int32Array(count + 1), [], []];
  const most = LEAST + MOST;
  const lengthAt = (at, from) => {
    const end = Math.min(count, at + most);
    let next = at;
    while (next < end && bytes[next] === bytes[next - at + from]) next++;
    return next - at;
  };
  for (let at = 0; at < count; at++) {
    let longest = LEAST - 1;
    const add = (from) => {
      const length = lengthAt(at, from);
      if (length <= longest) return;
      longest = length;
      lengths.push(length);
      distances.push(at - from - 1);
    };
    starts[at] = lengths.length;
    if (at + 1 < count) {
      const pair = bytes[at] * 256 + bytes[at + 1];
      if (pairs[pair] >= 0) add(pairs[pair]);
      pairs[pair] = at;
    }
    if (at + 2 < count) {
      const hash = (bytes[at] * 0x9e5 + bytes[at + 1] * 0x3d1f + bytes[at + 2] * 0x1f35b) & 0xffff;
      let from = heads[hash];
      for (let depth = DEPTH; from >= 0 && depth > 0 && longest < most; depth--) {
        if (bytes[from + longest] === bytes[at + longest]) add(from);
        from = earlier[from];
      }
      earlier[at] = heads[hash];
      heads[hash] = at;
    }
  }
  starts[count] = lengths.length;
  return { starts, lengths, distances };
}

/** The prices of whole numbers, from those of their bits. */
function pricesOf(prices) {
  let sum = 0;
  const decide = (context, bit) => {
    sum += prices[bit][context];
  };
  const sumOf = (call) => {
    sum = 0;
    call();
    return sum;
  };
  const lengthPrices = (lengths) =>
    Float64Array.from({ length: MOST + 1 }, (_, more) => sumOf(() => lengthBits(decide, lengths, more)));
  const slots = [0, 1, 2, 3].map((more) =>
    Float64Array.from({ length: 64 }, (_, slot) => sumOf(() => treeBits(decide, slotTree(more), slot, 6))),
  );
  const below = new Map();
  return {
    match: lengthPrices(LENGTH),
    repeat: lengthPrices(REPEAT_LENGTH),
    slots,
    literal: (tree, byte, expected) => sumOf(() => literalBits(decide, tree, byte, expected)),
    /** The bits of a distance below its slot. */
    below(distance) {
      if (!below.has(distance))
        below.set(
          distance,
          sumOf(() => distanceBits(decide, distance)),
        );
      return below.get(distance);
    },
  };
}

/** The lengths to try, from the longest one. */
const nextShorter = (length, longest) => (length <= longest - LONGEST && length > SHORT ? SHORT : length - 1);

/**
 * The best ways to each position that differ in the state or in the last distance, the cheapest first: `breadth` of them.
 */
class Ways {
  constructor(count, breadth) {
    const size = (count + 1) * breadth;
    this.breadth = breadth;
    this.cost = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.state = new Uint8Array(size);
    this.last = new Int32Array(size);
    this.from = new Int32Array(size);
    this.kind = new Uint8Array(size);
    this.cost[0] = 0;
    this.state[0] = START;
  }

  add(position, cost, state, last, from, kind) {
    const begin = position * this.breadth;
    const end = begin + this.breadth;
    if (cost >= this.cost[end - 1]) return;
    const isSame = (way) => this.state[way] === state && this.last[way] === last;
    let place = begin;
    for (; this.cost[place] <= cost; place++) if (isSame(place)) return;
    let moved = place;
    while (moved < end - 1 && !isSame(moved)) moved++;
    for (; moved > place; moved--) {
      for (const list of [this.cost, this.state, this.last, this.from, this.kind]) list[moved] = list[moved - 1];
    }
    this.cost[place] = cost;
    this.state[place] = state;
    this.last[place] = last;
    this.from[place] = from;
    this.kind[place] = kind;
  }

  /** The tokens of the cheapest way to the end. */
  tokens(count) {
    const tokens = [];
    for (let way = count * this.breadth; way >= this.breadth; way = this.from[way]) {
      const length = Math.floor(way / this.breadth) - Math.floor(this.from[way] / this.breadth);
      tokens.push([this.kind[way], this.last[way], length]);
    }
    return tokens.reverse();
  }
}

/** The cheapest tokens for `bytes`. `prices` has the price of each decision that is 0, and of each that is 1. */
export function parsed(bytes, { kinds, literals }, matches, prices, breadth) {
  const count = bytes.length;
  const price = pricesOf(prices);
  const [zero, one] = prices;
  const ways = new Ways(count, breadth);
  for (let at = 0; at < count; at++) {
    let plain = -1;
    for (let way = at * breadth; way < (at + 1) * breadth; way++) {
      const cost = ways.cost[way];
      if (cost === Number.POSITIVE_INFINITY) break;
      const [state, last] = [ways.state[way], ways.last[way]];
      const context = matchContext(state, kinds[at]);
      const isRepeated = at > last && bytes[at - last - 1] === bytes[at];
      let literal;
      if (state === afterMatch) literal = price.literal(literals[at], bytes[at], bytes[at - last - 1]);
      else {
        if (plain < 0) plain = price.literal(literals[at], bytes[at], -1);
        literal = plain;
      }
      ways.add(at + 1, cost + zero[context] + literal, afterLiteral(state), last, way, LITERALS);
      if (isRepeated) {
        const base = cost + one[context] + one[REPEAT + state];
        const end = Math.min(count, at + LEAST_REPEAT + MOST);
        let next = at + 1;
        while (next < end && bytes[next] === bytes[next - last - 1]) next++;
        for (let length = next - at; length >= LEAST_REPEAT; length = nextShorter(length, next - at)) {
          ways.add(at + length, base + price.repeat[length - LEAST_REPEAT], afterMatch, last, way, REPEATS);
        }
      }
      const base = cost + one[context] + zero[REPEAT + state];
      let shortest = LEAST;
      for (let i = matches.starts[at]; i < matches.starts[at + 1]; i++) {
        const [longest, distance] = [matches.lengths[i], matches.distances[i]];
        const [below, slot] = [price.below(distance), slotOf(distance)];
        for (let length = longest; length >= shortest; length = nextShorter(length, longest)) {
          const more = length - LEAST;
          const total = base + price.match[more] + price.slots[Math.min(more, 3)][slot] + below;
          ways.add(at + length, total, afterMatch, distance, way, MATCHES);
        }
        shortest = longest + 1;
      }
    }
  }
  return ways.tokens(count);
}
