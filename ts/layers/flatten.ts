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
  /** Only `"channels_last"`. Default: null, the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/**
 * All axes but the batch axis made one.
 *
 * @throws ValueError, TypeError
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
