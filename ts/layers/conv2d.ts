/**
 * Conv2D.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import { type Conv2dOptions, conv2d } from "../ops/convolution.js";
import type { Padding, Pair } from "../ops/windows.js";
import type { Tensor } from "../tensor.js";
import { ConvLayer, type ConvOptions, type ConvolutionCall } from "./conv-layer.js";

/** Options of {@link Conv2D}. */
export interface Conv2DOptions extends ConvOptions {
  /** Step between windows, in pixels. Default: 1. */
  readonly strides?: Pair | undefined;
  /** `"valid"`: windows stay inside the image. `"same"`: zeros around it. Default: `"valid"`. */
  readonly padding?: Padding | undefined;
  /** Distance between taps of the kernel, in pixels; not above 1 together with strides. Default: 1. */
  readonly dilationRate?: Pair | undefined;
}

/**
 * Convolution over images, batch x height x width x channels. The output is batch x rows x columns x filters.
 *
 * @see [keras.layers.Conv2D](https://keras.io/api/layers/convolution_layers/convolution2d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const images = tensor(new Float32Array(2 * 28 * 28), [2, 28, 28, 1]);
 * console.log(new layers.Conv2D(8, 3, { activation: "relu" }).apply(images).shape); // [2, 26, 26, 8]
 * ```
 */
export class Conv2D extends ConvLayer {
  static override readonly className = "Conv2D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a convolution over images.
   *
   * @param filters - Number of output channels.
   * @param kernelSize - Height and width of a window, or one number for both, in pixels.
   * @param strides - {@link Conv2DOptions.strides}, or the options.
   * @param padding - {@link Conv2DOptions.padding}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown activation, initializer, regularizer or
   * constraint
   */
  constructor(
    filters: number,
    kernelSize: Pair | (Conv2DOptions & { readonly kernelSize: Pair }),
    strides?: Conv2DOptions["strides"] | Conv2DOptions,
    padding?: Conv2DOptions["padding"] | Conv2DOptions,
    others?: Conv2DOptions,
  );
  /**
   * Creates a convolution over images.
   *
   * @param options - All arguments by name.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown activation, initializer, regularizer or
   * constraint
   */
  constructor(options: Conv2DOptions & { readonly filters: number; readonly kernelSize: Pair });
  constructor(...given: unknown[]) {
    const { filters, kernelSize, ...options } = placedOptions<
      Conv2DOptions & { readonly filters: number; readonly kernelSize: Pair }
    >("Conv2D", ["filters", "kernelSize", "strides", "padding"], given);
    super(2, filters, kernelSize, options);
  }

  /** @internal */
  protected override convolve(x: Operand, kernel: Operand, call: ConvolutionCall): Tensor<"float32"> {
    return conv2d(x, kernel, call as Conv2dOptions);
  }
}
