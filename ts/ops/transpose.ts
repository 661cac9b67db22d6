/**
 * Transposes: axes in another order.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate, type Operand } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { isList, oneOrMore, shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import { checkedAxis, floatOperand, type TensorLike } from "./operand.js";
import { copyStrided, stepsOf } from "./strided.js";

/** Options of `ops.transpose`. */
export interface TransposeOptions {
  /** Axis `i` of the result is axis `axes[i]` of `x`. Default: the reverse order. */
  readonly axes?: readonly number[] | null | undefined;
}

const TRANSPOSE = { names: ["axes"], after: 1 };

/**
 * Reorders the axes of `x`.
 *
 * @param x - Numbers of any shape.
 * @param given - `axes`: axis `i` of the result is axis `axes[i]` of `x`. Default: the reverse order.
 * @returns The numbers of `x`, with the axes in that order.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when `axes` does not name each axis once
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.transpose](https://keras.io/api/ops/numpy/#transpose-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.transpose([[1, 2, 3], [4, 5, 6]]).array()); // Float32Array [1, 4, 2, 5, 3, 6]
 * ```
 */
export function transpose(
  x: TensorLike,
  ...given: [axes?: readonly number[] | null | TransposeOptions | undefined]
): Tensor<"float32"> {
  const { axes = null } = readOptions<TransposeOptions>("transpose", TRANSPOSE, given);
  const input = floatOperand("transpose", x);
  const order = axes === null ? input.shape.map((_, axis) => axis).reverse() : checkedOrder(axes, input.shape.length);
  const y = allocate(order.map((axis) => input.shape[axis]!));
  permute(input, order, y.address);
  const backward: Backward = (dy, into) => {
    const back = order.map((_, axis) => order.indexOf(axis));
    into.write(0, (dx) => permute(dy, back, dx));
  };
  return record("transpose", [input], y, backward, ([t]) => transpose(t as Tensor<"float32">, order));
}

function permute(x: Operand, order: readonly number[], to: number): void {
  const from = stepsOf(x.shape);
  const lengths = order.map((axis) => x.shape[axis]!);
  const steps = stepsOf(lengths);
  const axes = order.map((axis, i) => ({
    length: lengths[i]!,
    from: from[axis]!,
    to: steps[i]!,
  }));
  copyStrided(x.address, to, axes);
}

function checkedOrder(axes: readonly number[], rank: number): number[] {
  if (!isList(axes)) {
    throw new ArgumentTypeError("ERR_SHAPE", `transpose: "axes" must be a list of axes, got ${shown(axes)}.`);
  }
  const order = oneOrMore(axes).map((axis) => checkedAxis("transpose", axis as number, rank));
  if (order.length !== rank || new Set(order).size !== rank) {
    throw new ValueError(
      "ERR_SHAPE",
      `transpose: "axes" must name each of the ${rank} axes once, got [${axes.join(", ")}].`,
    );
  }
  return order;
}
