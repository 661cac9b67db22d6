/**
 * Conv2DTranspose.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { conv2dTranspose } from "../ops/convolution.js";
import { checkDataFormat } from "../ops/data-format.js";
import { checkedPadding, checkedPair, checkStrides, type Padding, type Pair, windowsUnder } from "../ops/windows.js";
import { integer, isList, MOST, oneOrMore, refuseRange } from "../options.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { KernelLayer, type KernelOptions } from "./kernel-layer.js";
import { knownLength, type LayerShape } from "./layer-shape.js";

/** Options of {@link Conv2DTranspose}. */
export interface Conv2DTransposeOptions extends KernelOptions {
  /** Factor by which the output is larger than the input. Default: 1. */
  readonly strides?: Pair | undefined;
  /**
   * `"same"`: the output has the input's size times the strides. Default: `"valid"`, where windows extend beyond that.
   */
  readonly padding?: Padding | undefined;
  /**
   * Rows and columns added to the smallest possible output; less than the strides. Default: null, as in Keras without
   * it.
   */
  readonly outputPadding?: Pair | null | undefined;
  /** Distance between taps of the kernel, in pixels; not above 1 together with strides. Default: 1. */
  readonly dilationRate?: Pair | undefined;
  /** Only `"channels_last"`. Default: null, which means the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/**
 * Transposed convolution over images: strides enlarge them. The kernel is height x width x filters x
 * channels.
 *
 * @see [keras.layers.Conv2DTranspose](https://keras.io/api/layers/convolution_layers/convolution2d_transpose/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const images = tensor(new Float32Array(4 * 4 * 3), [1, 4, 4, 3]);
 * const layer = new layers.Conv2DTranspose(8, 3, { strides: 2, padding: "same" });
 * console.log(layer.apply(images).shape); // [1, 8, 8, 8]
 * ```
 */
export class Conv2DTranspose extends KernelLayer {
  static override readonly className = "Conv2DTranspose";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["filters", "kernelSize"];
  /** Number of output channels. */
  readonly filters: number;
  /** Height and width of a window. */
  readonly kernelSize: readonly [number, number];
  /** Factor by which the output is larger. */
  readonly strides: readonly [number, number];
  /** How the borders are treated. */
  readonly padding: Padding;
  /** Rows and columns added to the smallest possible output, or `null`. */
  readonly outputPadding: readonly [number, number] | null;
  /** Distance between taps of the kernel, in pixels. */
  readonly dilationRate: readonly [number, number];

  /**
   * Creates a transposed convolution over images.
   *
   * @param filters - Number of output channels.
   * @param kernelSize - Height and width of a window, or one number for both, in pixels.
   * @param strides - {@link Conv2DTransposeOptions.strides}, or the options.
   * @param padding - {@link Conv2DTransposeOptions.padding}, or the options.
   * @param outputPadding - {@link Conv2DTransposeOptions.outputPadding}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown activation, initializer, regularizer or
   * constraint
   */
  constructor(
    filters: number,
    kernelSize: Pair | (Conv2DTransposeOptions & { readonly kernelSize: Pair }),
    strides?: Conv2DTransposeOptions["strides"] | Conv2DTransposeOptions,
    padding?: Conv2DTransposeOptions["padding"] | Conv2DTransposeOptions,
    outputPadding?: Conv2DTransposeOptions["outputPadding"] | Conv2DTransposeOptions,
    others?: Conv2DTransposeOptions,
  );
  /**
   * Creates a transposed convolution over images.
   *
   * @param options - All arguments by name.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown activation, initializer, regularizer or
   * constraint
   */
  constructor(options: Conv2DTransposeOptions & { readonly filters: number; readonly kernelSize: Pair });
  constructor(...given: unknown[]) {
    const { filters, kernelSize, ...options } = placedOptions<
      Conv2DTransposeOptions & { readonly filters: number; readonly kernelSize: Pair }
    >("Conv2DTranspose", ["filters", "kernelSize", "strides", "padding", "outputPadding"], given);
    super(options, ["filters", "kernelSize", "strides", "padding", "outputPadding", "dataFormat", "dilationRate"]);
    try {
      const { label } = this;
      checkDataFormat(label, options.dataFormat);
      this.filters = integer(label, "filters", filters, 1, MOST);
      this.kernelSize = checkedPair(label, "kernelSize", kernelSize);
      this.strides = checkedPair(label, "strides", options.strides ?? 1);
      this.padding = checkedPadding(label, options.padding ?? "valid", ["valid", "same"]);
      this.outputPadding = checkedOutputPadding(label, options.outputPadding ?? null, this.strides);
      this.dilationRate = checkedPair(label, "dilationRate", options.dilationRate ?? 1);
      checkStrides(label, this.strides, this.dilationRate);
      this.inputSpec = { rank: 4 };
      this.settleWeights(options);
    } catch (error) {
      throw this.refused(error);
    }
  }

  override build(inputShape: LayerShape): void {
    const channels = knownLength(this.label, inputShape, -1);
    this.addWeights([...this.kernelSize, this.filters, channels], this.filters);
    this.inputSpec = { rank: 4, axes: { [-1]: channels } };
    super.build(inputShape);
  }

  override call(x: Operand): Tensor<"float32"> {
    this.checkBuilt();
    const { strides, padding, outputPadding, dilationRate } = this;
    return this.activated((activation) =>
      conv2dTranspose(x, this.kernel as Variable, {
        strides,
        padding,
        outputPadding,
        dilationRate,
        bias: this.bias,
        activation,
      }),
    );
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const lengths = ([0, 1] as const).map((axis) => {
      const length = inputShape[axis + 1] ?? null;
      if (length === null) return null;
      const more = this.outputPadding?.[axis] ?? null;
      const [size, stride, dilation] = [this.kernelSize[axis], this.strides[axis], this.dilationRate[axis]];
      return windowsUnder(length, size, stride, this.padding, dilation, more).count;
    });
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
      output_padding: this.outputPadding === null ? null : [...this.outputPadding],
      data_format: "channels_last",
      dilation_rate: [...this.dilationRate],
      ...this.kernelConfig(),
    };
  }
}

function checkedOutputPadding(owner: string, value: unknown, strides: readonly [number, number]) {
  if (value === null) return null;
  const both = isList(value) ? oneOrMore(value) : [value, value];
  if (both.length !== 2) refuseRange(owner, "outputPadding", "a number, or one for rows and one for columns", value);
  const [rows, columns] = both;
  const pair = [
    integer(owner, "outputPadding", rows, 0, MOST),
    integer(owner, "outputPadding", columns, 0, MOST),
  ] as const;
  if (pair[0] >= strides[0] || pair[1] >= strides[1]) {
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `${owner}: "${argumentName("outputPadding")}" must be below the strides (${strides.join(" x ")}), got ${pair.join(" x ")}.`,
    );
  }
  return pair;
}
