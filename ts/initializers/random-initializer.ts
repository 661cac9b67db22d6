/**
 * Base of initializers that draw random numbers: a seed.
 *
 * @module
 */

import { isA, isReadable } from "../brands.js";
import type { Config } from "../class-registry.js";
import { refuseProxy } from "../copies.js";
import { ArgumentTypeError } from "../errors.js";
import { refuseAssignments } from "../getters.js";
import { checkCount, checkKnownOptions, checkObject, integer, ownNames, shown } from "../options.js";
import { type Seed, SeedGenerator } from "../random/generator.js";
import { Initializer } from "./initializer.js";

/** Options of every random initializer. */
export interface SeedOptions {
  /**
   * A number, or a generator, which continues at each call. Default: a number drawn when the initializer is created.
   * With a number, an initializer returns the same values at each call, as in Keras: create one for each weight.
   */
  readonly seed?: Seed;
}

/** Generators of initializers that are sent to another realm; their configs refer to them by index. */
let moving: SeedGenerator[] | undefined;

/**
 * Runs `body`, which saves or reads initializers that are sent to another realm and must draw the same values there.
 * Drawn seeds are saved as if they had been passed; generators, which JSON cannot represent, are added to the list.
 *
 * @internal
 */
export function withGenerators<T>(generators: SeedGenerator[], body: () => T): T {
  moving = generators;
  try {
    return body();
  } finally {
    moving = undefined;
  }
}

/** The placeholder for a generator in a config that is sent. */
function placeOf(generator: SeedGenerator, generators: SeedGenerator[]): { readonly generator: number } {
  if (!generators.includes(generator)) generators.push(generator);
  return { generator: generators.indexOf(generator) };
}

/** The generator, if the config that was sent refers to one. */
function moved(seed: Seed): Seed {
  if (moving === undefined || !isReadable(seed) || isA(seed, SeedGenerator)) return seed;
  const place = (seed as { readonly generator?: unknown }).generator;
  return typeof place === "number" ? moving[place] : seed;
}

/**
 * The base of initializers that draw random numbers.
 *
 * @see [Keras: initializers](https://keras.io/api/layers/initializers/)
 * @example
 * ```ts
 * import { initializers, random } from "gradstep";
 *
 * class Signs extends initializers.RandomInitializer {
 *   constructor(options: initializers.SeedOptions = {}) {
 *     super(options, []);
 *   }
 *   override call(shape: readonly number[]) {
 *     return random.randint(shape, 0, 2, { seed: this.seed }).array().map((bit) => 2 * bit - 1);
 *   }
 * }
 *
 * console.log(new Signs({ seed: 7 }).call([4]).length); // 4
 * ```
 */
export abstract class RandomInitializer extends Initializer {
  readonly #given: number | SeedGenerator | null;
  #seed: number | SeedGenerator | undefined;

  /**
   * Reads the seed.
   *
   * @param options - `seed`, and the subclass's options.
   * @param own - Names of the subclass's options.
   * @param drawsLast - Whether the subclass calls `drawSeed`, after its checks.
   * @throws ValueError ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(options: SeedOptions, own: readonly string[], drawsLast = false) {
    checkCount("RandomInitializer", arguments.length, 3);
    super();
    refuseAssignments(RandomInitializer.prototype);
    checkKnownOptions(this.className, options, [...ownNames(this.className, own), "seed"]);
    const seed = moved(options.seed) ?? null;
    if (typeof seed !== "number" && seed !== null && !isA(seed, SeedGenerator)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${this.className}: "seed" must be a whole number or a random.SeedGenerator, got ${shown(seed)}.`,
      );
    }
    if (typeof seed === "number") integer(this.className, "seed", seed, 0);
    this.#given = seed;
    if (!drawsLast) this.drawSeed();
  }

  /** The generator or the seed. */
  protected get seed(): number | SeedGenerator {
    this.checkSelf();
    return this.#seed ?? this.drawSeed();
  }

  /** Refuses a proxy. @throws TypeError @internal */
  protected checkSelf(): void {
    if (!(#seed in this)) refuseProxy("initializer");
  }

  /**
   * Draws a seed if none was given. Constructors call it last: a refused call must not use up a random number.
   *
   * @internal
   */
  protected drawSeed(): number | SeedGenerator {
    this.#seed = this.#given ?? new SeedGenerator().seed;
    return this.#seed;
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    this.checkSelf();
    if (moving !== undefined) {
      const { seed } = this;
      return { seed: typeof seed === "number" ? seed : placeOf(seed, moving) };
    }
    return { seed: this.#given instanceof SeedGenerator ? this.#given.seed : this.#given };
  }
}
