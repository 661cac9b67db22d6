/**
 * Convolutions over images (batch x height x width x channels) and sequences (batch x steps x channels).
 *
 * Over 300 lines: public functions with complete doc comments.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { ValueError } from "../errors.js";
import { isList, oneOrMore, shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type ConvolutionEnd, convolve, type Geometry } from "./convolve.js";
import { checkDataFormat } from "./data-format.js";
import { checkRank, type FloatOperand, floatOperand, type TensorLike } from "./operand.js";
import {
  checkedPadding,
  checkedPair,
  checkedSingle,
  checkFit,
  checkStrides,
  type Padding,
  type Pair,
  windowsOver,
  windowsUnder,
} from "./windows.js";

/** Options of {@link conv2d} and {@link depthwiseConv2d}. */
export interface Conv2dOptions extends ConvolutionEnd {
  /** Pixels from one window to the next. Default: 1. */
  readonly strides?: Pair | undefined;
  /**
   * How the borders are treated: `"valid"` keeps windows inside the image, `"same"` surrounds it with zeros.
   * Default: `"valid"`.
   */
  readonly padding?: Padding | undefined;
  /** Pixels from one tap of the kernel to the next; not above 1 together with strides. Default: 1. */
  readonly dilationRate?: Pair | undefined;
}

/** Options of {@link conv2dTranspose}. */
export interface Conv2dTransposeOptions extends Conv2dOptions {
  /** Rows and columns added to the smallest possible result; less than the stride. Default: as in Keras without it. */
  readonly outputPadding?: Pair | null | undefined;
}

/** Options of {@link conv1d}. */
export interface Conv1dOptions extends ConvolutionEnd {
  /** Steps from one window to the next. Default: 1. */
  readonly strides?: number | readonly [number] | undefined;
  /**
   * How the ends are treated; with `"causal"` a step depends on itself and earlier steps only.
   * Default: `"valid"`.
   */
  readonly padding?: Padding | "causal" | undefined;
  /** Steps from one tap of the kernel to the next; not above 1 together with strides. Default: 1. */
  readonly dilationRate?: number | readonly [number] | undefined;
}

const OPTIONS = ["strides", "padding", "dataFormat", "dilationRate", "bias", "activation"];
const CONVOLUTION = { names: OPTIONS, after: 2 };
const TRANSPOSED = { names: OPTIONS.toSpliced(2, 0, "outputPadding"), after: 2 };
const IMAGES = "batch x height x width x channels";

/** Options of convolutions, by name, or those of Keras by position. */
export type ConvolutionArguments<O extends Conv1dOptions | Conv2dOptions> =
  | [options?: O | undefined]
  | [strides: O["strides"], padding?: O["padding"], dataFormat?: O["dataFormat"], dilationRate?: O["dilationRate"]];

/** Options of conv2d and its relatives. */
function checkedOptions(owner: string, options: Conv2dOptions) {
  checkDataFormat(owner, options.dataFormat);
  const strides = checkedPair(owner, "strides", options.strides ?? 1);
  const dilation = checkedPair(owner, "dilationRate", options.dilationRate ?? 1);
  const padding = checkedPadding(owner, options.padding ?? "valid", ["valid", "same"]);
  checkStrides(owner, strides, dilation);
  return { strides, dilation, padding };
}

/** The sizes of an image batch and its kernel. */
function checkedImages(owner: string, x: TensorLike, kernel: TensorLike, axes: string) {
  const [a, w] = [floatOperand(owner, x), floatOperand(owner, kernel)];
  checkRank(owner, a, 4, IMAGES);
  if (w.shape.length !== 4 || w.size === 0) refuseKernel(owner, a, w, axes);
  return { a, w, image: a.shape as Four, taps: w.shape as Four };
}

type Four = readonly [number, number, number, number];

