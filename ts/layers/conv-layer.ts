/**
 * Base of Conv1D and Conv2D.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { checkDataFormat } from "../ops/data-format.js";
import { concatenate, slice } from "../ops/index.js";
import { checkStrides } from "../ops/windows.js";
import { integer, MOST } from "../options.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { KernelLayer, type KernelOptions } from "./kernel-layer.js";
import { knownLength, type LayerShape } from "./layer-shape.js";
import { checkedTuple, type LayerPadding, layerPadding, type Tuple, windowedShape } from "./window-settings.js";

/** Options of convolution layers, in addition to `strides`, `padding` and `dilationRate`. */
export interface ConvOptions extends KernelOptions {
  /** Groups of channels with separate kernels; channels and filters must be multiples. Default: 1. */
  readonly groups?: number | undefined;
  /** Only `"channels_last"`. Default: null, which means the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/** Options of windows. */
interface WindowOptions extends ConvOptions {
  readonly strides?: unknown;
  readonly padding?: unknown;
  readonly dilationRate?: unknown;
}

/** Arguments of an operation, in addition to its input and kernel. */
export interface ConvolutionCall {
  readonly strides: Tuple;
  readonly padding: LayerPadding;
  readonly dilationRate: Tuple;
  readonly bias: Operand | null;
  readonly activation: "relu" | "linear";
}

/**
 * A convolution over one axis or two. The kernel's shape is its lengths, then the channels of the input and of the
 * output.
 */
export abstract class ConvLayer extends KernelLayer {
  static override readonly requiredArguments: readonly string[] = ["filters", "kernelSize"];
  /** Number of output channels. */
  readonly filters: number;
  /** Lengths of the kernel. */
  readonly kernelSize: Tuple;
  /** From one window to the next. */
  readonly strides: Tuple;
  /** How the borders are treated. */
  readonly padding: LayerPadding;
  /** From one tap of the kernel to the next. */
  readonly dilationRate: Tuple;
  /** Groups of channels with separate kernels. */
  readonly groups: number;
  readonly #rank: number;

  /** For subclasses. @internal */
  constructor(rank: number, filters: number, kernelSize: unknown, options: WindowOptions) {
    super(options, ["filters", "kernelSize", "strides", "padding", "dataFormat", "dilationRate", "groups"]);
    try {
      const { label } = this;
      checkDataFormat(label, options.dataFormat);
      this.#rank = rank;
      this.filters = integer(label, "filters", filters, 1, MOST);
      this.kernelSize = checkedTuple(label, "kernelSize", kernelSize, rank);
      this.strides = checkedTuple(label, "strides", options.strides ?? 1, rank);
      this.padding = layerPadding(label, options.padding ?? "valid", rank);
      this.dilationRate = checkedTuple(label, "dilationRate", options.dilationRate ?? 1, rank);
      this.groups = integer(label, "groups", options.groups ?? 1, 1, MOST);
      checkStrides(label, this.strides, this.dilationRate);
      this.#checkGroups("filters", filters);
      this.inputSpec = { rank: rank + 2 };
      this.settleWeights(options);
    } catch (error) {
      throw this.refused(error);
    }
  }

  /**
   * Calls the operation of the convolution.
   *
   * @param x - The input, with the batch axis.
   * @param kernel - The kernel.
   * @param call - Strides, padding, dilation, bias and activation.
   * @returns The output, with the batch axis.
   * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit
   * @internal
   */
  protected abstract convolve(x: Operand, kernel: Operand, call: ConvolutionCall): Tensor<"float32">;

  override build(inputShape: LayerShape): void {
    const channels = knownLength(this.label, inputShape, -1);
    this.#checkGroups("the channels of the input", channels);
    this.computeOutputShape(inputShape);
    this.addWeights([...this.kernelSize, channels / this.groups, this.filters], this.filters);
    this.inputSpec = { rank: this.#rank + 2, axes: { [-1]: channels } };
    super.build(inputShape);
  }

  override call(x: Operand): Tensor<"float32"> {
    this.checkBuilt();
    const { strides, padding, dilationRate } = this;
    const kernel = this.kernel as Variable;
    return this.activated((activation) => {
      const call = { strides, padding, dilationRate, activation };
      if (this.groups === 1) return this.convolve(x, kernel, { ...call, bias: this.bias });
      const parts = Array.from({ length: this.groups }, (_, i) => {
        const bias = this.bias === null ? null : this.#part(this.bias, i);
        return this.convolve(this.#part(x, i), this.#part(kernel, i), { ...call, bias });
      });
      return concatenate(parts, -1);
    });
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const { kernelSize: size, strides, padding, dilationRate } = this;
    const lengths = windowedShape(this.label, inputShape, { size, strides, padding, dilationRate });
    return [inputShape[0] ?? null, ...lengths, this.filters];
  }

  override getConfig(): Config {
    return {
      activity_regularizer: null,
      ...super.getConfig(),
      filters: this.filters,
      kernel_size: [...this.kernelSize],
      strides: [...this.strides],
      padding: this.padding,
      data_format: "channels_last",
      dilation_rate: [...this.dilationRate],
      groups: this.groups,
      ...this.kernelConfig(),
    };
  }

  /** The part of group `i` along the last axis. */
  #part(x: Operand, i: number): Tensor<"float32"> {
    const length = (x.shape.at(-1) as number) / this.groups;
    const begin = x.shape.map((_, axis) => (axis === x.shape.length - 1 ? i * length : 0));
    return slice(x, begin, [...x.shape.slice(0, -1), length]);
  }

  #checkGroups(what: string, count: number): void {
    if (count % this.groups === 0) return;
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `${this.label}: ${what}, ${count}, must be a multiple of "groups", ${this.groups}.`,
    );
  }
}
