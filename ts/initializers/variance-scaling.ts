/**
 * Initializers whose spread depends on how many inputs and outputs a weight connects.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { checkCount, checkKnownOptions, choice, positiveNumber, shown } from "../options.js";
import { normal, truncatedNormal, uniform } from "../random/distributions.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fansOf } from "./fans.js";
import { RandomInitializer, type SeedOptions } from "./random-initializer.js";

/** Divisor of the variance: number of inputs, of outputs, or their mean. */
export type FanMode = "fan_in" | "fan_out" | "fan_avg";

/** Distributions of {@link VarianceScaling}. */
export type Distribution = "uniform" | "truncated_normal" | "untruncated_normal";

/** Options of {@link VarianceScaling}. */
export interface VarianceScalingOptions extends SeedOptions {
  /** Variance times the number of connections. Default: 1. */
  readonly scale?: number | undefined;
  /** Default: `"fan_in"`. */
  readonly mode?: FanMode | undefined;
  /** Default: `"truncated_normal"`, which is also called `"normal"`. */
  readonly distribution?: Distribution | "normal" | undefined;
}

/** Standard deviation of a standard normal distribution that is cut at two. */
const CUT = 0.87962566103423978;

const MODES: readonly unknown[] = ["fan_in", "fan_out", "fan_avg"];
const DISTRIBUTIONS: readonly unknown[] = ["uniform", "truncated_normal", "untruncated_normal"];

/**
 * Values with a variance of `scale` over the number of connections.
 *
 * @throws ValueError, TypeError
 */
export class VarianceScaling extends RandomInitializer {
  static override readonly className: string = "VarianceScaling";
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: Distribution;

  constructor(
    options?: VarianceScalingOptions | VarianceScalingOptions["scale"],
    mode?: VarianceScalingOptions["mode"] | VarianceScalingOptions,
    distribution?: VarianceScalingOptions["distribution"] | VarianceScalingOptions,
    seed?: VarianceScalingOptions["seed"] | VarianceScalingOptions,
    others?: VarianceScalingOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<VarianceScalingOptions>(
      "VarianceScaling",
      ["scale", "mode", "distribution", "seed"],
      given,
    );
    super(options, ["scale", "mode", "distribution"], true);
    const { className } = this;
    const { mode = "fan_in", distribution = "truncated_normal" } = options;
    this.scale = positiveNumber(className, "scale", options.scale ?? 1);
    this.mode = oneOf(className, "mode", mode, MODES) as FanMode;
    const full = distribution === "normal" ? "truncated_normal" : distribution;
    this.distribution = oneOf(className, "distribution", full, DISTRIBUTIONS) as Distribution;
    this.drawSeed();
  }

  call(shape: Shape): Tensor<"float32"> {
    checkCount("call", arguments.length, 1);
    const { fanIn, fanOut } = fansOf(shape);
    const { mode, distribution, seed } = this;
    const fan = mode === "fan_in" ? fanIn : mode === "fan_out" ? fanOut : (fanIn + fanOut) / 2;
    const variance = this.scale / Math.max(1, fan);
    if (distribution === "truncated_normal") return truncatedNormal(shape, { stddev: Math.sqrt(variance) / CUT, seed });
    if (distribution === "untruncated_normal") return normal(shape, { stddev: Math.sqrt(variance), seed });
    const limit = Math.sqrt(3 * variance);
    return uniform(shape, { minval: -limit, maxval: limit, seed });
  }

  override getConfig(): Config {
    const { scale, mode, distribution } = this;
    return { ...super.getConfig(), scale, mode, distribution, ...AXES };
  }
}

/** Keras can be told which axes are inputs; here the rule of {@link fansOf} is all there is. */
const AXES = { input_axes: null, output_axes: null };

/** A {@link VarianceScaling} with all but the seed fixed. */
abstract class FixedScaling extends VarianceScaling {
  constructor(options: SeedOptions, fixed: VarianceScalingOptions) {
    checkKnownOptions(new.target.className, options, ["seed"]);
    super({ ...options, ...fixed });
  }

  override getConfig(): Config {
    return { seed: super.getConfig().seed, ...AXES };
  }
}

/**
 * Uniform up to `sqrt(6 / (inputs + outputs))` (Glorot and Bengio 2010): what layers use by default.
 *
 * @throws ValueError, TypeError
 */
export class GlorotUniform extends FixedScaling {
  static override readonly className = "GlorotUniform";

  constructor(options?: SeedOptions | SeedOptions["seed"], others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("GlorotUniform", ["seed"], given);
    super(options, { mode: "fan_avg", distribution: "uniform" });
  }
}

/**
 * Truncated normal, variance `2 / (inputs + outputs)` (Glorot and Bengio 2010).
 *
 * @throws ValueError, TypeError
 */
export class GlorotNormal extends FixedScaling {
  static override readonly className = "GlorotNormal";

  constructor(options?: SeedOptions | SeedOptions["seed"], others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("GlorotNormal", ["seed"], given);
    super(options, { mode: "fan_avg" });
  }
}

/**
 * Uniform up to `sqrt(6 / inputs)` (He et al. 2015), for relu.
 *
 * @throws ValueError, TypeError
 */
export class HeUniform extends FixedScaling {
  static override readonly className = "HeUniform";

  constructor(options?: SeedOptions | SeedOptions["seed"], others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("HeUniform", ["seed"], given);
    super(options, { scale: 2, distribution: "uniform" });
  }
}

/**
 * Truncated normal, variance `2 / inputs` (He et al. 2015), for relu.
 *
 * @throws ValueError, TypeError
 */
export class HeNormal extends FixedScaling {
  static override readonly className = "HeNormal";

  constructor(options?: SeedOptions | SeedOptions["seed"], others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("HeNormal", ["seed"], given);
    super(options, { scale: 2 });
  }
}

/**
 * Uniform up to `sqrt(3 / inputs)`, for selu.
 *
 * @throws ValueError, TypeError
 */
export class LecunUniform extends FixedScaling {
  static override readonly className = "LecunUniform";

  constructor(options?: SeedOptions | SeedOptions["seed"], others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("LecunUniform", ["seed"], given);
    super(options, { distribution: "uniform" });
  }
}

/**
 * Truncated normal, variance `1 / inputs`, for selu.
 *
 * @throws ValueError, TypeError
 */
export class LecunNormal extends FixedScaling {
  static override readonly className = "LecunNormal";

  constructor(options?: SeedOptions | SeedOptions["seed"], others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("LecunNormal", ["seed"], given);
    super(options, {});
  }
}

function oneOf(owner: string, name: string, value: unknown, known: readonly unknown[]): unknown {
  if (known.includes(value)) return value;
  throw new ValueError("ERR_OPTION_RANGE", `${owner}: "${name}" must be ${choice(known)}, got ${shown(value)}.`);
}
