/**
 * Initializers that draw from one distribution, whatever the shape.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Config } from "../class-registry.js";
import { checkMethod, checkObject, finiteNumber, nonNegativeNumber, refuseRange } from "../options.js";
import { normal, truncatedNormal, uniform } from "../random/distributions.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { RandomInitializer, type SeedOptions } from "./random-initializer.js";

/** Options of {@link RandomUniform}. */
export interface RandomUniformOptions extends SeedOptions {
  /** Lower bound. Default: -0.05. */
  readonly minval?: number | undefined;
  /** Upper bound. Default: 0.05. */
  readonly maxval?: number | undefined;
}

/**
 * Draws uniform values from `minval` to `maxval`. Also called `"uniform"`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: RandomUniform](https://keras.io/api/layers/initializers/#randomuniform-class)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const initializer = new initializers.RandomUniform({ minval: 0, maxval: 1, seed: 7 });
 * console.log(initializer.call([2, 3]).shape); // [2, 3]
 * ```
 */
export class RandomUniform extends RandomInitializer {
  static override readonly className = "RandomUniform";
  /** Lower bound. */
  readonly minval: number;
  /** Upper bound. */
  readonly maxval: number;

  constructor(
    options?: RandomUniformOptions | RandomUniformOptions["minval"],
    maxval?: RandomUniformOptions["maxval"] | RandomUniformOptions,
    seed?: RandomUniformOptions["seed"] | RandomUniformOptions,
    others?: RandomUniformOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<RandomUniformOptions>("RandomUniform", ["minval", "maxval", "seed"], given);
    super(options, ["minval", "maxval"], true);
    this.minval = finiteNumber("RandomUniform", "minval", options.minval ?? -0.05);
    this.maxval = finiteNumber("RandomUniform", "maxval", options.maxval ?? 0.05);
    if (this.minval > this.maxval) {
      refuseRange("RandomUniform", "minval", `${this.maxval}, which is "maxval", or below`, this.minval);
    }
    this.drawSeed();
  }

  call(shape: Shape): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    const { minval, maxval, seed } = this;
    return uniform(shape, { minval, maxval, seed });
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { ...super.getConfig(), minval: this.minval, maxval: this.maxval };
  }
}

/** Options of {@link RandomNormal} and {@link TruncatedNormal}. */
export interface RandomNormalOptions extends SeedOptions {
  /** Mean of the values. Default: 0. */
  readonly mean?: number | undefined;
  /** Standard deviation. Default: 0.05. */
  readonly stddev?: number | undefined;
}

/**
 * Draws normally distributed values. Also called `"normal"`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: RandomNormal](https://keras.io/api/layers/initializers/#randomnormal-class)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const initializer = new initializers.RandomNormal({ stddev: 0.1, seed: 7 });
 * console.log(initializer.call([2, 3]).shape); // [2, 3]
 * ```
 */
export class RandomNormal extends RandomInitializer {
  static override readonly className: string = "RandomNormal";
  /** Mean of the values. */
  readonly mean: number;
  /** Standard deviation of the values. */
  readonly stddev: number;

  constructor(
    options?: RandomNormalOptions | RandomNormalOptions["mean"],
    stddev?: RandomNormalOptions["stddev"] | RandomNormalOptions,
    seed?: RandomNormalOptions["seed"] | RandomNormalOptions,
    others?: RandomNormalOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<RandomNormalOptions>("RandomNormal", ["mean", "stddev", "seed"], given);
    super(options, ["mean", "stddev"], true);
    this.mean = finiteNumber(this.className, "mean", options.mean ?? 0);
    this.stddev = nonNegativeNumber(this.className, "stddev", options.stddev ?? 0.05);
    this.drawSeed();
  }

  call(shape: Shape): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    const { mean, stddev, seed } = this;
    return normal(shape, { mean, stddev, seed });
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { ...super.getConfig(), mean: this.mean, stddev: this.stddev };
  }
}

/**
 * Draws normally distributed values within two standard deviations of the mean.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: TruncatedNormal](https://keras.io/api/layers/initializers/#truncatednormal-class)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const initializer = new initializers.TruncatedNormal({ stddev: 0.1, seed: 7 });
 * console.log(initializer.call([2, 3]).array().every((value) => Math.abs(value) <= 0.2)); // true
 * ```
 */
export class TruncatedNormal extends RandomNormal {
  static override readonly className = "TruncatedNormal";

  constructor(
    options?: RandomNormalOptions | RandomNormalOptions["mean"],
    stddev?: RandomNormalOptions["stddev"] | RandomNormalOptions,
    seed?: RandomNormalOptions["seed"] | RandomNormalOptions,
    others?: RandomNormalOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<RandomNormalOptions>("TruncatedNormal", ["mean", "stddev", "seed"], given);
    super(options);
  }

  override call(shape: Shape): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    const { mean, stddev, seed } = this;
    return truncatedNormal(shape, { mean, stddev, seed });
  }
}
