/**
 * Pooling over images and sequences.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { checkDataFormat } from "../ops/data-format.js";
import { reshape } from "../ops/index.js";
import { averagePool2d, maxPool2d, type Pool2dOptions } from "../ops/pooling.js";
import { checkedPadding, type Padding, type Pair } from "../ops/windows.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";
import { checkedTuple, type Tuple, windowedShape } from "./window-settings.js";

/** Options of pooling layers, in addition to the size of a window. */
interface PoolingOptions extends LayerOptions {
  /** Padding at the borders; values outside of the input never count. Default: `"valid"`. */
  readonly padding?: Padding | undefined;
  /** Only `"channels_last"`. Default: null, which means the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/** Options of {@link MaxPooling2D} and {@link AveragePooling2D}. */
export interface Pooling2DOptions extends PoolingOptions {
  /** Height and width of a window, or one number for both. Default: 2. */
  readonly poolSize?: Pair | undefined;
  /** Step between windows, in pixels. Default: the size of a window. */
  readonly strides?: Pair | null | undefined;
}

/** Options of {@link MaxPooling1D} and {@link AveragePooling1D}. */
export interface Pooling1DOptions extends PoolingOptions {
  /** Length of a window. Default: 2. */
  readonly poolSize?: number | readonly [number] | undefined;
  /** Step between windows. Default: the length of a window. */
  readonly strides?: number | readonly [number] | null | undefined;
}

type Pool = (x: Operand, size: Pair, options: Pool2dOptions) => Tensor<"float32">;

/** Pooling along one axis or two. */
abstract class Pooling extends Layer {
  /** Lengths of a window. */
  readonly poolSize: Tuple;
  /** From one window to the next. */
  readonly strides: Tuple;
  /** How the borders are treated. */
  readonly padding: Padding;
  readonly #pool: Pool;

