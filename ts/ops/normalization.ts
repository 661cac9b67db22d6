/**
 * Batch and layer normalization.
 *
 * @module
 */

import { allocate, type Operand } from "../autodiff/arena.js";
import { record } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { boolean, checkKnownOptions, nonNegativeNumber } from "../options.js";
import { float32 } from "../runtime/memory.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { checkedAxis, type FloatOperand, floatOperand, type TensorLike } from "./operand.js";

/** Options of {@link batchNormalization}. */
export interface BatchNormalizationOptions {
  /** Added to the variance. Default: 1e-3. */
  readonly epsilon?: number | undefined;
  /** Whether mean and variance are those of `x`; else they must be given. Default: true. */
  readonly training?: boolean | undefined;
  /** A number for each channel, without `training`. */
  readonly mean?: TensorLike | undefined;
  /** A number for each channel, without `training`. */
  readonly variance?: TensorLike | undefined;
}

/** What {@link batchNormalization} gives. */
export interface BatchNormalized {
  readonly output: Tensor<"float32">;
  /** Mean of each channel; no gradient flows through it. */
  readonly mean: FloatOperand;
  /** Variance of each channel, divided by the number of elements; no gradient flows through it. */
  readonly variance: FloatOperand;
}

/** Options of {@link layerNormalization}. */
export interface LayerNormalizationOptions {
  /** One axis or several: the last ones. Default: -1. */
  readonly axis?: number | readonly number[] | undefined;
  /** Added to the variance. Default: 1e-3. */
  readonly epsilon?: number | undefined;
}

/**
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta` for each channel: the last axis. The gradient goes
 * through mean and variance where these are the batch's own.
 *
 * @param gamma - A number for each channel; `null` for ones.
 * @param beta - A number for each channel; `null` for zeros.
 * @throws ValueError when a length is not that of the last axis, or statistics are missing or not wanted
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
  gamma: TensorLike | null,
  beta: TensorLike | null,
  options: BatchNormalizationOptions = {},
): BatchNormalized {
  const name = "batchNormalization";
  checkKnownOptions(name, options, ["epsilon", "training", "mean", "variance"]);
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
  const a = floatOperand(name, x);
  const cols = a.shape.at(-1) ?? 0;
  const channels = (what: string, values: TensorLike) =>
    checkedLength(name, what, floatOperand(name, values), [cols], a);
  if (cols === 0) refuseLength(name, "a last axis", "[]", a);
  const scale = gamma === null ? undefined : channels("gamma", gamma);
  const shift = beta === null ? undefined : channels("beta", beta);
  const rows = a.size / cols;
  const mean = options.mean === undefined ? allocate([cols]) : channels("mean", options.mean);
  const variance = options.variance === undefined ? allocate([cols]) : channels("variance", options.variance);
  const y = allocate(a.shape);
  const work = allocate([2 * cols]);
  const [g, b] = [(scale ?? filled(cols, 1)).address, (shift ?? filled(cols, 0)).address];
  const { batch_statistics, batch_normalize } = wasm();
  if (isTraining) batch_statistics(a.address, rows, cols, y.address, mean.address, variance.address);
  batch_normalize(a.address, rows, cols, mean.address, variance.address, g, b, epsilon, work.address, y.address);
  work.dispose();

  const inputs: Operand[] = [a];
  const placed = (operand: FloatOperand | undefined) => (operand === undefined ? -1 : inputs.push(operand) - 1);
  const [atScale, atShift] = [placed(scale), placed(shift)];
  const [atMean, atVariance] = isTraining ? [-1, -1] : [placed(mean), placed(variance)];
  const output = record(name, inputs, y, (dy, into) => {
    const [dScale, dShift] = [allocate([cols]), allocate([cols])];
    const { batch_sums, batch_input_gradient } = wasm();
    const [m, v, ds, db] = [mean.address, variance.address, dScale.address, dShift.address];
    batch_sums(a.address, dy.address, rows, cols, m, v, epsilon, allocate(a.shape).address, ds, db);
    into.write(0, (dx) => {
      const work = allocate([3 * cols]).address;
      const training = isTraining ? 1 : 0;
      batch_input_gradient(training, a.address, dy.address, rows, cols, m, v, g, epsilon, ds, db, work, dx);
    });
    if (atScale > 0) into.pass(atScale, dScale);
    if (atShift > 0) into.pass(atShift, dShift);
    // d output / d mean = -gamma / deviation; d output / d variance = -x^ gamma / (2 deviation^2).
    const inverse = (i: number) => 1 / Math.sqrt((variance.value[i] as number) + epsilon);
    const factor = (i: number) => (scale === undefined ? 1 : (scale.value[i] as number)) * inverse(i);
    const each = (at: number, slope: (i: number) => number) => {
      if (at > 0)
        into.write(at, (out) =>
          float32(out, cols).forEach((_, i, values) => {
            values[i] = slope(i);
          }),
        );
    };
    each(atMean, (i) => -factor(i) * (dShift.value[i] as number));
    each(atVariance, (i) => -0.5 * factor(i) * inverse(i) * (dScale.value[i] as number));
  });
  return { output, mean, variance };
}

/**
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, with the mean and the variance of each row: over
 * the last axis, or the last few.
 *
 * @param gamma - As large as these axes; `null` for ones.
 * @param beta - As large as these axes; `null` for zeros.
 * @throws ValueError when the axes are not the last ones, or a shape is not theirs
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.layerNormalization([[1, 3], [6, 2]], null, null, { epsilon: 0 }).array()); // Float32Array [-1, 1, 1, -1]
 * ```
 */
