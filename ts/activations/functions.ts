/**
 * The activation functions.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { cast } from "../ops/control.js";
import * as ops from "../ops/softmax.js";
import { Tensor } from "../tensor.js";

/** The input itself. */
export function linear(x: Operand): Tensor<"float32"> {
  return x instanceof Tensor && x.dtype === "float32" ? (x as Tensor<"float32">) : cast(x, "float32");
}

/** `exp(x)` over its sum along the last axis: probabilities. */
export function softmax(x: Operand): Tensor<"float32"> {
  return ops.softmax(x);
}

/** The logarithm of the softmax along the last axis. */
export function logSoftmax(x: Operand): Tensor<"float32"> {
  return ops.logSoftmax(x);
}
