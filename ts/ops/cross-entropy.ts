/**
 * Cross-entropies, forward and backward in one kernel each.
 *
 * Over 300 lines: public functions with complete doc comments.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { asDefined } from "../autodiff/nested.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { boolean, checkCount } from "../options.js";
import { wasm } from "../runtime/module.js";
import { sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { softplus } from "./activations.js";
import { divide, multiply, subtract } from "./arithmetic.js";
import { classesLast } from "./class-axis.js";
import { oneHot } from "./indexing.js";
import { checkIndices } from "./indices.js";
import { clip, log, negative } from "./math.js";
import {
  type AxisOptions,
  checkedAxis,
  type FloatOperand,
  floatOperand,
  intOperand,
  type TensorLike,
} from "./operand.js";
import { sum } from "./reduce.js";
import { expandDims, reshape } from "./reshape.js";
import { logSoftmax } from "./softmax.js";

/** Minimum distance of a probability from 0 and 1: Keras's `epsilon()`. The kernels use the same value. */
const EPSILON = 1e-7;

/** Options of {@link binaryCrossentropy}. */
export interface BinaryCrossentropyOptions {
  /** Whether the outputs are logits, any numbers, instead of probabilities. Default: false, as in Keras. */
  readonly fromLogits?: boolean | undefined;
}

/** Options of the cross-entropies over classes. */
export interface CrossentropyOptions extends BinaryCrossentropyOptions, AxisOptions {
  /** The axis of the classes. Default: -1, the last. */
  readonly axis?: number | undefined;
}

type CrossentropyArguments = [fromLogits?: boolean | CrossentropyOptions | undefined, axis?: number | undefined];

const CROSSENTROPY = { names: ["fromLogits", "axis"], after: 2 };
const BINARY = { names: ["fromLogits"], after: 2 };
const AXIS = { names: ["axis"], after: 2 };

/**
 * Cross-entropy of each row, `-sum(label * log(probability))`, between two distributions over the classes, which are on
 * the last axis or another. Probabilities are divided by their sum, and clipped to 1e-7 away from 0 and 1; clipped ones
 * have a gradient of 0. The same as Keras's `categorical_crossentropy`.
 *
 * @param labels - As large as `output`; usually rows that add up to 1.
 * @param output - Probabilities, or logits with `fromLogits`.
 * @param given - {@link CrossentropyOptions}, by name or by position: `fromLogits`, `axis`.
 * @returns One number for each row: the shape of `output` without the axis of the classes.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when the shapes differ, or there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.categorical_crossentropy](https://keras.io/api/ops/nn/#categorical_crossentropy-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * const loss = ops.categoricalCrossentropy([[0, 1]], [[0, 0]], { fromLogits: true });
 * console.log(loss.array()); // Float32Array [0.6931471824645996]
 * ```
 */
export function categoricalCrossentropy(
  labels: TensorLike,
  output: TensorLike,
  ...given: CrossentropyArguments
): Tensor<"float32"> {
  const name = "categoricalCrossentropy";
  return categorical(name, labels, output, readOptions(name, CROSSENTROPY, given));
}

function categorical(
  name: string,
  labels: TensorLike,
  output: TensorLike,
  { fromLogits, axis = -1 }: CrossentropyOptions,
): Tensor<"float32"> {
  const isLogits = checkedFromLogits(name, fromLogits);
  const [y, z] = alike(name, labels, output);
  if (z.shape.length === 0) refuseClasses(name, z);
  return ofRows(name, isLogits, classesLast(name, y, axis), classesLast(name, z, axis));
}

/**
 * {@link categoricalCrossentropy} with the index of the right class as the label of each row.
 *
 * @param labels - Whole numbers, one for each row of `output`; their shape may include the axis of the classes, with
 *   length 1.
 * @param output - Probabilities, or logits with `fromLogits`.
 * @param given - {@link CrossentropyOptions}, by name or by position: `fromLogits`, `axis`.
 * @returns One number for each row: the shape of `output` without the axis of the classes.
 * @throws ValueError (`ERR_INDEX_RANGE`) for a label that is not a class
 * @throws ValueError, TypeError (`ERR_SHAPE`) when the shapes differ, or there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see
 * [keras.ops.sparse_categorical_crossentropy](https://keras.io/api/ops/nn/#sparse_categorical_crossentropy-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.sparseCategoricalCrossentropy([1], [[0.75, 0.25]]).array()); // Float32Array [1.3862943649291992]
 * ```
 */
