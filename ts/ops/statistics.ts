/**
 * Reductions composed of other operations.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { LARGEST_FLOAT32 } from "../runtime/float32.js";
import { wasm } from "../runtime/module.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { multiply, subtract } from "./arithmetic.js";
import { combine, combined, combineInto } from "./binary.js";
import { apply } from "./elements.js";
import { BINARY, REDUCTION, UNARY } from "./kernels.js";
import { exp, sqrt } from "./math.js";
import type { FloatOperand, TensorLike } from "./operand.js";
import { mean, sum } from "./reduce.js";
import { type ReduceArguments, type Reduction, reduced, reduction, refuseNothing, repeated } from "./reduction.js";
import { reshape } from "./reshape.js";

type Float = Tensor<"float32">;

/**
 * Variance along axes: the mean of the squared distances from the mean.
 *
 * @param x - Numbers of any shape.
 * @param given - `ReduceOptions`, by name or by position: `axis`, `keepdims`.
 * @returns Numbers of the shape of `x` without the reduced axes; with `keepdims` they have length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.var](https://keras.io/api/ops/numpy/#var-function)
 */
export function variance(x: TensorLike, ...given: ReduceArguments): Tensor<"float32"> {
  return varianceOf("variance", x, given);
}

function varianceOf(name: string, x: TensorLike, given: ReduceArguments): Tensor<"float32"> {
  const plan = reduction(name, x, given);
  const [whole, columns] = shapesOf(plan);
  const means = reduced(REDUCTION.mean, { ...plan, shape: columns });
  const distances = combined(BINARY.subtract, copied(plan.x, whole), means, whole);
  const y = reduced(REDUCTION.mean, { ...plan, x: apply(UNARY.square, distances) });
  const backward: Backward = (dy, into) => {
    // The mean depends on `x` too, but its contributions sum to 0.
    into.write(0, (dx) => {
      const [, , share] = combine(name, BINARY.multiply, dy, 2 / plan.len);
      combineInto(BINARY.multiply, repeated(share, plan), distances, whole, dx);
    });
  };
  return record(name, [plan.x], y, backward, ([t]) => {
    const rows = reshape(plan.x, whole);
    const centred = subtract(rows, mean(rows, { axis: 1, keepdims: true }));
    return reshape(multiply(mean(multiply(centred, reshape(t as Float, whole)), { axis: 1 }), 2), plan.shape);
  });
}

/**
 * Standard deviation along axes: the square root of the {@link variance}.
 *
 * @param x - Numbers of any shape.
 * @param given - `ReduceOptions`, by name or by position: `axis`, `keepdims`.
 * @returns Numbers of the shape of `x` without the reduced axes; with `keepdims` they have length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.std](https://keras.io/api/ops/numpy/#std-function)
 */
export function std(x: TensorLike, ...given: ReduceArguments): Tensor<"float32"> {
  return sqrt(varianceOf("std", x, given));
}

/**
 * `log(sum(e^x))` along axes, without overflow.
 *
 * @param x - Numbers of any shape.
 * @param given - `ReduceOptions`, by name or by position: `axis`, `keepdims`.
 * @returns Numbers of the shape of `x` without the reduced axes; with `keepdims` they have length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or nothing on it
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.logsumexp](https://keras.io/api/ops/core/#logsumexp-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.logsumexp([1000, 0]).item()); // 1000
 * ```
 */
export function logsumexp(x: TensorLike, ...given: ReduceArguments): Tensor<"float32"> {
  const plan = reduction("logsumexp", x, given);
  refuseNothing("logsumexp", plan);
  const [whole, columns] = shapesOf(plan);
  const largest = reduced(REDUCTION.max, { ...plan, shape: columns });
  // Infinities become the largest floats, because infinity minus infinity is NaN.
  const shift = apply(UNARY.clip, largest, -LARGEST_FLOAT32, LARGEST_FLOAT32);
  const exponentials = apply(UNARY.exp, combined(BINARY.subtract, copied(plan.x, whole), shift, whole));
  const sums = reduced(REDUCTION.sum, { ...plan, x: exponentials, shape: columns });
  const y = allocate(plan.shape);
  combineInto(BINARY.add, apply(UNARY.log, sums), shift, columns, y.address);
  const backward: Backward = (dy, into) => {
    into.write(0, (dx) => {
      const shares = combined(BINARY.divide, copied(dy, columns), sums, columns);
      combineInto(BINARY.multiply, exponentials, shares, whole, dx);
    });
  };
  return record("logsumexp", [plan.x], y, backward, ([t]) => {
    // The mean tangent, weighted by the softmax.
    const shares = exp(subtract(reshape(plan.x, whole), reshape(y, columns)));
    return reshape(sum(multiply(shares, reshape(t as Float, whole)), { axis: 1 }), plan.shape);
  });
}

function shapesOf({ outer, len, inner }: Reduction): [whole: Shape, columns: Shape] {
  return [
    [outer, len, inner],
    [outer, 1, inner],
  ];
}

/** The same numbers in another shape. */
function copied(x: FloatOperand, shape: Shape): Tensor<"float32"> {
  const copy = allocate(shape);
  wasm().copy_values(x.address, x.size, copy.address);
  return copy;
}
