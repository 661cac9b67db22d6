/**
 * Dropout.
 *
 * @module
 */

import { linear } from "../activations/functions.js";
import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { dropout } from "../ops/dropout.js";
import { finiteNumber, integer, refuseRange } from "../options.js";
import { SeedGenerator } from "../random/generator.js";
import type { Tensor } from "../tensor.js";
import { type CallContext, INFERENCE } from "./call-context.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** Options of {@link Dropout}. */
export interface DropoutOptions extends LayerOptions {
  /** A seed that makes the draws reproducible. Default: drawn when the layer is created. */
  readonly seed?: number | null | undefined;
}

/**
 * Sets a random fraction of its inputs to 0 in training, and divides the others by the fraction that is kept.
 * Otherwise it returns its inputs.
 *
 * @see [keras.layers.Dropout](https://keras.io/api/layers/regularization_layers/dropout/),
 * [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Dropout(0.5, { seed: 1 });
 * console.log(layer.apply([[1, 2, 3]]).array()); // Float32Array [1, 2, 3]
 * ```
 */
export class Dropout extends Layer {
  static override readonly className = "Dropout";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["rate"];
  /** @internal */
  static override readonly fixedArguments: Config = { noise_shape: null };
  /** The fraction to drop. */
  readonly rate: number;
  /** Generator of the random numbers; its `state` can be saved and set. */
  readonly seedGenerator: SeedGenerator;
  readonly #seed: number | null;

  /**
   * Creates a layer that drops a fraction of its inputs in training.
   *
   * @param rate - The fraction to drop, from 0 to 1; or the options.
   * @param options - {@link DropoutOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(rate: number | (DropoutOptions & { readonly rate: number }), options?: DropoutOptions);
  constructor(...given: unknown[]) {
    const { rate, ...options } = placedOptions<DropoutOptions & { readonly rate: number }>("Dropout", ["rate"], given);
    super(options, ["rate", "seed"]);
    try {
      this.rate = finiteNumber(this.label, "rate", rate);
      if (rate < 0 || rate > 1) refuseRange(this.label, "rate", "from 0 to 1", rate);
      const { seed = null } = options;
      this.#seed = seed === null ? null : integer(this.label, "seed", seed, 0);
      this.seedGenerator = new SeedGenerator(this.#seed);
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand, { training }: CallContext = INFERENCE): Tensor<"float32"> {
    return training && this.rate > 0 ? dropout(x, this.rate, { seed: this.seedGenerator }) : linear(x);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rate: this.rate, seed: this.#seed, ...Dropout.fixedArguments };
  }
}