export function sparseCategoricalCrossentropy(
  labels: TensorLike,
  output: TensorLike,
  ...given: CrossentropyArguments
): Tensor<"float32"> {
  const name = "sparseCategoricalCrossentropy";
  return sparse(name, labels, output, readOptions(name, CROSSENTROPY, given));
}

function sparse(
  name: string,
  labels: TensorLike,
  output: TensorLike,
  { fromLogits, axis = -1 }: CrossentropyOptions,
): Tensor<"float32"> {
  const isLogits = checkedFromLogits(name, fromLogits);
  const z = floatOperand(name, output);
  const y = intOperand(name, labels);
  if (z.shape.length === 0) refuseClasses(name, z);
  const at = checkedAxis(name, axis, z.shape.length);
  const others = (shape: readonly number[]) => shape.filter((_, i) => i !== at);
  const rows = others(z.shape);
  const isColumn = y.shape.length === z.shape.length && y.shape[at] === 1;
  if (!sameShape(isColumn ? others(y.shape) : y.shape, rows)) {
    throw new ValueError(
      "ERR_SHAPE",
      `${name}: expected one label for each row of the output, [${rows.join(", ")}], got labels of [${y.shape.join(", ")}] for an output of [${z.shape.join(", ")}].`,
    );
  }
  checkIndices(name, "label", y, z.shape[at]!, "classes");
  return ofRows(name, isLogits, y, classesLast(name, z, axis));
}

/**
 * Cross-entropy of each element, `-(y log p + (1 - y) log(1 - p))`. Probabilities are clipped to 1e-7 away from 0 and
 * 1; clipped ones have a gradient of 0.
 *
 * @param labels - From 0 to 1, as many as `output`.
 * @param output - Probabilities, or logits with `fromLogits`, whose sigmoid is the probability.
 * @param given - {@link BinaryCrossentropyOptions}, by name or by position: `fromLogits`.
 * @returns One number for each element, in the shape of `output`.
 * @throws ValueError (`ERR_SHAPE`) when the shapes differ
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.binary_crossentropy](https://keras.io/api/ops/nn/#binary_crossentropy-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.binaryCrossentropy([1, 0], [0.5, 0]).array()[0]); // 0.6931471824645996
 * ```
 */
export function binaryCrossentropy(
  labels: TensorLike,
  output: TensorLike,
  ...given: [fromLogits?: boolean | BinaryCrossentropyOptions | undefined]
): Tensor<"float32"> {
  const name = "binaryCrossentropy";
  const logits = checkedFromLogits(name, readOptions<BinaryCrossentropyOptions>(name, BINARY, given).fromLogits);
  return binary(name, labels, output, logits);
}

function binary(name: string, labels: TensorLike, output: TensorLike, logits: 0 | 1): Tensor<"float32"> {
  const [y, z] = alike(name, labels, output);
  const losses = allocate(z.shape);
  wasm().binary_cross_entropy(logits, y.address, z.address, z.size, losses.address);
  const backward: Backward = (dy, into) => {
    const kernels = wasm();
    if (into.wants(0)) into.pass(0, multiply(logits ? negative(z) : logOdds(z), dy));
    into.write(1, (out) =>
      kernels.binary_cross_entropy_backward(logits, y.address, z.address, dy.address, z.size, out),
    );
  };
  const definition = () => {
    if (logits) return subtract(softplus(z), multiply(y, z));
    const p = clip(z, EPSILON, 1 - EPSILON);
    return subtract(multiply(subtract(y, 1), log(subtract(1, p))), multiply(y, log(p)));
  };
  return record(name, [y, z], losses, backward, asDefined([y, z], definition));
}

/**
 * Cross-entropy of each row, like {@link categoricalCrossentropy}, from logits.
 *
 * @param labels - As large as `logits`; usually rows that add up to 1.
 * @param logits - Any numbers, one for each class.
 * @param given - `axis`: the axis of the classes. Default: -1, the last.
 * @returns One number for each row: the shape of `logits` without the axis of the classes.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when the shapes differ, or there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.categorical_crossentropy](https://keras.io/api/ops/nn/#categorical_crossentropy-function)
 */
export function softmaxCrossEntropy(
  labels: TensorLike,
  logits: TensorLike,
  ...given: [axis?: number | AxisOptions | undefined]
): Tensor<"float32"> {
  const name = "softmaxCrossEntropy";
  return categorical(name, labels, logits, { ...readOptions<AxisOptions>(name, AXIS, given), fromLogits: true });
}

