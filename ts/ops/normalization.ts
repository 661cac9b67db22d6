/**
 * Batch and layer normalization.
 *
 * @module
 */

import { operandsByName, readOptions } from "../arguments.js";
import { allocate, type Operand } from "../autodiff/arena.js";
import { asDefined } from "../autodiff/nested.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { boolean, listText, nonNegativeNumber, oneOrMore } from "../options.js";
import { float32 } from "../runtime/memory.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { add, multiply, subtract } from "./arithmetic.js";
import { axesBack, axesLast } from "./axes-last.js";
import { rsqrt } from "./math.js";
import { checkedAxis, type FloatOperand, floatOperand, type TensorLike } from "./operand.js";
import { mean as meanOf } from "./reduce.js";
import { variance as varianceOf } from "./statistics.js";

/** Options of {@link batchNormalization}. */
export interface BatchNormalizationOptions {
  /** The axis of the channels. Default: -1, the last. */
  readonly axis?: number | undefined;
  /** Added to the variance. Default: 1e-3. */
  readonly epsilon?: number | undefined;
  /** Whether mean and variance are computed from `x`; otherwise they must be given. Default: true. */
  readonly training?: boolean | undefined;
  /** A number for each channel; only without `training`. */
  readonly mean?: TensorLike | undefined;
  /** A number for each channel; only without `training`. */
  readonly variance?: TensorLike | undefined;
}

/** Results of {@link batchNormalization}. */
export interface BatchNormalized {
  /** The normalized numbers, of the shape of `x`. */
  readonly output: Tensor<"float32">;
  /** Mean of each channel; no gradient flows through it. */
  readonly mean: FloatOperand;
  /** Variance of each channel, divided by the number of elements; no gradient flows through it. */
  readonly variance: FloatOperand;
}

/** Options of {@link layerNormalization}. */
export interface LayerNormalizationOptions {
  /** One axis or several. Default: -1, the last. */
  readonly axis?: number | readonly number[] | undefined;
  /** Added to the variance; the layer uses 1e-3. Default: null, 1e-7. */
  readonly epsilon?: number | null | undefined;
}

/** Operands by name, in place of `gamma`. */
interface ScaleAndShift {
  /** A scale for each channel. Default: null, ones. */
  readonly gamma?: TensorLike | null | undefined;
  /** A shift for each channel. Default: null, zeros. */
  readonly beta?: TensorLike | null | undefined;
}

const OPERANDS = ["gamma", "beta"];
const BATCH = { names: ["axis", "epsilon", "training", "mean", "variance"], byPosition: 0, after: 3 };
const LAYER = { names: ["axis", "epsilon"], after: 3 };

/**
 * Normalizes each channel over all other axes: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`. The gradient
 * flows through mean and variance if they are computed from the batch.
 *
 * @param x - Numbers with an axis of channels.
 * @param gamma - A scale for each channel, or all optional arguments by name. Default: null, ones.
 * @param beta - A shift for each channel. Default: null, zeros.
 * @param given - {@link BatchNormalizationOptions}.
 * @returns The result, and the mean and the variance of each channel that were used.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when a length is not that of the axis, or there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range, and for statistics that are missing or
 * not allowed
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.batch_normalization](https://keras.io/api/ops/nn/#batch_normalization-function),
 * [Ioffe and Szegedy 2015](https://arxiv.org/abs/1502.03167)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * const { output, mean, variance } = ops.batchNormalization([[1], [3]], null, null, { epsilon: 0 });
 * console.log(output.array(), mean.array(), variance.array()); // Float32Array [-1, 1] Float32Array [2] Float32Array [1]
 * ```
 */
