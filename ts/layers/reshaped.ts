/**
 * The same values in another shape.
 *
 * @module
 */

import { allocate, type Operand } from "../autodiff/arena.js";
import { record } from "../autodiff/record.js";
import { floatOperand } from "../ops/operand.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";

/** A copy of `x`, which has as many values, in this shape. */
export function reshape(x: Operand, shape: readonly number[]): Tensor<"float32"> {
  const a = floatOperand("reshape", x);
  const y = allocate(shape);
  wasm().copy_values(a.address, a.size, y.address);
  return record("reshape", [a], y, (dy, into) => into.pass(0, dy));
}
