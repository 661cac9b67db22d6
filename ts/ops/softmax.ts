/**
 * Softmax and its logarithm.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { isList } from "../options.js";
import { wasm } from "../runtime/module.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { multiply, subtract } from "./arithmetic.js";
import { axesBack, axesLast } from "./axes-last.js";
import { exp } from "./math.js";
import {
  type AxesOptions,
  checkedAxes,
  checkedAxis,
  type FloatOperand,
  floatOperand,
  type TensorLike,
} from "./operand.js";
import { sum } from "./reduce.js";
import { reshape } from "./reshape.js";
import { transpose } from "./transpose.js";

/** Keras warns too. */
const LENGTH_1 = "softmax over an axis of length 1 always returns 1. For a model with one output use sigmoid instead.";

const AXIS = { names: ["axis"], after: 1 };

/** `axis`, by position or by name. */
type Axes = [axis?: AxesOptions["axis"] | AxesOptions | undefined];

/**
 * Softmax: `e^x` divided by its sum along an axis, or over several: positive numbers that add up to 1. It does not overflow.
 *
 * @param x - Numbers with one or more axes.
 * @param given - `axis`: the axis or axes to normalize over; `null` for all. Default: -1, the last.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or it is named twice
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.softmax](https://keras.io/api/ops/nn/#softmax-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.softmax([[0, 0], [1000, 0]]).array()); // Float32Array [0.5, 0.5, 1, 0]
 * ```
 */
export function softmax(x: TensorLike, ...given: Axes): Tensor<"float32"> {
  return over("softmax", 0, x, given);
}

/**
 * Logarithm of the {@link softmax}, accurate even where the softmax underflows to 0.
 *
 * @param x - Numbers with one or more axes.
 * @param given - `axis`: the axis or axes to normalize over; `null` for all. Default: -1, the last.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or it is named twice
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.log_softmax](https://keras.io/api/ops/nn/#log_softmax-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.logSoftmax([1000, 0]).array()); // Float32Array [0, -1000]
 * ```
 */
export function logSoftmax(x: TensorLike, ...given: Axes): Tensor<"float32"> {
  return over("logSoftmax", 1, x, given);
}

function over(name: string, log: 0 | 1, x: TensorLike, given: Axes): Tensor<"float32"> {
  const { axis = -1 } = readOptions<AxesOptions>(name, AXIS, given);
  const a = floatOperand(name, x);
  if (axis !== null && !isList(axis)) return along(name, log, a, axis);
  // Several axes, moved to the end, are one.
  const axes = axis === null ? a.shape.map((_, i) => i) : checkedAxes(name, axis, a.shape.length);
  const moved = axesLast(a, axes);
  const others = moved.shape.slice(0, moved.shape.length - axes.length);
  const length = sizeOf(moved.shape.slice(others.length));
  return axesBack(reshape(along(name, log, reshape(moved, [...others, length]), -1), moved.shape), axes);
}

function along(name: string, log: 0 | 1, a: FloatOperand, axis: number): Tensor<"float32"> {
  const { shape, size } = a;
  const at = checkedAxis(name, axis, shape.length);
  const last = shape.length - 1;
  if (at !== last) {
    // Kernels work on rows; swapping the two axes twice is the identity.
    const exchanged = shape.map((_, i) => (i === at ? last : i === last ? at : i));
    return transpose(along(name, log, transpose(a, exchanged), -1), exchanged);
  }
  const y = allocate(shape);
  const cols = shape[last]!;
  if (cols === 1 && log === 0) warnOnce(softmax, LENGTH_1);
  if (size > 0) {
    const work = allocate([cols]);
    wasm().softmax(log, a.address, size / cols, cols, work.address, y.address);
    work.dispose();
  }
  const backward: Backward = (dy, into) => {
    into.write(0, (dx) => {
      if (size > 0) wasm().softmax_backward(log, y.address, dy.address, size / cols, cols, dx);
    });
  };
  return record(name, [a], y, backward, ([given]) => {
    const t = given as Tensor<"float32">;
    // The distance from the mean tangent, weighted by the probabilities.
    const p = log === 1 ? exp(y) : y;
    const distance = subtract(t, sum(multiply(p, t), { axis: -1, keepdims: true }));
    return log === 1 ? distance : multiply(p, distance);
  });
}
