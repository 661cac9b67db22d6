/**
 * Conv1D.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import { type Conv1dOptions, conv1d } from "../ops/convolution.js";
import type { Tensor } from "../tensor.js";
import { ConvLayer, type ConvOptions, type ConvolutionCall } from "./conv-layer.js";
import type { LayerPadding } from "./window-settings.js";

/** One number, alone or in a list. */
export type Single = number | readonly [number];

/** Options of {@link Conv1D}. */
export interface Conv1DOptions extends ConvOptions {
  /** Step between windows. Default: 1. */
  readonly strides?: Single | undefined;
  /** `"causal"`: an output depends only on the same and earlier steps. Default: `"valid"`. */
  readonly padding?: LayerPadding | undefined;
  /** Distance between taps of the kernel; not above 1 together with strides. Default: 1. */
  readonly dilationRate?: Single | undefined;
}

/**
 * Convolution over sequences, batch x steps x channels. The output is batch x steps x filters.
 *
 * @see [keras.layers.Conv1D](https://keras.io/api/layers/convolution_layers/convolution1d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const sequences = tensor(new Float32Array(2 * 10 * 3), [2, 10, 3]);
 * console.log(new layers.Conv1D(4, 3, { padding: "causal" }).apply(sequences).shape); // [2, 10, 4]
 * ```
 */
export class Conv1D extends ConvLayer {
  static override readonly className = "Conv1D";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a convolution over sequences.
   *
   * @param filters - Number of output channels.
   * @param kernelSize - Length of a window, in steps.
   * @param strides - {@link Conv1DOptions.strides}, or the options.
   * @param padding - {@link Conv1DOptions.padding}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown activation, initializer, regularizer or
   * constraint
   */
  constructor(
    filters: number,
    kernelSize: Single | (Conv1DOptions & { readonly kernelSize: Single }),
    strides?: Conv1DOptions["strides"] | Conv1DOptions,
    padding?: Conv1DOptions["padding"] | Conv1DOptions,
    others?: Conv1DOptions,
  );
  /**
   * Creates a convolution over sequences.
   *
   * @param options - All arguments by name.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown activation, initializer, regularizer or
   * constraint
   */
  constructor(options: Conv1DOptions & { readonly filters: number; readonly kernelSize: Single });
  constructor(...given: unknown[]) {
    const { filters, kernelSize, ...options } = placedOptions<
      Conv1DOptions & { readonly filters: number; readonly kernelSize: Single }
    >("Conv1D", ["filters", "kernelSize", "strides", "padding"], given);
    super(1, filters, kernelSize, options);
  }

  /** @internal */
  protected override convolve(x: Operand, kernel: Operand, call: ConvolutionCall): Tensor<"float32"> {
    return conv1d(x, kernel, call as unknown as Conv1dOptions);
  }
}
