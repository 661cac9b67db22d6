/**
 * Sums, means, products and extremes along axes.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { asDefined } from "../autodiff/nested.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { add, divide, multiply } from "./arithmetic.js";
import { combine } from "./binary.js";
import { equal } from "./compare.js";
import { BINARY, REDUCTION } from "./kernels.js";
import type { TensorLike } from "./operand.js";
import { type ReduceArguments, type Reduction, reduced, reduction, refuseNothing, repeatInto } from "./reduction.js";
import { reshape } from "./reshape.js";
import { slice } from "./slice.js";

type Float = Tensor<"float32">;

/**
 * Sum along axes, accumulated in double precision.
 *
 * @param x - Numbers of any shape.
 * @param given - `ReduceOptions`, by name or by position: `axis`, `keepdims`.
 * @returns Numbers of the shape of `x` without the reduced axes; with `keepdims` they have length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.sum](https://keras.io/api/ops/numpy/#sum-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * const x = [[1, 2], [3, 4]];
 * console.log(ops.sum(x).item()); // 10
 * console.log(ops.sum(x, { axis: 0 }).array()); // Float32Array [4, 6]
 * console.log(ops.sum(x, { axis: -1, keepdims: true }).shape); // [2, 1]
 * ```
 */
export function sum(x: TensorLike, ...given: ReduceArguments): Tensor<"float32"> {
  const plan = reduction("sum", x, given);
  const backward: Backward = (dy, into) => into.write(0, (dx) => repeatInto(dy, plan, dx));
  return record("sum", [plan.x], reduced(REDUCTION.sum, plan), backward, ([t]) => along(sum, t as Float, plan));
}

/**
 * Mean along axes, accumulated in double precision; NaN for no elements.
 *
 * @param x - Numbers of any shape.
 * @param given - `ReduceOptions`, by name or by position: `axis`, `keepdims`.
 * @returns Numbers of the shape of `x` without the reduced axes; with `keepdims` they have length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.mean](https://keras.io/api/ops/numpy/#mean-function)
 */
export function mean(x: TensorLike, ...given: ReduceArguments): Tensor<"float32"> {
  const plan = reduction("mean", x, given);
  const backward: Backward = (dy, into) => {
    into.write(0, (dx) => {
      const [, , share] = combine("mean", BINARY.divide, dy, plan.len);
      repeatInto(share, plan, dx);
    });
  };
  return record("mean", [plan.x], reduced(REDUCTION.mean, plan), backward, ([t]) => along(mean, t as Float, plan));
}

/**
 * Product along axes, accumulated in double precision.
 *
 * @param x - Numbers of any shape.
 * @param given - `ReduceOptions`, by name or by position: `axis`, `keepdims`.
 * @returns Numbers of the shape of `x` without the reduced axes; with `keepdims` they have length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.prod](https://keras.io/api/ops/numpy/#prod-function)
 */
export function prod(x: TensorLike, ...given: ReduceArguments): Tensor<"float32"> {
  const plan = reduction("prod", x, given);
  const { outer, len, inner } = plan;
  const backward: Backward = (dy, into) => {
    into.write(0, (dx) => wasm().product_backward(plan.x.address, dy.address, outer, len, inner, dx));
  };
  const tangent = asDefined([plan.x], () => reshape(halved(reshape(plan.x, [outer, len, inner])), plan.shape));
  return record("prod", [plan.x], reduced(REDUCTION.prod, plan), backward, tangent);
}

/**
 * Largest element along axes; NaN if there is a NaN. Equal elements share the gradient.
 *
 * @param x - Numbers of any shape.
 * @param given - `ReduceOptions`, by name or by position: `axis`, `keepdims`.
 * @returns Numbers of the shape of `x` without the reduced axes; with `keepdims` they have length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or nothing on it
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.max](https://keras.io/api/ops/numpy/#max-function)
 */
export function max(x: TensorLike, ...given: ReduceArguments): Tensor<"float32"> {
  return extreme("max", x, given);
}

/**
 * Smallest element along axes; NaN if there is a NaN. Equal elements share the gradient.
 *
 * @param x - Numbers of any shape.
 * @param given - `ReduceOptions`, by name or by position: `axis`, `keepdims`.
 * @returns Numbers of the shape of `x` without the reduced axes; with `keepdims` they have length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or nothing on it
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.min](https://keras.io/api/ops/numpy/#min-function)
 */
