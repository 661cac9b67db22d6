/**
 * One operand through one kernel, and back.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/record.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { type FloatOperand, floatOperand, type TensorLike } from "./operand.js";

/** `op(x)`, recorded; `a`, `b` and `c` are parameters of the operation. @internal */
export function unary(name: string, op: number, x: TensorLike, a = 0, b = 0, c = 0): Tensor<"float32"> {
  const input = floatOperand(name, x);
  const y = apply(op, input, a, b, c);
  return record(name, [input], y, (dy, into) => {
    into.write(0, (dx) => {
      wasm().unary_backward(op, input.address, y.address, dy.address, input.size, a, b, c, dx);
    });
  });
}

/** `op(x)`, not recorded. @internal */
export function apply(op: number, x: FloatOperand, a = 0, b = 0, c = 0): Tensor<"float32"> {
  const y = allocate(x.shape);
  wasm().unary(op, x.address, x.size, a, b, c, y.address);
  return y;
}