  constructor(rank: number, pool: Pool, options: Pooling1DOptions | Pooling2DOptions) {
    super(options, ["poolSize", "strides", "padding", "dataFormat"]);
    try {
      const { label } = this;
      checkDataFormat(label, options.dataFormat);
      this.poolSize = checkedTuple(label, "poolSize", options.poolSize ?? 2, rank);
      this.strides = checkedTuple(label, "strides", options.strides ?? this.poolSize, rank);
      this.padding = checkedPadding(label, options.padding ?? "valid", ["valid", "same"]);
      this.inputSpec = { rank: rank + 2 };
      this.#pool = pool;
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    const [rows = 1, columns] = this.poolSize;
    const [down = 1, right] = this.strides;
    const { padding } = this;
    if (columns !== undefined) return this.#pool(x, [rows, columns], { strides: [down, right ?? 1], padding });
    // A sequence is an image of one row.
    const [batch = 1, steps = 1, channels = 1] = x.shape;
    const y = this.#pool(reshape(x, [batch, 1, steps, channels]), [1, rows], { strides: [1, down], padding });
    return reshape(y, [batch, y.shape[2]!, channels]);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const { poolSize: size, strides, padding } = this;
    const lengths = windowedShape(this.label, inputShape, { size, strides, padding, dilationRate: [1, 1] });
    return [inputShape[0] ?? null, ...lengths, inputShape.at(-1) ?? null];
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
 * Takes the largest number of each window of an image, channel by channel.
 *
 * @see [keras.layers.MaxPooling2D](https://keras.io/api/layers/pooling_layers/max_pooling2d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(new layers.MaxPooling2D({ poolSize: 2 }).apply(image).array()); // Float32Array [4]
 * ```
 */
export class MaxPooling2D extends Pooling {
  static override readonly className = "MaxPooling2D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that takes the largest number of each window.
   *
   * @param options - {@link Pooling2DOptions}, or {@link Pooling2DOptions.poolSize}.
   * @param strides - {@link Pooling2DOptions.strides}, or the options.
   * @param padding - {@link Pooling2DOptions.padding}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: Pooling2DOptions | Pooling2DOptions["poolSize"],
    strides?: Pooling2DOptions["strides"] | Pooling2DOptions,
    padding?: Pooling2DOptions["padding"] | Pooling2DOptions,
    others?: Pooling2DOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<Pooling2DOptions>("MaxPooling2D", ["poolSize", "strides", "padding"], given);
    super(2, maxPool2d, options);
  }
}

/**
 * Takes the mean of each window of an image, channel by channel.
 *
 * @see [keras.layers.AveragePooling2D](https://keras.io/api/layers/pooling_layers/average_pooling2d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(new layers.AveragePooling2D({ poolSize: 2 }).apply(image).array()); // Float32Array [2.5]
 * ```
 */
export class AveragePooling2D extends Pooling {
  static override readonly className = "AveragePooling2D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that averages each window. Keras requires `poolSize`.
   *
   * @param options - {@link Pooling2DOptions}, or {@link Pooling2DOptions.poolSize}.
   * @param strides - {@link Pooling2DOptions.strides}, or the options.
   * @param padding - {@link Pooling2DOptions.padding}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: Pooling2DOptions | Pooling2DOptions["poolSize"],
    strides?: Pooling2DOptions["strides"] | Pooling2DOptions,
    padding?: Pooling2DOptions["padding"] | Pooling2DOptions,
    others?: Pooling2DOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<Pooling2DOptions>("AveragePooling2D", ["poolSize", "strides", "padding"], given);
    super(2, averagePool2d, options);
  }
}

/**
 * Takes the largest number of each window of a sequence, channel by channel.
 *
 * @see [keras.layers.MaxPooling1D](https://keras.io/api/layers/pooling_layers/max_pooling1d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const sequence = tensor([1, 2, 3, 4], [1, 4, 1]);
 * console.log(new layers.MaxPooling1D(2).apply(sequence).array()); // Float32Array [2, 4]
 * ```
 */
export class MaxPooling1D extends Pooling {
  static override readonly className = "MaxPooling1D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that takes the largest number of each window.
   *
   * @param options - {@link Pooling1DOptions}, or {@link Pooling1DOptions.poolSize}.
   * @param strides - {@link Pooling1DOptions.strides}, or the options.
   * @param padding - {@link Pooling1DOptions.padding}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: Pooling1DOptions | Pooling1DOptions["poolSize"],
    strides?: Pooling1DOptions["strides"] | Pooling1DOptions,
    padding?: Pooling1DOptions["padding"] | Pooling1DOptions,
    others?: Pooling1DOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<Pooling1DOptions>("MaxPooling1D", ["poolSize", "strides", "padding"], given);
    super(1, maxPool2d, options);
  }
}

/**
 * Takes the mean of each window of a sequence, channel by channel.
 *
 * @see [keras.layers.AveragePooling1D](https://keras.io/api/layers/pooling_layers/average_pooling1d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const sequence = tensor([1, 2, 3, 4], [1, 4, 1]);
 * console.log(new layers.AveragePooling1D(2).apply(sequence).array()); // Float32Array [1.5, 3.5]
 * ```
 */
export class AveragePooling1D extends Pooling {
  static override readonly className = "AveragePooling1D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that averages each window. Keras requires `poolSize`.
   *
   * @param options - {@link Pooling1DOptions}, or {@link Pooling1DOptions.poolSize}.
   * @param strides - {@link Pooling1DOptions.strides}, or the options.
   * @param padding - {@link Pooling1DOptions.padding}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: Pooling1DOptions | Pooling1DOptions["poolSize"],
    strides?: Pooling1DOptions["strides"] | Pooling1DOptions,
    padding?: Pooling1DOptions["padding"] | Pooling1DOptions,
    others?: Pooling1DOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<Pooling1DOptions>("AveragePooling1D", ["poolSize", "strides", "padding"], given);
    super(1, averagePool2d, options);
  }
}