export function batchNormalization(
  x: TensorLike,
  gamma: TensorLike | (BatchNormalizationOptions & ScaleAndShift) | null = null,
  beta: TensorLike | null = null,
  ...given: [options?: BatchNormalizationOptions | undefined]
): BatchNormalized {
  const name = "batchNormalization";
  const named = operandsByName(name, gamma, [beta, ...given], OPERANDS, BATCH);
  if (named !== undefined) return batchNormalization(x, ...(named as [TensorLike, TensorLike]));
  const options = readOptions<BatchNormalizationOptions>(name, BATCH, given);
  const epsilon = nonNegativeNumber(name, "epsilon", options.epsilon ?? 1e-3);
  const isTraining = boolean(name, "training", options.training ?? true);
  const hasStatistics = options.mean !== undefined && options.variance !== undefined;
  if (isTraining ? options.mean !== undefined || options.variance !== undefined : !hasStatistics) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      isTraining
        ? `${name}: "mean" and "variance" are computed with training: true. Pass training: false to use your own.`
        : `${name}: "mean" and "variance" must be given with training: false.`,
    );
  }
  const input = floatOperand(name, x);
  if (input.shape.length === 0) refuseLength(name, "an axis to normalize", "none", input);
  const axes = [checkedAxis(name, options.axis ?? -1, input.shape.length)];
  const a = axesLast(input, axes);
  const cols = a.shape.at(-1) ?? 0;
  const channels = (what: string, values: TensorLike) =>
    checkedLength(name, what, floatOperand(name, values), [cols], a);
  if (cols === 0) refuseLength(name, "values along the axis", "none", a);
  const scale = gamma === null ? undefined : channels("gamma", gamma as TensorLike);
  const shift = beta === null ? undefined : channels("beta", beta);
  const rows = a.size / cols;
  const mean = options.mean === undefined ? allocate([cols]) : channels("mean", options.mean);
  const variance = options.variance === undefined ? allocate([cols]) : channels("variance", options.variance);
  const y = allocate(a.shape);
  const work = allocate([2 * cols]);
  const [factors, offsets] = [scale ?? filled(cols, 1), shift ?? filled(cols, 0)];
  const { batch_statistics, batch_normalize } = wasm();
  if (isTraining) batch_statistics(a.address, rows, cols, y.address, mean.address, variance.address);
  batch_normalize(
    a.address,
    rows,
    cols,
    mean.address,
    variance.address,
    factors.address,
    offsets.address,
    epsilon,
    work.address,
    y.address,
  );
  work.dispose();

  const inputs: Operand[] = [a];
  const placed = (operand: FloatOperand | undefined) => (operand === undefined ? -1 : inputs.push(operand) - 1);
  const [atScale, atShift] = [placed(scale), placed(shift)];
  const [atMean, atVariance] = isTraining ? [-1, -1] : [placed(mean), placed(variance)];
  const backward: Backward = (dy, into) => {
    const [dScale, dShift] = [allocate([cols]), allocate([cols])];
    const { batch_sums, batch_input_gradient } = wasm();
    const [m, v, g] = [mean.address, variance.address, factors.address];
    const [ds, db] = [dScale.address, dShift.address];
    batch_sums(a.address, dy.address, rows, cols, m, v, epsilon, allocate(a.shape).address, ds, db);
    into.write(0, (dx) => {
      const work = allocate([3 * cols]).address;
      const training = isTraining ? 1 : 0;
      batch_input_gradient(training, a.address, dy.address, rows, cols, m, v, g, epsilon, ds, db, work, dx);
    });
    if (atScale > 0) into.pass(atScale, dScale);
    if (atShift > 0) into.pass(atShift, dShift);
    // d output / d mean = -gamma / deviation; d output / d variance = -x^ gamma / (2 deviation^2).
    const inverse = (i: number) => 1 / Math.sqrt(variance.numbers[i]! + epsilon);
    const factor = (i: number) => (scale === undefined ? 1 : scale.numbers[i]!) * inverse(i);
    const each = (at: number, slope: (i: number) => number) => {
      if (at > 0)
        into.write(at, (out) =>
          float32(out, cols).forEach((_, i, values) => {
            values[i] = slope(i);
          }),
        );
    };
    each(atMean, (i) => -factor(i) * dShift.numbers[i]!);
    each(atVariance, (i) => -0.5 * factor(i) * inverse(i) * dScale.numbers[i]!);
  };
  const definition = () => {
    const axis = a.shape.slice(0, -1).map((_, i) => i);
    const [m, v] = isTraining ? [meanOf(a, { axis }), varianceOf(a, { axis })] : [mean, variance];
    const scaled = multiply(subtract(a, m), multiply(rsqrt(add(v, epsilon)), scale ?? 1));
    return shift === undefined ? scaled : add(scaled, shift);
  };
  const output = record(name, inputs, y, backward, asDefined(inputs, definition), [mean, variance]);
  return { output: axesBack(output, axes), mean, variance };
}

/**
 * Normalizes each row, over the last axis or others: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, with the
 * mean and the variance of that row.
 *
 * @param x - Numbers of any shape.
 * @param gamma - A scale, of the shape of the normalized axes, or all optional arguments by name. Default: null, ones.
 * @param beta - A shift, of the shape of the normalized axes. Default: null, zeros.
 * @param given - {@link LayerNormalizationOptions}, by name or by position: `axis`, `epsilon`.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or `gamma` or `beta` has another shape
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.layer_normalization](https://keras.io/api/ops/nn/#layer_normalization-function),
 * [Ba et al. 2016](https://arxiv.org/abs/1607.06450)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.layerNormalization([[1, 3], [6, 2]], null, null, { epsilon: 0 }).array()); // Float32Array [-1, 1, 1, -1]
 * ```
 */
