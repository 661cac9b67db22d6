/**
 * Seeds: one global generator, and separate ones.
 *
 * Numbers come from Philox4x32-10, a function of the seed, the number of the call, and the position. So a generator is
 * two numbers, and one call's numbers do not depend on how many numbers earlier calls drew.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { isA } from "../brands.js";
import { COPY, refuseProxy } from "../copies.js";
import { ArgumentTypeError } from "../errors.js";
import { guardNew } from "../getters.js";
import { checkCount, checkObject, integer, isList, shown } from "../options.js";
import { wasm } from "../runtime/module.js";
import { recorderNow } from "../runtime/recording.js";
import { beforeChange, beforeState } from "../undo.js";

/**
 * Source of random numbers: a generator; a number, which gives the same numbers at each call; or
 * nothing, for the generator that {@link setRandomSeed} seeds.
 */
export type Seed = number | SeedGenerator | null | undefined;

/**
 * A seed in the place of options. It lacks the generator's own `seed`, so that editors show the comment of the option `seed`.
 */
export type PlacedSeed = number | Omit<SeedGenerator, "seed"> | null | undefined;

/** Arguments of a drawing kernel: seed and number of the call, each in two words of 32 bits, lower first. */
export type Draw = readonly [seed: number, seedHigh: number, call: number, callHigh: number];

const WORD = 2 ** 32;

/**
 * A separate stream of random numbers. A layer or an initializer with a generator, or with a seed from which it creates
 * one, draws the same numbers regardless of other random calls.
 *
 * @param seed - A whole number, 0 or above. Default: a number drawn from the generator that {@link setRandomSeed}
 *   seeds.
 * @throws ValueError ERR_OPTION_RANGE, TypeError ERR_OPTION_TYPE for another seed
 * @see [Keras: SeedGenerator](https://keras.io/api/random/seed_generator/)
 * @example
 * ```ts
 * import { random } from "gradstep";
 *
 * const seed = new random.SeedGenerator(42);
 * const [a, b] = [random.uniform([2], { seed }), random.uniform([2], { seed })];
 * console.log(a.array().join() === b.array().join()); // false
 * seed.state = [42, 0];
 * console.log(a.array().join() === random.uniform([2], { seed }).array().join()); // true
 * ```
 */
export class SeedGenerator {
  #seed: number;
  #calls = 0;

  constructor(seed?: number | null) {
    checkCount("SeedGenerator", arguments.length, 1);
    guardNew(this, SeedGenerator.prototype);
    this.#seed = seed === undefined || seed === null ? drawSeed() : integer("SeedGenerator", "seed", seed, 0);
  }

  /**
   * The seed.
   *
   * @throws TypeError ERR_OPTION_TYPE on a proxy of the generator
   */
  get seed(): number {
    SeedGenerator.#check(this);
    return this.#seed;
  }

  /**
   * The seed, and the number of draws so far: the whole state. Set it to repeat or resume a run.
   *
   * @throws TypeError ERR_OPTION_TYPE when it is set to anything but two numbers; ValueError ERR_OPTION_RANGE unless
   * they are whole, 0 or above
   */
  get state(): readonly [seed: number, calls: number] {
    SeedGenerator.#check(this);
    return [this.#seed, this.#calls];
  }

  /** The seed, and the number of draws so far. */
  set state(state: readonly [seed: number, calls: number]) {
    SeedGenerator.#check(this);
    if (!isList(state) || state.length !== 2) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `SeedGenerator: "state" must be [seed, calls], got ${shown(state)}.`,
      );
    }
    const seed = integer("SeedGenerator", "state[0]", state[0], 0);
    const calls = integer("SeedGenerator", "state[1]", state[1], 0);
    beforeState(this, SeedGenerator.#saved);
    this.#seed = seed;
    this.#calls = calls;
  }

  static #saved(generator: SeedGenerator): () => void {
    const { state } = generator;
    return () => {
      [generator.#seed, generator.#calls] = state;
    };
  }

  /** State of the next call. @internal */
  next(): Draw {
    SeedGenerator.#check(this);
    recorderNow()?.drew(this === shared ? () => sharedGenerator().next() : () => this.next());
    beforeChange(this, () => SeedGenerator.#saved(this));
    beforeState(this, SeedGenerator.#saved);
    return drawOf(this.#seed, this.#calls++);
  }

  /**
   * Returns Keras's configuration.
   *
   * @returns `{ seed }`
   */
  getConfig(): { seed: number } {
    checkObject(this, "getConfig");
    return { seed: this.seed };
  }

  static #check(generator: SeedGenerator): void {
    if (!(#seed in generator)) refuseProxy("generator");
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}

/** The generator of all calls without one. Created on first use, because importing must draw nothing. */
let shared: SeedGenerator | undefined;

/**
 * Seeds everything that draws random numbers without a seed: initializers, dropout, shuffling, `random`. Call it before
 * creating layers, and every run computes the same bits, on every machine. Without it, each run differs.
 *
 * @param seed - A whole number, 0 or above.
 * @throws ValueError ERR_OPTION_RANGE, TypeError ERR_OPTION_TYPE for another seed
 * @example
 * ```ts
 * import { random, setRandomSeed } from "gradstep";
 *
 * setRandomSeed(1);
 * const first = random.normal([3]).array();
 * setRandomSeed(1);
 * console.log(first.join() === random.normal([3]).array().join()); // true
 * ```
 */
export function setRandomSeed(seed: number): void {
  checkCount("setRandomSeed", arguments.length, 1);
  shared = new SeedGenerator(integer("setRandomSeed", "seed", seed, 0));
}

/**
 * The next draw from `seed`. Callers check all arguments and allocate memory first: a refused call uses up no random
 * numbers.
 *
 * @throws ValueError, TypeError
 * @internal
 */
export function drawFrom(owner: string, seed: Seed): Draw {
  if (isA(seed, SeedGenerator)) return seed.next();
  if (seed !== undefined && seed !== null) return drawOf(integer(owner, "seed", seed, 0), 0);
  return sharedGenerator().next();
}

/** The generator of all calls without one. @internal */
export function sharedGenerator(): SeedGenerator {
  shared ??= new SeedGenerator(unpredictable());
  return shared;
}

/** A seed for a generator without one. */
function drawSeed(): number {
  const word = allocate([1], "int32");
  wasm().random_integers(...drawFrom("SeedGenerator", undefined), 0, WORD - 1, word.address, 1);
  const seed = word.numbers[0]! >>> 0;
  word.dispose();
  return seed;
}

/** 53 random bits, different in each run. */
function unpredictable(): number {
  const { crypto } = globalThis as { crypto?: Partial<Crypto> };
  const words = new Uint32Array(2);
  if (typeof crypto?.getRandomValues === "function") crypto.getRandomValues(words);
  else words.set([Math.random() * WORD, Math.random() * WORD]);
  const [low = 0, high = 0] = words;
  return low + (high % 2 ** 21) * WORD;
}

function drawOf(seed: number, call: number): Draw {
  return [seed % WORD, Math.floor(seed / WORD), call % WORD, Math.floor(call / WORD)];
}
