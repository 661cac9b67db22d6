/**
 * Tensors that are repeated along axes.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { checkCount } from "../options.js";
import { checkedShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { passBack } from "./binary.js";
import { broadcastShapes } from "./broadcast.js";
import { type FloatOperand, floatOperand, type TensorLike } from "./operand.js";
import { reshape } from "./reshape.js";
import { broadcastInto } from "./strided.js";

/**
 * Repeats `x` along its axes of length 1, and along new axes in front, to fill a shape.
 *
 * @param x - Numbers of any shape.
 * @param shape - Lengths of the axes of the result.
 * @returns Numbers of that shape.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when `x` cannot be broadcast to the shape
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.broadcast_to](https://keras.io/api/ops/numpy/#broadcast_to-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.broadcastTo([1, 2], [2, 2]).array()); // Float32Array [1, 2, 1, 2]
 * ```
 */
export function broadcastTo(x: TensorLike, shape: readonly number[]): Tensor<"float32"> {
  checkCount("broadcastTo", arguments.length, 2);
  const input = floatOperand("broadcastTo", x);
  const whole = checkedShape("broadcastTo", shape);
  if (!sameShape(broadcastShapes("broadcastTo", input.shape, whole), whole)) {
    throw new ValueError(
      "ERR_SHAPE",
      `broadcastTo: an input of [${input.shape.join(", ")}] does not fit the shape [${whole.join(", ")}].`,
    );
  }
  return repeated(input, whole);
}

function repeated(input: FloatOperand, whole: readonly number[]): Tensor<"float32"> {
  const y = allocate(whole);
  broadcastInto(input, whole, y.address);
  const backward: Backward = (dy, into) => passBack(into, 0, input, dy);
  return record("broadcastTo", [input], y, backward, ([t]) => repeated(t as Tensor<"float32">, whole));
}

/**
 * Repeats `x` as a whole, several times along each axis.
 *
 * @param x - Numbers of any shape.
 * @param repeats - Number of repeats for each axis; a number or a shorter list applies to the last axes, a longer one
 * adds axes.
 * @returns Numbers; the length of each axis is multiplied by its number of repeats.
 * @throws ValueError, TypeError (`ERR_SHAPE`) for a number of repeats that is negative or not whole
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.tile](https://keras.io/api/ops/numpy/#tile-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.tile([[1, 2]], [2, 2]).array()); // Float32Array [1, 2, 1, 2, 1, 2, 1, 2]
 * ```
 */
export function tile(x: TensorLike, repeats: number | readonly number[]): Tensor<"float32"> {
  checkCount("tile", arguments.length, 2);
  const input = floatOperand("tile", x);
  const counts = checkedShape("tile", typeof repeats === "number" ? [repeats] : repeats);
  const rank = Math.max(counts.length, input.shape.length);
  const filled = (list: readonly number[]) => [...new Array<number>(rank - list.length).fill(1), ...list];
  const [times, lengths] = [filled(counts), filled(input.shape)];
  // Each axis as two: the repeats, and the length.
  const apart = reshape(
    input,
    lengths.flatMap((length) => [1, length]),
  );
  const all = broadcastTo(
    apart,
    lengths.flatMap((length, axis) => [times[axis]!, length]),
  );
  return reshape(
    all,
    lengths.map((length, axis) => length * times[axis]!),
  );
}