export function min(x: TensorLike, ...given: ReduceArguments): Tensor<"float32"> {
  return extreme("min", x, given);
}

function extreme(name: "max" | "min", x: TensorLike, given: ReduceArguments): Tensor<"float32"> {
  const plan = reduction(name, x, given);
  refuseNothing(name, plan);
  const { outer, len, inner } = plan;
  const y = reduced(REDUCTION[name], plan);
  const backward: Backward = (dy, into) => {
    into.write(0, (dx) => wasm().extreme_backward(plan.x.address, y.address, dy.address, outer, len, inner, dx));
  };
  return record(name, [plan.x], y, backward, ([t]) => {
    const isExtreme = equal(reshape(plan.x, [outer, len, inner]), reshape(y, [outer, 1, inner]));
    const shares = divide(isExtreme, sum(isExtreme, { axis: 1, keepdims: true }));
    const whole = reshape(t as Float, [outer, len, inner]);
    return reshape(sum(multiply(whole, shares), { axis: 1 }), plan.shape);
  });
}

/** The same reduction of a tangent. */
function along(reduce: typeof sum, t: Float, { outer, len, inner, shape }: Reduction): Float {
  return reshape(reduce(reshape(t, [outer, len, inner]), { axis: 1 }), shape);
}

/** The product along the middle axis, recursively by halves. No division, so zeros are safe. */
function halved(x: Float): Float {
  const [outer, len, inner] = x.shape as readonly [number, number, number];
  const half = len >> 1;
  if (half === 0) return len === 1 ? x : add(sum(x, { axis: 1 }), 1);
  const part = (from: number, length: number) => slice(x, [0, from, 0], [outer, length, inner]);
  const product = halved(multiply(part(0, half), part(half, half)));
  return len % 2 === 0 ? product : multiply(product, part(len - 1, 1));
}

/** Options of `ops.argmax` and `ops.argmin`. */
export interface ArgReduceOptions {
  /** One axis, or `null` for the flattened tensor. Default: null. */
  readonly axis?: number | null | undefined;
  /** Whether to keep the axis, with length 1. Default: false. */
  readonly keepdims?: boolean | undefined;
}

/**
 * Index of the largest element along an axis, or in the flattened tensor, as int32. Of equal elements it is the first;
 * NaN counts as the largest, and -0 is below 0, as in Keras.
 *
 * @param x - Numbers of any shape.
 * @param given - {@link ArgReduceOptions}, by name or by position: `axis`, `keepdims`.
 * @returns int32 indices, of the shape of `x` without the axis; with `keepdims` it has length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or nothing on it
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.argmax](https://keras.io/api/ops/numpy/#argmax-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.argmax([[0.1, 0.9], [0.8, 0.2]], -1).array()); // Int32Array [1, 0]
 * ```
 */
export function argmax(
  x: TensorLike,
  ...given: [axis?: number | null | ArgReduceOptions | undefined, keepdims?: boolean | undefined]
): Tensor<"int32"> {
  return argExtreme("argmax", 0, x, given);
}

/**
 * Index of the smallest element along an axis, or in the flattened tensor, as int32. Of equal elements it is the first;
 * NaN counts as the smallest, and -0 is below 0, as in Keras.
 *
 * @param x - Numbers of any shape.
 * @param given - {@link ArgReduceOptions}, by name or by position: `axis`, `keepdims`.
 * @returns int32 indices, of the shape of `x` without the axis; with `keepdims` it has length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or nothing on it
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.argmin](https://keras.io/api/ops/numpy/#argmin-function)
 */
export function argmin(
  x: TensorLike,
  ...given: [axis?: number | null | ArgReduceOptions | undefined, keepdims?: boolean | undefined]
): Tensor<"int32"> {
  return argExtreme("argmin", 1, x, given);
}

function argExtreme(name: string, smallest: 0 | 1, x: TensorLike, given: ReduceArguments): Tensor<"int32"> {
  const plan = reduction(name, x, given, true);
  refuseNothing(name, plan);
  const y = allocate(plan.shape, "int32");
  // If all rows are empty, there is nothing to search.
  if (y.size > 0) wasm().arg_extreme(smallest, plan.x.address, plan.outer, plan.len, plan.inner, y.address);
  return y;
}
