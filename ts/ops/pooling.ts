/**
 * Pooling over images (batch x height x width x channels).
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { checkDataFormat } from "./data-format.js";
import { taken } from "./indexing.js";
import { checkRank, floatOperand, type TensorLike } from "./operand.js";
import { reshape } from "./reshape.js";
import { checkedPadding, checkedPair, checkFit, type Padding, type Pair, windowsOver } from "./windows.js";

/** Options of {@link maxPool2d} and {@link averagePool2d}. */
export interface Pool2dOptions {
  /** Pixels from one window to the next. Default: the size of a window. */
  readonly strides?: Pair | null | undefined;
  /** How the borders are treated: pixels outside the image never count. Default: `"valid"`. */
  readonly padding?: Padding | undefined;
  /** Only `"channels_last"`. Default: null, which means the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/** Options of pooling, by name or by position. */
export type Pool2dArguments =
  | [options?: Pool2dOptions | undefined]
  | [strides: Pool2dOptions["strides"] | null, padding?: Padding | undefined, dataFormat?: Pool2dOptions["dataFormat"]];

const POOL = { names: ["strides", "padding", "dataFormat"], after: 2 };

/**
 * Takes the largest number of each window, channel by channel. The gradient flows to its position, to the first of
 * equal ones.
 *
 * @param x - Images: batch x height x width x channels.
 * @param poolSize - Rows and columns of a window, in pixels. Default: 2.
 * @param given - {@link Pool2dOptions}, by name, or by position: `strides`, `padding`, `dataFormat`.
 * @returns Batch x rows x columns x channels, a number for each window.
 * @throws ValueError (`ERR_SHAPE`) when `x` is not a batch of images, or no window fits
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.max_pool](https://keras.io/api/ops/nn/#max_pool-function)
 * @example
 * ```ts
 * import { ops, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(ops.maxPool2d(image, 2).array()); // Float32Array [4]
 * ```
 */
export function maxPool2d(x: TensorLike, poolSize: Pair = 2, ...given: Pool2dArguments): Tensor<"float32"> {
  return pool2d("maxPool2d", true, x, poolSize, given);
}

/**
 * Takes the mean of each window, channel by channel; with `"same"`, of the pixels inside the image.
 *
 * @param x - Images: batch x height x width x channels.
 * @param poolSize - Rows and columns of a window, in pixels. Default: 2.
 * @param given - {@link Pool2dOptions}, by name, or by position: `strides`, `padding`, `dataFormat`.
 * @returns Batch x rows x columns x channels, a number for each window.
 * @throws ValueError (`ERR_SHAPE`) when `x` is not a batch of images, or no window fits
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.average_pool](https://keras.io/api/ops/nn/#average_pool-function)
 * @example
 * ```ts
 * import { ops, tensor } from "gradstep";
 *
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(ops.averagePool2d(image, 2).array()); // Float32Array [2.5]
 * ```
 */
export function averagePool2d(x: TensorLike, poolSize: Pair = 2, ...given: Pool2dArguments): Tensor<"float32"> {
  return pool2d("averagePool2d", false, x, poolSize, given);
}

function pool2d(owner: string, isMax: boolean, x: TensorLike, poolSize: Pair, given: Pool2dArguments) {
  const options = readOptions<Pool2dOptions>(owner, POOL, given);
  checkDataFormat(owner, options.dataFormat);
  const size = checkedPair(owner, "poolSize", poolSize);
  const strides = checkedPair(owner, "strides", options.strides ?? size);
  const padding = checkedPadding(owner, options.padding ?? "valid", ["valid", "same"]);
  const a = floatOperand(owner, x);
  checkRank(owner, a, 4, "batch x height x width x channels");
  const [batch, height, width, channels] = a.shape as readonly [number, number, number, number];
  const rows = windowsOver(height, size[0], strides[0], padding);
  const cols = windowsOver(width, size[1], strides[1], padding);
  checkFit(owner, [height, width], size, [rows.count, cols.count]);

  const y = allocate([batch, rows.count, cols.count, channels]);
  const indices = isMax ? allocate(y.shape, "int32") : undefined;
  const pool = (isBackward: 0 | 1, from: number, to: number) => {
    const image = [batch, height, width, channels, ...size, rows.count, cols.count] as const;
    wasm().pool(isBackward, ...image, ...strides, rows.before, cols.before, from, to, indices?.address ?? 0);
  };
  pool(0, a.address, y.address);
  const backward: Backward = (dy, into) => into.write(0, (dx) => pool(1, dx, dy.address));
  return record(owner, [a], y, backward, ([given]) => {
    const t = given as Tensor<"float32">;
    return indices === undefined
      ? averagePool2d(t, size, { strides, padding })
      : taken(reshape(t, [t.size]), indices, 0);
  });
}
