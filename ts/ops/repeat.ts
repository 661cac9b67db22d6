/**
 * Tensors that are repeated along axes.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { checkCount } from "../options.js";
import { checkedShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { passBack } from "./binary.js";
import { broadcastShapes } from "./broadcast.js";
import { floatOperand, type TensorLike } from "./operand.js";
import { reshape } from "./reshape.js";
import { broadcastInto } from "./strided.js";

/**
 * `x`, repeated along its axes of length 1 and along new ones in front, to fill a shape.
 *
 * @throws ValueError when it does not fit
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
  const y = allocate(whole);
  broadcastInto(input, whole, y.address);
  return record("broadcastTo", [input], y, (dy, into) => passBack(into, 0, input, dy));
}

/**
 * `x`, laid out several times along each axis.
 *
 * @param repeats - How often, for each axis; a shorter list is for the last axes, a longer one adds axes.
 * @throws ValueError when a number is negative or not whole
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.tile([[1, 2]], [2, 2]).array()); // Float32Array [1, 2, 1, 2, 1, 2, 1, 2]
 * ```
 */
export function tile(x: TensorLike, repeats: readonly number[]): Tensor<"float32"> {
  checkCount("tile", arguments.length, 2);
  const input = floatOperand("tile", x);
  const counts = checkedShape("tile", repeats);
  const rank = Math.max(counts.length, input.shape.length);
  const filled = (list: readonly number[]) => [...new Array<number>(rank - list.length).fill(1), ...list];
  const [times, lengths] = [filled(counts), filled(input.shape)];
  // Each axis as two: how often, and what.
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
