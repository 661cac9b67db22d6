/**
 * MaxPooling2D and AveragePooling2D.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { averagePool2d, maxPool2d, type Pool2dOptions } from "../ops/pooling.js";
import { checkedPadding, checkedPair, type Padding, type Pair } from "../ops/windows.js";
import type { Tensor } from "../tensor.js";
import { checkDataFormat } from "./data-format.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";
import { windowedShape } from "./window-settings.js";

/** Options of {@link MaxPooling2D} and {@link AveragePooling2D}. */
export interface Pooling2DOptions extends LayerOptions {
  /** Height and width of a window, or one number for both. Default: 2. */
  readonly poolSize?: Pair | undefined;
  /** Pixels from one window to the next. Default: the size of a window. */
  readonly strides?: Pair | null | undefined;
  /** Default: `"valid"`. Pixels outside the image never count. */
  readonly padding?: Padding | undefined;
  /** Only `"channels_last"`. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/** Pooling over images. */
abstract class Pooling2D extends Layer {
  /** Height and width of a window. */
  readonly poolSize: readonly [number, number];
  /** Pixels from one window to the next. */
  readonly strides: readonly [number, number];
  /** How the borders are treated. */
  readonly padding: Padding;

  constructor(options: Pooling2DOptions) {
    super(options, ["poolSize", "strides", "padding", "dataFormat"]);
    const { label } = this;
    checkDataFormat(label, options.dataFormat);
    this.poolSize = checkedPair(label, "poolSize", options.poolSize ?? 2);
    this.strides = checkedPair(label, "strides", options.strides ?? this.poolSize);
    this.padding = checkedPadding(label, options.padding ?? "valid", ["valid", "same"]);
    this.inputSpec = { rank: 4 };
  }

  protected abstract pool(x: Operand, size: Pair, options: Pool2dOptions): Tensor<"float32">;

  override call(x: Operand): Tensor<"float32"> {
    const { strides, padding } = this;
    return this.pool(x, this.poolSize, { strides, padding });
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const { poolSize: size, strides, padding } = this;
    const lengths = windowedShape(this.label, inputShape, { size, strides, padding, dilationRate: [1, 1] });
    return [inputShape[0] ?? null, ...lengths, inputShape[3] ?? null];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      pool_size: [...this.poolSize],
      padding: this.padding,
      strides: [...this.strides],
      data_format: "channels_last",
    };
  }
}

/**
 * The largest number of each window of an image, channel by channel.
 *
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(new layers.MaxPooling2D({ poolSize: 2 }).apply(image).array()); // Float32Array [4]
 * ```
 */
export class MaxPooling2D extends Pooling2D {
  static override readonly className = "MaxPooling2D";

  /** @param options - `poolSize`, `strides`, `padding`. @throws ValueError, TypeError */
  constructor(options: Pooling2DOptions = {}) {
    super(options);
  }

  protected override pool(x: Operand, size: Pair, options: Pool2dOptions): Tensor<"float32"> {
    return maxPool2d(x, size, options);
  }
}

/**
 * The mean of each window of an image, channel by channel.
 *
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(new layers.AveragePooling2D({ poolSize: 2 }).apply(image).array()); // Float32Array [2.5]
 * ```
 */
export class AveragePooling2D extends Pooling2D {
  static override readonly className = "AveragePooling2D";

  /** @param options - `poolSize` (which Keras demands here), `strides`, `padding`. @throws ValueError, TypeError */
  constructor(options: Pooling2DOptions = {}) {
    super(options);
  }

  protected override pool(x: Operand, size: Pair, options: Pool2dOptions): Tensor<"float32"> {
    return averagePool2d(x, size, options);
  }
}
