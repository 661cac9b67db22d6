/**
 * One operand through one kernel, without a gradient.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import type { FloatOperand } from "./operand.js";

/** `op(x)`, not recorded; `a`, `b` and `c` are parameters of the operation. @internal */
export function apply(op: number, x: FloatOperand, a = 0, b = 0, c = 0): Tensor<"float32"> {
  const y = allocate(x.shape);
  wasm().unary(op, x.address, x.size, a, b, c, y.address);
  return y;
}
