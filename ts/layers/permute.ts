/**
 * Permute.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { transpose } from "../ops/index.js";
import { list, shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/**
 * Permutes the axes of its input; the batch axis stays.
 *
 * @see [keras.layers.Permute](https://keras.io/api/layers/reshaping_layers/permute/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Permute([2, 1]).apply([[[1, 2, 3]]]).shape); // [1, 3, 1]
 * ```
 */
export class Permute extends Layer {
  static override readonly className = "Permute";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["dims"];
  /** The new order of the axes, counted from 1. */
  readonly dims: readonly number[];

  /**
   * Creates a layer that permutes the axes of its input.
   *
   * @param dims - The new order of the axes, counted from 1, without the batch axis; or the options.
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(dims: readonly number[] | (LayerOptions & { readonly dims: readonly number[] }), options?: LayerOptions);
  constructor(...given: unknown[]) {
    const { dims, ...options } = placedOptions<LayerOptions & { readonly dims: readonly number[] }>(
      "Permute",
      ["dims"],
      given,
    );
    super(options, ["dims"]);
    try {
      this.dims = [...list(this.label, "dims", dims)];
      const isOrder = this.dims.length > 0 && this.dims.every((_, i) => this.dims.includes(i + 1));
      if (!isOrder) {
        throw new ValueError(
          "ERR_OPTION_RANGE",
          `${this.label}: "dims" must name each axis from 1 on once, such as [2, 1], got [${this.dims.map(shown).join(", ")}].`,
        );
      }
      this.inputSpec = { rank: this.dims.length + 1 };
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    return transpose(x, [0, ...this.dims]);
  }

  /** @internal */
  override get keepsNumbers(): boolean {
    return true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [0, ...this.dims].map((axis) => inputShape[axis] ?? null);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), dims: [...this.dims] };
  }
}