function refuseKernel(owner: string, a: FloatOperand, w: FloatOperand, axes: string): never {
  const channels = a.shape.at(-1);
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: expected a kernel of ${axes} for an input with ${channels} channels, got ${w.shape.join(" x ") || "a single number"}.`,
  );
}

/** The convolution of images with a kernel, without or with strides. */
function windowed(owner: string, image: Four, taps: Four, outputs: number, options: Conv2dOptions): Geometry {
  const { strides, dilation, padding } = checkedOptions(owner, options);
  const [batch, height, width, inputs] = image;
  const rows = windowsOver(height, taps[0], strides[0], padding, dilation[0]);
  const cols = windowsOver(width, taps[1], strides[1], padding, dilation[1]);
  const spans = [(taps[0] - 1) * dilation[0] + 1, (taps[1] - 1) * dilation[1] + 1];
  checkFit(owner, [height, width], spans, [rows.count, cols.count]);
  return {
    batch,
    input: [height, width, inputs],
    kernel: [taps[0], taps[1]],
    output: [rows.count, cols.count, outputs],
    strides,
    before: [rows.before, cols.before],
    dilation,
  };
}

/**
 * Convolves images, then adds a bias and applies relu if they are given.
 *
 * @param x - Images: batch x height x width x channels.
 * @param kernel - Height x width x channels of the input x channels of the output.
 * @param given - {@link Conv2dOptions}, by name, or by position: `strides`, `padding`, `dataFormat`, `dilationRate`.
 * @returns Images of the shape batch x rows x columns x channels of the output.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when the shapes do not fit, or no window fits
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.conv](https://keras.io/api/ops/nn/#conv-function)
 * @example
 * ```ts
 * import { ops, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
 * const kernel = tensor([1, 1, 1, 1], [2, 2, 1, 1]);
 * console.log(ops.conv2d(image, kernel).array()); // Float32Array [12, 16, 24, 28]
 * ```
 */
export function conv2d(
  x: TensorLike,
  kernel: TensorLike,
  ...given: ConvolutionArguments<Conv2dOptions>
): Tensor<"float32"> {
  const owner = "conv2d";
  const options = readOptions<Conv2dOptions>(owner, CONVOLUTION, given);
  const { a, w, image, taps } = checkedImages(owner, x, kernel, "height x width x in x out");
  if (taps[2] !== image[3]) refuseKernel(owner, a, w, `height x width x ${image[3]} x out`);
  const geometry = windowed(owner, image, taps, taps[3], options);
  return convolve(owner, "plain", a, w, geometry, [image[0], ...geometry.output], options);
}

/**
 * Convolves images with separate kernels for each channel. Channel `c` of the input yields `multiplier` channels, from
 * `c * multiplier` on.
 *
 * @param x - Images: batch x height x width x channels.
 * @param kernel - Height x width x channels x multiplier.
 * @param given - {@link Conv2dOptions}, by name, or by position: `strides`, `padding`, `dataFormat`, `dilationRate`.
 * @returns Images of the shape batch x rows x columns x channels times multiplier.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when the shapes do not fit, or no window fits
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.depthwise_conv](https://keras.io/api/ops/nn/#depthwise_conv-function)
 * @example
 * ```ts
 * import { ops, tensor } from "gradstep";
 *
 * const image = tensor([1, 10, 2, 20], [1, 1, 2, 2]);
 * const kernel = tensor([1, 1, 1, 1], [1, 2, 2, 1]);
 * console.log(ops.depthwiseConv2d(image, kernel).array()); // Float32Array [3, 30]
 * ```
 */
export function depthwiseConv2d(
  x: TensorLike,
  kernel: TensorLike,
  ...given: ConvolutionArguments<Conv2dOptions>
): Tensor<"float32"> {
  const owner = "depthwiseConv2d";
  const options = readOptions<Conv2dOptions>(owner, CONVOLUTION, given);
  const { a, w, image, taps } = checkedImages(owner, x, kernel, "height x width x channels x multiplier");
  if (taps[2] !== image[3]) refuseKernel(owner, a, w, `height x width x ${image[3]} x multiplier`);
  const geometry = windowed(owner, image, taps, taps[2] * taps[3], options);
  return convolve(owner, "depthwise", a, w, geometry, [image[0], ...geometry.output], options);
}

/**
 * Transposed convolution: the backward pass of {@link conv2d}, applied to images. Strides enlarge the images.
 *
 * @param x - Images: batch x height x width x channels.
 * @param kernel - Height x width x channels of the output x channels of the input.
 * @param given - {@link Conv2dTransposeOptions}, by name, or by position: `strides`, `padding`, `outputPadding`,
 * `dataFormat`, `dilationRate`.
 * @returns Images of the shape batch x rows x columns x channels of the output.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when the shapes do not fit, or no window fits
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.conv_transpose](https://keras.io/api/ops/nn/#conv_transpose-function)
 * @example
 * ```ts
 * import { ops, tensor } from "gradstep";
 *
 * const image = tensor([1, 2], [1, 1, 2, 1]);
 * const kernel = tensor([1, 10], [1, 2, 1, 1]);
 * console.log(ops.conv2dTranspose(image, kernel, { strides: [1, 2] }).array()); // Float32Array [1, 10, 2, 20]
 * ```
 */
export function conv2dTranspose(
  x: TensorLike,
  kernel: TensorLike,
  ...given:
    | [options?: Conv2dTransposeOptions | undefined]
    | [
        strides: Conv2dTransposeOptions["strides"],
        padding?: Conv2dTransposeOptions["padding"],
        outputPadding?: Conv2dTransposeOptions["outputPadding"],
        dataFormat?: Conv2dTransposeOptions["dataFormat"],
        dilationRate?: Conv2dTransposeOptions["dilationRate"],
      ]
): Tensor<"float32"> {
  const owner = "conv2dTranspose";
  const options = readOptions<Conv2dTransposeOptions>(owner, TRANSPOSED, given);
  const { strides, dilation, padding } = checkedOptions(owner, options);
  const { a, w, image, taps } = checkedImages(owner, x, kernel, "height x width x out x in");
  if (taps[3] !== image[3]) refuseKernel(owner, a, w, `height x width x out x ${image[3]}`);
  const more = checkedOutputPadding(owner, options.outputPadding, strides);
  const under = (axis: 0 | 1) =>
    windowsUnder(image[axis + 1]!, taps[axis], strides[axis], padding, dilation[axis], more[axis]);
  const [rows, cols] = [under(0), under(1)];
  checkFit(owner, image.slice(1, 3), taps.slice(0, 2), [image[1], image[2], rows.count, cols.count]);
  const geometry: Geometry = {
    batch: image[0],
    input: [rows.count, cols.count, taps[2]],
    kernel: [taps[0], taps[1]],
    output: [image[1], image[2], image[3]],
    strides,
    before: [rows.before, cols.before],
    dilation,
  };
  return convolve(owner, "transposed", a, w, geometry, [image[0], ...geometry.input], options);
}

/**
 * Convolves sequences, then adds a bias and applies relu if they are given.
 *
 * @param x - Sequences: batch x steps x channels.
 * @param kernel - Steps x channels of the input x channels of the output.
 * @param given - {@link Conv1dOptions}, by name, or by position: `strides`, `padding`, `dataFormat`, `dilationRate`.
 * @returns Sequences of the shape batch x steps x channels of the output.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when the shapes do not fit, or no window fits
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.conv](https://keras.io/api/ops/nn/#conv-function)
 * @example
 * ```ts
 * import { ops, tensor } from "gradstep";
 *
 * const sequence = tensor([1, 2, 3], [1, 3, 1]);
 * const kernel = tensor([10, 1], [2, 1, 1]);
 * console.log(ops.conv1d(sequence, kernel, { padding: "causal" }).array()); // Float32Array [1, 12, 23]
 * ```
 */
export function conv1d(
  x: TensorLike,
  kernel: TensorLike,
  ...given: ConvolutionArguments<Conv1dOptions>
): Tensor<"float32"> {
  const owner = "conv1d";
  const options = readOptions<Conv1dOptions>(owner, CONVOLUTION, given);
  checkDataFormat(owner, options.dataFormat);
  const stride = checkedSingle(owner, "strides", options.strides ?? 1);
  const dilation = checkedSingle(owner, "dilationRate", options.dilationRate ?? 1);
  const padding = checkedPadding(owner, options.padding ?? "valid", ["valid", "same", "causal"]);
  checkStrides(owner, [stride], [dilation]);
  const [a, w] = [floatOperand(owner, x), floatOperand(owner, kernel)];
  checkRank(owner, a, 3, "batch x steps x channels");
  const [batch, steps, inputs] = a.shape as readonly [number, number, number];
  if (w.shape.length !== 3 || w.size === 0 || w.shape[1] !== inputs) {
    refuseKernel(owner, a, w, `steps x ${inputs} x out`);
  }
  const [taps, , outputs] = w.shape as readonly [number, number, number];
  const { count, before } = windowsOver(steps, taps, stride, padding, dilation);
  checkFit(owner, [steps], [(taps - 1) * dilation + 1], [count]);
  const geometry: Geometry = {
    batch,
    input: [1, steps, inputs],
    kernel: [1, taps],
    output: [1, count, outputs],
    strides: [1, stride],
    before: [0, before],
    dilation: [1, dilation],
  };
  return convolve(owner, "plain", a, w, geometry, [batch, count, outputs], options);
}

function checkedOutputPadding(
  owner: string,
  value: unknown,
  strides: readonly [number, number],
): readonly [number | null, number | null] {
  if (value === undefined || value === null) return [null, null];
  const list = isList(value) ? oneOrMore(value) : [value, value];
  const isGood = (n: unknown, axis: number) =>
    Number.isInteger(n) && (n as number) >= 0 && (n as number) < (strides[axis] ?? 0);
  if (list.length === 2 && list.every(isGood)) return list as readonly [number, number];
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner}: "outputPadding" must be a number below the strides (${strides.join(" x ")}), or one for rows and one for columns, got ${list.slice(0, 3).map(shown).join(" x ")}.`,
  );
}
