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
import type { CallContext } from "./call-context.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** Options of {@link Dropout}. */
export interface DropoutOptions extends LayerOptions {
  /** A number, for the same draws in each run. Default: drawn when the layer is made. */
  readonly seed?: number | null | undefined;
}

/**
 * In training, sets a share of its inputs, chosen at random, to 0, and divides the others by what is left.
 * Otherwise it does nothing.
 *
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
  static override readonly fixedArguments: Config = { noise_shape: null };
  /** The share that is dropped. */
  readonly rate: number;
  /** What is drawn from; its `state` can be saved and set. */
  readonly seedGenerator: SeedGenerator;
  readonly #seed: number | null;

  /**
   * In training, sets a share of its inputs, chosen at random, to 0, and divides the others by what is left.
   *
   * @param rate - The share that is dropped, from 0 to 1.
   * @throws ValueError, TypeError
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

  override call(x: Operand, { training }: CallContext): Tensor<"float32"> {
    return training && this.rate > 0 ? dropout(x, this.rate, { seed: this.seedGenerator }) : linear(x);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rate: this.rate, seed: this.#seed, ...Dropout.fixedArguments };
  }
}