export function layerNormalization(
  x: TensorLike,
  gamma: TensorLike | (LayerNormalizationOptions & ScaleAndShift) | null = null,
  beta: TensorLike | null = null,
  ...given: [axis?: LayerNormalizationOptions["axis"] | LayerNormalizationOptions, epsilon?: number | null | undefined]
): Tensor<"float32"> {
  const name = "layerNormalization";
  const named = operandsByName(name, gamma, [beta, ...given], OPERANDS, LAYER);
  if (named !== undefined) return layerNormalization(x, ...(named as [TensorLike, TensorLike]));
  const options = readOptions<LayerNormalizationOptions>(name, LAYER, given);
  const epsilon = nonNegativeNumber(name, "epsilon", options.epsilon ?? 1e-7);
  const input = floatOperand(name, x);
  const axes = checkedAxes(name, input, options.axis ?? -1);
  const a = axesLast(input, axes);
  const shape = a.shape.slice(a.shape.length - axes.length);
  const cols = shape.reduce((product, length) => product * length, 1);
  const scale =
    gamma === null ? undefined : checkedLength(name, "gamma", floatOperand(name, gamma as TensorLike), shape, a);
  const shift = beta === null ? undefined : checkedLength(name, "beta", floatOperand(name, beta), shape, a);
  const y = allocate(a.shape);
  if (a.size === 0) return axesBack(y, axes);
  const rows = a.size / cols;
  // Mean and inverse deviation of each row.
  const statistics = allocate([2 * rows]);
  const [factors, offsets] = [scale ?? filled(cols, 1), shift ?? filled(cols, 0)];
  wasm().layer_normalize(
    a.address,
    rows,
    cols,
    factors.address,
    offsets.address,
    epsilon,
    statistics.address,
    y.address,
  );
  const inputs: Operand[] = [a, ...(scale === undefined ? [] : [scale]), ...(shift === undefined ? [] : [shift])];
  const backward: Backward = (dy, into) => {
    const { layer_input_gradient, layer_sums } = wasm();
    into.write(0, (dx) => {
      const work = allocate([cols]).address;
      layer_input_gradient(a.address, dy.address, rows, cols, factors.address, statistics.address, work, dx);
    });
    if (inputs.length === 1) return;
    const [dScale, dShift] = [allocate(shape), allocate(shape)];
    const products = allocate(a.shape).address;
    layer_sums(a.address, dy.address, rows, cols, statistics.address, products, dScale.address, dShift.address);
    if (scale !== undefined) into.pass(1, dScale);
    if (shift !== undefined) into.pass(inputs.length - 1, dShift);
  };
  const definition = () => {
    const over = { axis: shape.map((_, i) => i - shape.length), keepdims: true };
    const scaled = multiply(subtract(a, meanOf(a, over)), rsqrt(add(varianceOf(a, over), epsilon)));
    const product = scale === undefined ? scaled : multiply(scaled, scale);
    return shift === undefined ? product : add(product, shift);
  };
  const output = record(name, inputs, y, backward, asDefined(inputs, definition));
  return axesBack(output, axes);
}

function filled(length: number, value: number): Tensor<"float32"> {
  const tensor = allocate([length]);
  wasm().fill_values(tensor.address, length, value);
  return tensor;
}

/** The axes in ascending order. */
function checkedAxes(name: string, { shape }: FloatOperand, axis: number | readonly number[]): number[] {
  const given = oneOrMore(axis) as readonly number[];
  const axes = given.map((one) => checkedAxis(name, one, shape.length)).sort((a, b) => a - b);
  if (axes.length > 0 && new Set(axes).size === axes.length) return axes;
  throw new ValueError(
    "ERR_SHAPE",
    `${name}: "axis" must name one axis or several, each once, got ${listText(given)} for [${shape.join(", ")}].`,
  );
}

function checkedLength(
  name: string,
  what: string,
  values: FloatOperand,
  shape: readonly number[],
  x: FloatOperand,
): FloatOperand {
  const isSame = values.shape.length === shape.length && values.shape.every((length, axis) => length === shape[axis]);
  if (!isSame) refuseLength(name, `"${what}" of [${shape.join(", ")}]`, `[${values.shape.join(", ")}]`, x);
  return values;
}

function refuseLength(name: string, expected: string, got: string, { shape }: FloatOperand): never {
  throw new ValueError("ERR_SHAPE", `${name}: expected ${expected} for an input of [${shape.join(", ")}], got ${got}.`);
}
