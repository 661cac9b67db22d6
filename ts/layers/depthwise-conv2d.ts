/**
 * DepthwiseConv2D.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import type { ConstraintIdentifier } from "../constraints/index.js";
import type { InitializerIdentifier } from "../initializers/index.js";
import { depthwiseConv2d } from "../ops/convolution.js";
import { checkDataFormat } from "../ops/data-format.js";
import { checkedPadding, checkedPair, checkStrides, type Padding, type Pair } from "../ops/windows.js";
import { integer, MOST } from "../options.js";
import type { RegularizerIdentifier } from "../regularizers/index.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { type BiasOptions, KernelLayer } from "./kernel-layer.js";
import { knownLength, type LayerShape } from "./layer-shape.js";
import { windowedShape } from "./window-settings.js";

/** Options of {@link DepthwiseConv2D}. */
export interface DepthwiseConv2DOptions extends BiasOptions {
  /** Step between windows, in pixels. Default: 1. */
  readonly strides?: Pair | undefined;
  /** `"valid"`: windows stay inside the image. `"same"`: zeros around it. Default: `"valid"`. */
  readonly padding?: Padding | undefined;
  /** Output channels for each input channel. Default: 1. */
  readonly depthMultiplier?: number | undefined;
  /** Distance between taps of the kernel, in pixels; not above 1 together with strides. Default: 1. */
  readonly dilationRate?: Pair | undefined;
  /** Initial values of the kernel. Default: `"glorotUniform"`. */
  readonly depthwiseInitializer?: InitializerIdentifier | undefined;
  /** Penalty on the kernel. Default: none. */
  readonly depthwiseRegularizer?: RegularizerIdentifier | null | undefined;
  /** Constraint on the kernel. Default: none. */
  readonly depthwiseConstraint?: ConstraintIdentifier | null | undefined;
  /** Only `"channels_last"`. Default: null, which means the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/**
 * Convolution over images with separate kernels for each channel. The kernel is height x width x channels x multiplier.
 *
 * @see [keras.layers.DepthwiseConv2D](https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const images = tensor(new Float32Array(8 * 8 * 3), [1, 8, 8, 3]);
 * console.log(new layers.DepthwiseConv2D(3, { depthMultiplier: 2 }).apply(images).shape); // [1, 6, 6, 6]
 * ```
 */
export class DepthwiseConv2D extends KernelLayer {
  static override readonly className = "DepthwiseConv2D";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["kernelSize"];
  /** Height and width of a window. */
  readonly kernelSize: readonly [number, number];
  /** Step between windows, in pixels. */
  readonly strides: readonly [number, number];
  /** How the borders are treated. */
  readonly padding: Padding;
  /** Output channels for each input channel. */
  readonly depthMultiplier: number;
  /** Distance between taps of the kernel, in pixels. */
  readonly dilationRate: readonly [number, number];

  /**
   * Creates a convolution over images with separate kernels for each channel.
   *
   * @param kernelSize - Height and width of a window, or one number for both, in pixels; or the options.
   * @param strides - {@link DepthwiseConv2DOptions.strides}, or the options.
   * @param padding - {@link DepthwiseConv2DOptions.padding}, or the options.
   * @param depthMultiplier - {@link DepthwiseConv2DOptions.depthMultiplier}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown activation, initializer, regularizer or
   * constraint
   */
  constructor(
    kernelSize: Pair | (DepthwiseConv2DOptions & { readonly kernelSize: Pair }),
    strides?: DepthwiseConv2DOptions["strides"] | DepthwiseConv2DOptions,
    padding?: DepthwiseConv2DOptions["padding"] | DepthwiseConv2DOptions,
    depthMultiplier?: DepthwiseConv2DOptions["depthMultiplier"] | DepthwiseConv2DOptions,
    others?: DepthwiseConv2DOptions,
  );
  constructor(...given: unknown[]) {
    const { kernelSize, ...options } = placedOptions<DepthwiseConv2DOptions & { readonly kernelSize: Pair }>(
      "DepthwiseConv2D",
      ["kernelSize", "strides", "padding", "depthMultiplier"],
      given,
    );
    super(options, ["kernelSize", "strides", "padding", "depthMultiplier", "dataFormat", "dilationRate"], "depthwise");
    try {
      const { label } = this;
      checkDataFormat(label, options.dataFormat);
      this.kernelSize = checkedPair(label, "kernelSize", kernelSize);
      this.strides = checkedPair(label, "strides", options.strides ?? 1);
      this.padding = checkedPadding(label, options.padding ?? "valid", ["valid", "same"]);
      this.depthMultiplier = integer(label, "depthMultiplier", options.depthMultiplier ?? 1, 1, MOST);
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
    this.computeOutputShape(inputShape);
    this.addWeights([...this.kernelSize, channels, this.depthMultiplier], channels * this.depthMultiplier);
    this.inputSpec = { rank: 4, axes: { [-1]: channels } };
    super.build(inputShape);
  }

  override call(x: Operand): Tensor<"float32"> {
    this.checkBuilt();
    const { strides, padding, dilationRate } = this;
    return this.activated((activation) =>
      depthwiseConv2d(x, this.kernel as Variable, {
        strides,
        padding,
        dilationRate,
        bias: this.bias,
        activation,
      }),
    );
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const { kernelSize: size, strides, padding, dilationRate } = this;
    const lengths = windowedShape(this.label, inputShape, { size, strides, padding, dilationRate });
    const channels = inputShape.at(-1) ?? null;
    return [inputShape[0] ?? null, ...lengths, channels === null ? null : channels * this.depthMultiplier];
  }

  override getConfig(): Config {
    return {
      activity_regularizer: null,
      ...super.getConfig(),
      depth_multiplier: this.depthMultiplier,
      kernel_size: [...this.kernelSize],
      strides: [...this.strides],
      padding: this.padding,
      data_format: "channels_last",
      dilation_rate: [...this.dilationRate],
      ...this.kernelConfig(),
    };
  }
}
