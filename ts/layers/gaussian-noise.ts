/**
 * GaussianNoise.
 *
 * @module
 */

import { linear } from "../activations/functions.js";
import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { add } from "../ops/index.js";
import { finiteNumber, integer, refuseRange } from "../options.js";
import { drawnForBatch } from "../random/batch-share.js";
import { normal } from "../random/distributions.js";
import { SeedGenerator } from "../random/generator.js";
import type { Tensor } from "../tensor.js";
import { type CallContext, INFERENCE } from "./call-context.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** Options of {@link GaussianNoise}. */
export interface GaussianNoiseOptions extends LayerOptions {
  /** A seed that makes the draws reproducible. Default: drawn when the layer is created. */
  readonly seed?: number | null | undefined;
}

/**
 * Adds normally distributed noise to its inputs in training. Otherwise it returns its inputs.
 *
 * @see [keras.layers.GaussianNoise](https://keras.io/api/layers/regularization_layers/gaussian_noise/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.GaussianNoise(0.1, { seed: 1 });
 * console.log(layer.apply([[1, 2]]).array()); // Float32Array [1, 2]
 * console.log(layer.apply([[1, 2]], { training: true }).shape); // [1, 2]
 * ```
 */
export class GaussianNoise extends Layer {
  static override readonly className = "GaussianNoise";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["stddev"];
  /** Standard deviation of the noise. */
  readonly stddev: number;
  /** Generator of the random numbers; its `state` can be saved and set. */
  readonly seedGenerator: SeedGenerator;
  readonly #seed: number | null;

  /**
   * Creates a layer that adds noise in training.
   *
   * @param stddev - Standard deviation of the noise, from 0 to 1; or the options.
   * @param seed - {@link GaussianNoiseOptions.seed}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    stddev: number | (GaussianNoiseOptions & { readonly stddev: number }),
    seed?: GaussianNoiseOptions["seed"] | GaussianNoiseOptions,
    others?: GaussianNoiseOptions,
  );
  constructor(...given: unknown[]) {
    const { stddev, ...options } = placedOptions<GaussianNoiseOptions & { readonly stddev: number }>(
      "GaussianNoise",
      ["stddev", "seed"],
      given,
    );
    super(options, ["stddev", "seed"]);
    try {
      this.stddev = finiteNumber(this.label, "stddev", stddev);
      if (stddev < 0 || stddev > 1) refuseRange(this.label, "stddev", "from 0 to 1", stddev);
      const { seed = null } = options;
      this.#seed = seed === null ? null : integer(this.label, "seed", seed, 0);
      this.seedGenerator = new SeedGenerator(this.#seed);
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand, { training }: CallContext = INFERENCE): Tensor<"float32"> {
    if (!training || this.stddev === 0) return linear(x);
    const { stddev, seedGenerator: seed } = this;
    return add(
      x,
      drawnForBatch(x.shape, (shape) => normal(shape, { stddev, seed })),
    );
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), stddev: this.stddev, seed: this.#seed };
  }
}
