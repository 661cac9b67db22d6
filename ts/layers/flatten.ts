/**
 * Flatten.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { checkDataFormat } from "../ops/data-format.js";
import { reshape } from "../ops/index.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import { type LayerShape, productOf } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** Options of {@link Flatten}. */
export interface FlattenOptions extends LayerOptions {
  /** Only `"channels_last"`. Default: null, which means the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/**
 * Merges all axes but the batch axis into one.
 *
 * @see [keras.layers.Flatten](https://keras.io/api/layers/reshaping_layers/flatten/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Flatten().apply([[[1, 2], [3, 4]]]).shape); // [1, 4]
 * ```
 */
export class Flatten extends Layer {
  static override readonly className = "Flatten";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that merges all axes but the batch axis.
   *
   * @param options - {@link FlattenOptions}, or {@link FlattenOptions.dataFormat}.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options?: FlattenOptions | FlattenOptions["dataFormat"], others?: FlattenOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<FlattenOptions>("Flatten", ["dataFormat"], given);
    super(options, ["dataFormat"]);
    try {
      checkDataFormat(this.label, options.dataFormat);
      this.inputSpec = { minRank: 1 };
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    const [batch = 1, ...rest] = x.shape;
    return reshape(x, [batch, sizeOf(rest)]);
  }

  /** @internal */
  override get keepsNumbers(): boolean {
    return true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [inputShape[0] ?? null, productOf(inputShape.slice(1))];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), data_format: "channels_last" };
  }
}
