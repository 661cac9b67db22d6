/**
 * Pooling over whole images and sequences.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { checkDataFormat } from "../ops/data-format.js";
import { max, mean } from "../ops/index.js";
import type { ReduceOptions } from "../ops/reduction.js";
import { boolean } from "../options.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** Options of layers that pool over all of their input. */
export interface GlobalPoolingOptions extends LayerOptions {
  /** Whether to keep the pooled axes, with length 1. Default: false. */
  readonly keepdims?: boolean | undefined;
  /** Only `"channels_last"`. Default: null, which means the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

type Reduce = (x: Operand, options: ReduceOptions) => Tensor<"float32">;

/** Pooling over all axes but batch and channels. */
abstract class GlobalPooling extends Layer {
  /** Whether the pooled axes are kept with length 1. */
  readonly keepdims: boolean;
  readonly #axes: readonly number[];
  readonly #reduce: Reduce;

  constructor(axes: readonly number[], reduce: Reduce, options: GlobalPoolingOptions) {
    super(options, ["keepdims", "dataFormat"]);
    try {
      checkDataFormat(this.label, options.dataFormat);
      this.keepdims = boolean(this.label, "keepdims", options.keepdims ?? false);
      this.inputSpec = { rank: axes.length + 2 };
      this.#axes = axes;
      this.#reduce = reduce;
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    return this.#reduce(x, { axis: this.#axes, keepdims: this.keepdims });
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const ones = this.keepdims ? this.#axes.map(() => 1) : [];
    return [inputShape[0] ?? null, ...ones, inputShape.at(-1) ?? null];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), data_format: "channels_last", keepdims: this.keepdims };
  }
}

/**
 * Takes the mean of each channel over the whole image: batch x height x width x channels becomes batch x channels.
 *
 * @see [keras.layers.GlobalAveragePooling2D](https://keras.io/api/layers/pooling_layers/global_average_pooling2d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(new layers.GlobalAveragePooling2D().apply(image).array()); // Float32Array [2.5]
 * ```
 */
export class GlobalAveragePooling2D extends GlobalPooling {
  static override readonly className = "GlobalAveragePooling2D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that averages whole images.
   *
   * @param options - {@link GlobalPoolingOptions}, or {@link GlobalPoolingOptions.dataFormat}.
   * @param keepdims - {@link GlobalPoolingOptions.keepdims}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: GlobalPoolingOptions | GlobalPoolingOptions["dataFormat"],
    keepdims?: GlobalPoolingOptions["keepdims"] | GlobalPoolingOptions,
    others?: GlobalPoolingOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<GlobalPoolingOptions>("GlobalAveragePooling2D", ["dataFormat", "keepdims"], given);
    super([1, 2], mean, options);
  }
}

/**
 * Takes the largest number of each channel over the whole image: batch x height x width x channels becomes batch x
 * channels.
 *
 * @see [keras.layers.GlobalMaxPooling2D](https://keras.io/api/layers/pooling_layers/global_max_pooling2d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(new layers.GlobalMaxPooling2D().apply(image).array()); // Float32Array [4]
 * ```
 */
export class GlobalMaxPooling2D extends GlobalPooling {
  static override readonly className = "GlobalMaxPooling2D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that takes the largest number of whole images.
   *
   * @param options - {@link GlobalPoolingOptions}, or {@link GlobalPoolingOptions.dataFormat}.
   * @param keepdims - {@link GlobalPoolingOptions.keepdims}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: GlobalPoolingOptions | GlobalPoolingOptions["dataFormat"],
    keepdims?: GlobalPoolingOptions["keepdims"] | GlobalPoolingOptions,
    others?: GlobalPoolingOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<GlobalPoolingOptions>("GlobalMaxPooling2D", ["dataFormat", "keepdims"], given);
    super([1, 2], max, options);
  }
}

/**
 * Takes the mean of each channel over the whole sequence, such as the word vectors of a text: batch x steps x channels
 * becomes batch x channels.
 *
 * @see [keras.layers.GlobalAveragePooling1D](https://keras.io/api/layers/pooling_layers/global_average_pooling1d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const sequence = tensor([1, 3], [1, 2, 1]);
 * console.log(new layers.GlobalAveragePooling1D().apply(sequence).array()); // Float32Array [2]
 * ```
 */
export class GlobalAveragePooling1D extends GlobalPooling {
  static override readonly className = "GlobalAveragePooling1D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that averages whole sequences.
   *
   * @param options - {@link GlobalPoolingOptions}, or {@link GlobalPoolingOptions.dataFormat}.
   * @param keepdims - {@link GlobalPoolingOptions.keepdims}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: GlobalPoolingOptions | GlobalPoolingOptions["dataFormat"],
    keepdims?: GlobalPoolingOptions["keepdims"] | GlobalPoolingOptions,
    others?: GlobalPoolingOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<GlobalPoolingOptions>("GlobalAveragePooling1D", ["dataFormat", "keepdims"], given);
    super([1], mean, options);
  }
}

/**
 * Takes the largest number of each channel over the whole sequence: batch x steps x channels becomes batch x channels.
 *
 * @see [keras.layers.GlobalMaxPooling1D](https://keras.io/api/layers/pooling_layers/global_max_pooling1d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const sequence = tensor([1, 3], [1, 2, 1]);
 * console.log(new layers.GlobalMaxPooling1D().apply(sequence).array()); // Float32Array [3]
 * ```
 */
export class GlobalMaxPooling1D extends GlobalPooling {
  static override readonly className = "GlobalMaxPooling1D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that takes the largest number of whole sequences.
   *
   * @param options - {@link GlobalPoolingOptions}, or {@link GlobalPoolingOptions.dataFormat}.
   * @param keepdims - {@link GlobalPoolingOptions.keepdims}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: GlobalPoolingOptions | GlobalPoolingOptions["dataFormat"],
    keepdims?: GlobalPoolingOptions["keepdims"] | GlobalPoolingOptions,
    others?: GlobalPoolingOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<GlobalPoolingOptions>("GlobalMaxPooling1D", ["dataFormat", "keepdims"], given);
    super([1], max, options);
  }
}
