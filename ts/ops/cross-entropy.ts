/**
 * Cross-entropies, forward and backward in one kernel each.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { boolean, checkKnownOptions } from "../options.js";
import { wasm } from "../runtime/module.js";
import { sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { multiply, subtract } from "./arithmetic.js";
import { checkIndices } from "./indices.js";
import { clip, log, negative } from "./math.js";
import { type FloatOperand, floatOperand, intOperand, type TensorLike } from "./operand.js";
import { expandDims } from "./reshape.js";
import { logSoftmax } from "./softmax.js";

/** Distance of a probability from 0 and 1: Keras's `epsilon()`. The kernels have it too. */
const EPSILON = 1e-7;

/** Options of the cross-entropies. */
export interface CrossentropyOptions {
  /** Whether the outputs are logits, any numbers, rather than probabilities. Default: false, as in Keras. */
  readonly fromLogits?: boolean | undefined;
}

/**
 * Cross-entropy of each row, `-sum(label * log(probability))`, between two distributions over classes: the
 * last axis. Probabilities are divided by their sum, and kept 1e-7 away from 0 and 1; where that changes
 * them their gradient is 0. All this is Keras's `categorical_crossentropy`.
 *
 * @param labels - As large as `output`; usually rows that add up to 1.
 * @param output - Probabilities, or logits with `fromLogits`.
 * @returns One number for each row
 * @throws ValueError when the shapes differ
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
  options: CrossentropyOptions = {},
): Tensor<"float32"> {
  const name = "categoricalCrossentropy";
  const isLogits = checkedFromLogits(name, options);
  const [y, z] = alike(name, labels, output);
  return ofRows(name, isLogits, y, z);
}

/**
 * {@link categoricalCrossentropy} with the index of the right class as the label of each row.
 *
 * @param labels - Whole numbers, one for each row of `output`; a last axis of 1 may follow.
 * @param output - Probabilities, or logits with `fromLogits`.
 * @returns One number for each row
 * @throws ValueError when a label is no class, when the shapes do not fit
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
  options: CrossentropyOptions = {},
): Tensor<"float32"> {
  const name = "sparseCategoricalCrossentropy";
  const isLogits = checkedFromLogits(name, options);
  const z = floatOperand(name, output);
  const y = intOperand(name, labels);
  const rows = z.shape.slice(0, -1);
  const isColumn = y.shape.length === z.shape.length && y.shape.at(-1) === 1;
  if (!sameShape(isColumn ? y.shape.slice(0, -1) : y.shape, rows)) {
    throw new ValueError(
      "ERR_SHAPE",
      `${name}: expected one label for each row of the output, [${rows.join(", ")}], got labels of [${y.shape.join(", ")}] for an output of [${z.shape.join(", ")}].`,
    );
  }
  checkIndices(name, "label", y, z.shape.at(-1) ?? 0, "classes");
  return ofRows(name, isLogits, y, z);
}

/**
 * Cross-entropy of each element, `-(y log p + (1 - y) log(1 - p))`. Probabilities are kept 1e-7 away from 0
 * and 1; where that changes them their gradient is 0.
 *
 * @param labels - From 0 to 1, as many as `output`.
 * @param output - Probabilities, or logits with `fromLogits`, whose sigmoid is the probability.
 * @throws ValueError when the shapes differ
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
  options: CrossentropyOptions = {},
): Tensor<"float32"> {
  const name = "binaryCrossentropy";
  const logits = checkedFromLogits(name, options);
  const [y, z] = alike(name, labels, output);
  const losses = allocate(z.shape);
  wasm().binary_cross_entropy(logits, y.address, z.address, z.size, losses.address);
  return record(name, [y, z], losses, (dy, into) => {
    const kernels = wasm();
    if (into.wants(0)) into.pass(0, multiply(logits ? negative(z) : logOdds(z), dy));
    into.write(1, (out) =>
      kernels.binary_cross_entropy_backward(logits, y.address, z.address, dy.address, z.size, out),
    );
  });
}

/** {@link categoricalCrossentropy} from logits. */
export function softmaxCrossEntropy(labels: TensorLike, logits: TensorLike): Tensor<"float32"> {
  return categoricalCrossentropy(labels, logits, { fromLogits: true });
}

/** {@link sparseCategoricalCrossentropy} from logits. */
export function sparseSoftmaxCrossEntropy(labels: TensorLike, logits: TensorLike): Tensor<"float32"> {
  return sparseCategoricalCrossentropy(labels, logits, { fromLogits: true });
}

/** {@link binaryCrossentropy} from logits. */
export function sigmoidCrossEntropy(labels: TensorLike, logits: TensorLike): Tensor<"float32"> {
  return binaryCrossentropy(labels, logits, { fromLogits: true });
}

/** Losses of the rows of `z`; labels are checked. */
function ofRows(name: string, logits: 0 | 1, y: FloatOperand | Tensor<"int32">, z: FloatOperand): Tensor<"float32"> {
  const classes = z.shape.at(-1) ?? 0;
  if (classes === 0) {
    throw new ValueError("ERR_SHAPE", `${name}: expected an output of [..., classes], got [${z.shape.join(", ")}].`);
  }
  const sparse = y.dtype === "int32" ? 1 : 0;
  const rows = z.size / classes;
  const losses = allocate(z.shape.slice(0, -1));
  // What the gradient needs: softmax of the logits, or the probabilities divided by their sum.
  const p = allocate(z.shape);
  wasm().categorical_cross_entropy(logits, sparse, y.address, z.address, rows, classes, p.address, losses.address);
  const inputs = y.dtype === "int32" ? [z] : [z, y];
  return record(name, inputs, losses, (dy, into) => {
    const kernels = wasm();
    into.write(0, (out) =>
      kernels.categorical_cross_entropy_backward(
        logits,
        sparse,
        y.address,
        z.address,
        rows,
        classes,
        p.address,
        dy.address,
        out,
      ),
    );
    if (sparse === 1) return;
    if (into.wants(1)) {
      const logs = logits ? logSoftmax(z) : log(clip(p, EPSILON, 1 - EPSILON));
      into.pass(1, multiply(logs, expandDims(negative(dy), -1)));
    }
  });
}

/** The logarithm of `1 - p` less that of `p`. */
function logOdds(z: FloatOperand): Tensor<"float32"> {
  const p = clip(z, EPSILON, 1 - EPSILON);
  return subtract(log(subtract(1, p)), log(p));
}

function checkedFromLogits(name: string, options: CrossentropyOptions): 0 | 1 {
  checkKnownOptions(name, options, ["fromLogits"]);
  return boolean(name, "fromLogits", options.fromLogits ?? false) ? 1 : 0;
}

function alike(name: string, labels: TensorLike, output: TensorLike): [FloatOperand, FloatOperand] {
  const [y, z] = [floatOperand(name, labels), floatOperand(name, output)];
  if (sameShape(y.shape, z.shape)) return [y, z];
  throw new ValueError(
    "ERR_SHAPE",
    `${name}: labels and output must have one shape, got [${y.shape.join(", ")}] and [${z.shape.join(", ")}].`,
  );
}
