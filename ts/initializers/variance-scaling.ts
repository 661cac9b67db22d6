/**
 * Initializers whose variance depends on the number of inputs and outputs that a weight connects.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { checkKnownOptions, checkMethod, checkObject, choice, positiveNumber, shown } from "../options.js";
import { normal, truncatedNormal, uniform } from "../random/distributions.js";
import type { PlacedSeed } from "../random/generator.js";
import { checkedShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fansOf } from "./fans.js";
import { RandomInitializer, type SeedOptions } from "./random-initializer.js";

/** Divisor of the variance: the number of inputs, that of outputs, or their mean. */
export type FanMode = "fan_in" | "fan_out" | "fan_avg";

/** Distributions of {@link VarianceScaling}. */
export type Distribution = "uniform" | "truncated_normal" | "untruncated_normal";

/** Options of {@link VarianceScaling}. */
export interface VarianceScalingOptions extends SeedOptions {
  /** Variance times the number of connections. Default: 1. */
  readonly scale?: number | undefined;
  /** The divisor of the variance. Default: `"fan_in"`. */
  readonly mode?: FanMode | undefined;
  /** The distribution of the values. Default: `"truncated_normal"`, which is also called `"normal"`. */
  readonly distribution?: Distribution | "normal" | undefined;
}

/** Standard deviation of a standard normal distribution that is cut at two. */
const CUT = 0.87962566103423978;

const MODES: readonly unknown[] = ["fan_in", "fan_out", "fan_avg"];
const DISTRIBUTIONS: readonly unknown[] = ["uniform", "truncated_normal", "untruncated_normal"];

/**
 * Draws values with a variance of `scale` divided by the number of connections.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: VarianceScaling](https://keras.io/api/layers/initializers/#variancescaling-class)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const initializer = new initializers.VarianceScaling({ scale: 2, mode: "fan_out", seed: 7 });
 * console.log(initializer.call([3, 4]).shape); // [3, 4]
 * ```
 */
export class VarianceScaling extends RandomInitializer {
  static override readonly className: string = "VarianceScaling";
  /** Variance times the number of connections. */
  readonly scale: number;
  /** The divisor of the variance. */
  readonly mode: FanMode;
  /** The distribution of the values. */
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
    checkMethod(this, "call", arguments.length, 1);
    const { fanIn, fanOut } = fansOf(checkedShape(this.className, shape));
    const { mode, distribution, seed } = this;
    const fan = mode === "fan_in" ? fanIn : mode === "fan_out" ? fanOut : (fanIn + fanOut) / 2;
    const variance = this.scale / Math.max(1, fan);
    if (distribution === "truncated_normal") return truncatedNormal(shape, { stddev: Math.sqrt(variance) / CUT, seed });
    if (distribution === "untruncated_normal") return normal(shape, { stddev: Math.sqrt(variance), seed });
    const limit = Math.sqrt(3 * variance);
    return uniform(shape, { minval: -limit, maxval: limit, seed });
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    const { scale, mode, distribution } = this;
    return { ...super.getConfig(), scale, mode, distribution, ...AXES };
  }
}

/** Keras has options for the axes of inputs; this package only has the rule of {@link fansOf}. */
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
 * Draws uniform values up to `sqrt(6 / (inputs + outputs))` in magnitude (Glorot and Bengio 2010). The default of most
 * layers.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: GlorotUniform](https://keras.io/api/layers/initializers/#glorotuniform-class),
 * [Glorot and Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const kernel = new initializers.GlorotUniform({ seed: 7 }).call([3, 4]);
 * console.log(kernel.shape); // [3, 4]
 * ```
 */
export class GlorotUniform extends FixedScaling {
  static override readonly className = "GlorotUniform";

  constructor(options?: SeedOptions | PlacedSeed, others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("GlorotUniform", ["seed"], given);
    super(options, { mode: "fan_avg", distribution: "uniform" });
  }
}

/**
 * Draws truncated normal values with variance `2 / (inputs + outputs)` (Glorot and Bengio 2010).
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: GlorotNormal](https://keras.io/api/layers/initializers/#glorotnormal-class),
 * [Glorot and Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const kernel = new initializers.GlorotNormal({ seed: 7 }).call([3, 4]);
 * console.log(kernel.shape); // [3, 4]
 * ```
 */
export class GlorotNormal extends FixedScaling {
  static override readonly className = "GlorotNormal";

  constructor(options?: SeedOptions | PlacedSeed, others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("GlorotNormal", ["seed"], given);
    super(options, { mode: "fan_avg" });
  }
}

/**
 * Draws uniform values up to `sqrt(6 / inputs)` in magnitude (He et al. 2015), for relu.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: HeUniform](https://keras.io/api/layers/initializers/#heuniform-class),
 * [He et al. 2015](https://arxiv.org/abs/1502.01852)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const kernel = new initializers.HeUniform({ seed: 7 }).call([3, 4]);
 * console.log(kernel.shape); // [3, 4]
 * ```
 */
export class HeUniform extends FixedScaling {
  static override readonly className = "HeUniform";

  constructor(options?: SeedOptions | PlacedSeed, others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("HeUniform", ["seed"], given);
    super(options, { scale: 2, distribution: "uniform" });
  }
}

/**
 * Draws truncated normal values with variance `2 / inputs` (He et al. 2015), for relu.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: HeNormal](https://keras.io/api/layers/initializers/#henormal-class),
 * [He et al. 2015](https://arxiv.org/abs/1502.01852)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const kernel = new initializers.HeNormal({ seed: 7 }).call([3, 4]);
 * console.log(kernel.shape); // [3, 4]
 * ```
 */
export class HeNormal extends FixedScaling {
  static override readonly className = "HeNormal";

  constructor(options?: SeedOptions | PlacedSeed, others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("HeNormal", ["seed"], given);
    super(options, { scale: 2 });
  }
}

/**
 * Draws uniform values up to `sqrt(3 / inputs)` in magnitude, for selu.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: LecunUniform](https://keras.io/api/layers/initializers/#lecununiform-class),
 * [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const kernel = new initializers.LecunUniform({ seed: 7 }).call([3, 4]);
 * console.log(kernel.shape); // [3, 4]
 * ```
 */
export class LecunUniform extends FixedScaling {
  static override readonly className = "LecunUniform";

  constructor(options?: SeedOptions | PlacedSeed, others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("LecunUniform", ["seed"], given);
    super(options, { distribution: "uniform" });
  }
}

/**
 * Draws truncated normal values with variance `1 / inputs`, for selu.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: LecunNormal](https://keras.io/api/layers/initializers/#lecunnormal-class),
 * [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515)
 * @example
 * ```ts
 * import { initializers } from "gradstep";
 *
 * const kernel = new initializers.LecunNormal({ seed: 7 }).call([3, 4]);
 * console.log(kernel.shape); // [3, 4]
 * ```
 */
export class LecunNormal extends FixedScaling {
  static override readonly className = "LecunNormal";

  constructor(options?: SeedOptions | PlacedSeed, others?: SeedOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SeedOptions>("LecunNormal", ["seed"], given);
    super(options, {});
  }
}

function oneOf(owner: string, name: string, value: unknown, known: readonly unknown[]): unknown {
  if (known.includes(value)) return value;
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner}: "${argumentName(name)}" must be ${choice(known)}, got ${shown(value)}.`,
  );
}