export function layerNormalization(
  x: TensorLike,
  gamma: TensorLike | null,
  beta: TensorLike | null,
  options: LayerNormalizationOptions = {},
): Tensor<"float32"> {
  const name = "layerNormalization";
  checkKnownOptions(name, options, ["axis", "epsilon"]);
  const epsilon = nonNegativeNumber(name, "epsilon", options.epsilon ?? 1e-3);
  const a = floatOperand(name, x);
  const shape = lastAxes(name, a, options.axis ?? -1);
  const cols = shape.reduce((product, length) => product * length, 1);
  const scale = gamma === null ? undefined : checkedLength(name, "gamma", floatOperand(name, gamma), shape, a);
  const shift = beta === null ? undefined : checkedLength(name, "beta", floatOperand(name, beta), shape, a);
  const y = allocate(a.shape);
  if (a.size === 0) return y;
  const rows = a.size / cols;
  // Mean and inverse deviation of each row.
  const statistics = allocate([2 * rows]);
  const [g, b] = [(scale ?? filled(cols, 1)).address, (shift ?? filled(cols, 0)).address];
  wasm().layer_normalize(a.address, rows, cols, g, b, epsilon, statistics.address, y.address);
  const inputs: Operand[] = [a, ...(scale === undefined ? [] : [scale]), ...(shift === undefined ? [] : [shift])];
  return record(name, inputs, y, (dy, into) => {
    const { layer_input_gradient, layer_sums } = wasm();
    into.write(0, (dx) => {
      const work = allocate([cols]).address;
      layer_input_gradient(a.address, dy.address, rows, cols, g, statistics.address, work, dx);
    });
    if (inputs.length === 1) return;
    const [dScale, dShift] = [allocate(shape), allocate(shape)];
    const products = allocate(a.shape).address;
    layer_sums(a.address, dy.address, rows, cols, statistics.address, products, dScale.address, dShift.address);
    if (scale !== undefined) into.pass(1, dScale);
    if (shift !== undefined) into.pass(inputs.length - 1, dShift);
  });
}

function filled(length: number, value: number): Tensor<"float32"> {
  const tensor = allocate([length]);
  wasm().fill_values(tensor.address, length, value);
  return tensor;
}

/** Lengths of the axes, which must be the last ones. */
function lastAxes(name: string, { shape }: FloatOperand, axis: number | readonly number[]): number[] {
  const axes = (typeof axis === "number" ? [axis] : [...axis]).map((one) => checkedAxis(name, one, shape.length));
  axes.sort((a, b) => a - b);
  const first = shape.length - axes.length;
  if (axes.length > 0 && axes.every((one, i) => one === first + i)) return shape.slice(first);
  throw new ValueError(
    "ERR_SHAPE",
    `${name}: "axis" must name the last axis, or the last few, got ${JSON.stringify(axis)} for [${shape.join(", ")}]. Transpose the input first.`,
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
