/**
 * Softmax and its logarithm.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/record.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { checkedAxis, floatOperand, type TensorLike } from "./operand.js";

/**
 * `e^x` divided by its sum along an axis: positive numbers that add up to 1. Safe for numbers of any size.
 *
 * @param axis - Default: the last one, -1.
 * @throws ValueError when there is no such axis
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.softmax([[0, 0], [1000, 0]]).array()); // Float32Array [0.5, 0.5, 1, 0]
 * ```
 */
export function softmax(x: TensorLike, axis = -1): Tensor<"float32"> {
  return along("softmax", 0, x, axis);
}

/**
 * The logarithm of {@link softmax}, also where that is too small for a float.
 *
 * @param axis - Default: the last one, -1.
 * @throws ValueError when there is no such axis
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.logSoftmax([1000, 0]).array()); // Float32Array [0, -1000]
 * ```
 */
export function logSoftmax(x: TensorLike, axis = -1): Tensor<"float32"> {
  return along("logSoftmax", 1, x, axis);
}

function along(name: string, log: 0 | 1, x: TensorLike, axis: number): Tensor<"float32"> {
  const a = floatOperand(name, x);
  const { shape, size } = a;
  const at = checkedAxis(name, axis, shape.length);
  const y = allocate(shape);
  if (size === 0) return record(name, [a], y, (dy, into) => into.pass(0, dy));
  const length = shape[at] as number;
  let inner = 1;
  for (let i = at + 1; i < shape.length; i++) inner *= shape[i] as number;
  const outer = size / (length * inner);
  const work = allocate([2 * length]);
  wasm().softmax(log, a.address, outer, length, inner, work.address, y.address);
  work.dispose();
  return record(name, [a], y, (dy, into) => {
    into.write(0, (dx) => {
      const work = allocate([3 * length]).address;
      wasm().softmax_backward(log, y.address, dy.address, outer, length, inner, work, dx);
    });
  });
}
