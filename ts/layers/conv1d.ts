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
  /** Steps from one window to the next. Default: 1. */
  readonly strides?: Single | undefined;
  /** `"causal"`: a step sees itself and earlier ones, never later ones. Default: `"valid"`. */
  readonly padding?: LayerPadding | undefined;
  /** Steps from one tap of the kernel to the next; not above 1 together with strides. Default: 1. */
  readonly dilationRate?: Single | undefined;
}

/**
 * Convolution over sequences, batch x steps x channels.
 *
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
   * Convolution over sequences, batch x steps x channels.
   *
   * @param filters - Number of output channels.
   * @param kernelSize - Length of a window.
   * @throws ValueError, TypeError
   */
  constructor(
    filters: number | (Conv1DOptions & { readonly filters: number; readonly kernelSize: Single }),
    kernelSize?: Single,
    strides?: Conv1DOptions["strides"] | Conv1DOptions,
    padding?: Conv1DOptions["padding"] | Conv1DOptions,
    others?: Conv1DOptions,
  );
  constructor(...given: unknown[]) {
    const { filters, kernelSize, ...options } = placedOptions<
      Conv1DOptions & { readonly filters: number; readonly kernelSize: Single }
    >("Conv1D", ["filters", "kernelSize", "strides", "padding"], given);
    super(1, filters, kernelSize, options);
  }

  protected override convolve(x: Operand, kernel: Operand, call: ConvolutionCall): Tensor<"float32"> {
    return conv1d(x, kernel, call as unknown as Conv1dOptions);
  }
}
