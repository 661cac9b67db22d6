/**
 * Initializers that draw from one distribution, whatever the shape.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Config } from "../class-registry.js";
import { checkCount, finiteNumber, nonNegativeNumber, refuseRange } from "../options.js";
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
 * Values spread evenly from `minval` to `maxval`. Also called `"uniform"`.
 *
 * @throws ValueError, TypeError
 */
export class RandomUniform extends RandomInitializer {
  static override readonly className = "RandomUniform";
  readonly minval: number;
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
    checkCount("call", arguments.length, 1);
    const { minval, maxval, seed } = this;
    return uniform(shape, { minval, maxval, seed });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), minval: this.minval, maxval: this.maxval };
  }
}

/** Options of {@link RandomNormal} and {@link TruncatedNormal}. */
export interface RandomNormalOptions extends SeedOptions {
  /** Default: 0. */
  readonly mean?: number | undefined;
  /** Standard deviation. Default: 0.05. */
  readonly stddev?: number | undefined;
}

/**
 * Normally distributed values. Also called `"normal"`.
 *
 * @throws ValueError, TypeError
 */
export class RandomNormal extends RandomInitializer {
  static override readonly className: string = "RandomNormal";
  readonly mean: number;
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
    checkCount("call", arguments.length, 1);
    const { mean, stddev, seed } = this;
    return normal(shape, { mean, stddev, seed });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), mean: this.mean, stddev: this.stddev };
  }
}

/** Normally distributed values, none further than two standard deviations from the mean. */
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
    checkCount("call", arguments.length, 1);
    const { mean, stddev, seed } = this;
    return truncatedNormal(shape, { mean, stddev, seed });
  }
}
