/**
 * GlobalAveragePooling2D and GlobalMaxPooling2D.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { max, mean } from "../ops/index.js";
import { boolean } from "../options.js";
import type { Tensor } from "../tensor.js";
import { checkDataFormat } from "./data-format.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** Options of {@link GlobalAveragePooling2D} and {@link GlobalMaxPooling2D}. */
export interface GlobalPooling2DOptions extends LayerOptions {
  /** Keep height and width as axes of 1. Default: false. */
  readonly keepdims?: boolean | undefined;
  /** Only `"channels_last"`. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/** Pooling over whole images. */
abstract class GlobalPooling2D extends Layer {
  /** Whether height and width are kept as axes of 1. */
  readonly keepdims: boolean;

  constructor(options: GlobalPooling2DOptions) {
    super(options, ["keepdims", "dataFormat"]);
    checkDataFormat(this.label, options.dataFormat);
    this.keepdims = boolean(this.label, "keepdims", options.keepdims ?? false);
    this.inputSpec = { rank: 4 };
  }

  override computeOutputShape([batch = null, , , channels = null]: LayerShape): LayerShape {
    return this.keepdims ? [batch, 1, 1, channels] : [batch, channels];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), data_format: "channels_last", keepdims: this.keepdims };
  }
}

/**
 * The mean of each channel over the whole image.
 *
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(new layers.GlobalAveragePooling2D().apply(image).array()); // Float32Array [2.5]
 * ```
 */
export class GlobalAveragePooling2D extends GlobalPooling2D {
  static override readonly className = "GlobalAveragePooling2D";

  /** @param options - `keepdims`. @throws ValueError, TypeError */
  constructor(options: GlobalPooling2DOptions = {}) {
    super(options);
  }

  override call(x: Operand): Tensor<"float32"> {
    return mean(x, { axis: [1, 2], keepdims: this.keepdims });
  }
}

/** The largest number of each channel over the whole image. */
export class GlobalMaxPooling2D extends GlobalPooling2D {
  static override readonly className = "GlobalMaxPooling2D";

  /** @param options - `keepdims`. @throws ValueError, TypeError */
  constructor(options: GlobalPooling2DOptions = {}) {
    super(options);
  }

  override call(x: Operand): Tensor<"float32"> {
    return max(x, { axis: [1, 2], keepdims: this.keepdims });
  }
}