/**
 * Cross-entropy of each row, like {@link sparseCategoricalCrossentropy}, from logits.
 *
 * @param labels - Whole numbers, the class of each row.
 * @param logits - Any numbers, one for each class.
 * @param given - `axis`: the axis of the classes. Default: -1, the last.
 * @returns One number for each row: the shape of `logits` without the axis of the classes.
 * @throws ValueError (`ERR_INDEX_RANGE`) for a label that is not a class
 * @throws ValueError, TypeError (`ERR_SHAPE`) when the shapes differ, or there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see
 * [keras.ops.sparse_categorical_crossentropy](https://keras.io/api/ops/nn/#sparse_categorical_crossentropy-function)
 */
export function sparseSoftmaxCrossEntropy(
  labels: TensorLike,
  logits: TensorLike,
  ...given: [axis?: number | AxisOptions | undefined]
): Tensor<"float32"> {
  const name = "sparseSoftmaxCrossEntropy";
  return sparse(name, labels, logits, { ...readOptions<AxisOptions>(name, AXIS, given), fromLogits: true });
}

/**
 * Cross-entropy of each element, like {@link binaryCrossentropy}, from logits.
 *
 * @param labels - From 0 to 1, as many as `logits`.
 * @param logits - Any numbers, whose sigmoid is the probability.
 * @returns One number for each element, in the shape of `logits`.
 * @throws ValueError (`ERR_SHAPE`) when the shapes differ
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.binary_crossentropy](https://keras.io/api/ops/nn/#binary_crossentropy-function)
 */
export function sigmoidCrossEntropy(labels: TensorLike, logits: TensorLike): Tensor<"float32"> {
  checkCount("sigmoidCrossEntropy", arguments.length, 2);
  return binary("sigmoidCrossEntropy", labels, logits, 1);
}

/** Losses of the rows of `z`; the labels were checked before. */
function ofRows(name: string, logits: 0 | 1, y: FloatOperand | Tensor<"int32">, z: FloatOperand): Tensor<"float32"> {
  const classes = z.shape.at(-1) ?? 0;
  if (classes === 0) refuseClasses(name, z);
  const isSparse = y.dtype === "int32" ? 1 : 0;
  const rows = z.size / classes;
  const losses = allocate(z.shape.slice(0, -1));
  // Saved for the gradient: softmax of the logits, or the probabilities divided by their sum.
  const p = allocate(z.shape);
  wasm().categorical_cross_entropy(logits, isSparse, y.address, z.address, rows, classes, p.address, losses.address);
  const inputs = y.dtype === "int32" ? [z] : [z, y];
  const backward: Backward = (dy, into) => {
    const kernels = wasm();
    into.write(0, (out) =>
      kernels.categorical_cross_entropy_backward(
        logits,
        isSparse,
        y.address,
        z.address,
        rows,
        classes,
        p.address,
        dy.address,
        out,
      ),
    );
    if (isSparse === 1) return;
    if (into.wants(1)) {
      const logs = logits ? logSoftmax(z) : log(clip(p, EPSILON, 1 - EPSILON));
      into.pass(1, multiply(logs, expandDims(negative(dy), -1)));
    }
  };
  const definition = () => {
    const labels = y.dtype === "int32" ? reshape(oneHot(y, classes), z.shape) : y;
    const logs = () => log(clip(divide(z, sum(z, { axis: -1, keepdims: true })), EPSILON, 1 - EPSILON));
    return negative(sum(multiply(labels, logits ? logSoftmax(z) : logs()), { axis: -1 }));
  };
  return record(name, inputs, losses, backward, asDefined(inputs, definition), [y]);
}

function refuseClasses(name: string, { shape }: FloatOperand): never {
  throw new ValueError("ERR_SHAPE", `${name}: expected an output of [..., classes], got [${shape.join(", ")}].`);
}

/** The logarithm of `1 - p` minus that of `p`. */
function logOdds(z: FloatOperand): Tensor<"float32"> {
  const p = clip(z, EPSILON, 1 - EPSILON);
  return subtract(log(subtract(1, p)), log(p));
}

function checkedFromLogits(name: string, fromLogits: boolean | undefined): 0 | 1 {
  return boolean(name, "fromLogits", fromLogits ?? false) ? 1 : 0;
}

function alike(name: string, labels: TensorLike, output: TensorLike): [FloatOperand, FloatOperand] {
  const [y, z] = [floatOperand(name, labels), floatOperand(name, output)];
  if (sameShape(y.shape, z.shape)) return [y, z];
  throw new ValueError(
    "ERR_SHAPE",
    `${name}: labels and output must have one shape, got [${y.shape.join(", ")}] and [${z.shape.join(", ")}].`,
  );
}
