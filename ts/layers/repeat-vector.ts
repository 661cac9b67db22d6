/**
 * RepeatVector.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { broadcastTo, reshape } from "../ops/index.js";
import { integer, MOST } from "../options.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/**
 * Repeats each vector `n` times, as a sequence: batch x length becomes batch x n x length.
 *
 * @see [keras.layers.RepeatVector](https://keras.io/api/layers/reshaping_layers/repeat_vector/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.RepeatVector(2).apply([[1, 2]]).array()); // Float32Array [1, 2, 1, 2]
 * ```
 */
export class RepeatVector extends Layer {
  static override readonly className = "RepeatVector";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["n"];
  /** Number of repetitions of each vector. */
  readonly n: number;

  /**
   * Creates a layer that repeats each vector.
   *
   * @param n - Number of repetitions, 1 or above; or the options.
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(n: number | (LayerOptions & { readonly n: number }), options?: LayerOptions);
  constructor(...given: unknown[]) {
    const { n, ...options } = placedOptions<LayerOptions & { readonly n: number }>("RepeatVector", ["n"], given);
    super(options, ["n"]);
    try {
      this.n = integer(this.label, "n", n, 1, MOST);
      this.inputSpec = { rank: 2 };
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    const [batch = 1, length = 1] = x.shape;
    return broadcastTo(reshape(x, [batch, 1, length]), [batch, this.n, length]);
  }

  /** @internal */
  override get keepsNumbers(): boolean {
    return true;
  }

  override computeOutputShape([batch = null, length = null]: LayerShape): LayerShape {
    return [batch, this.n, length];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), n: this.n };
  }
}
