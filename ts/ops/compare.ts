/**
 * Comparisons, and the choice between two tensors. True is 1, false is 0, as float32; no gradient flows.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { type Backward, record } from "../autodiff/record.js";
import { checkCount } from "../options.js";
import { wasm } from "../runtime/module.js";
import { type Shape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { combine, combineInto, writeBack } from "./binary.js";
import { broadcastShapes } from "./broadcast.js";
import { BINARY, UNARY } from "./kernels.js";
import { type FloatOperand, floatOperand, type TensorLike } from "./operand.js";
import { broadcastInto } from "./strided.js";
import { apply } from "./unary.js";

/** `a > b` @throws ValueError when the shapes do not fit together */
export function greater(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("greater", arguments.length, 2);
  return combine("greater", BINARY.greater, a, b)[2];
}

/** `a >= b` @throws ValueError when the shapes do not fit together */
export function greaterEqual(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("greaterEqual", arguments.length, 2);
  return combine("greaterEqual", BINARY.greaterEqual, a, b)[2];
}

/** `a < b` @throws ValueError when the shapes do not fit together */
export function less(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("less", arguments.length, 2);
  return combine("less", BINARY.greater, b, a)[2];
}

/** `a <= b` @throws ValueError when the shapes do not fit together */
export function lessEqual(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("lessEqual", arguments.length, 2);
  return combine("lessEqual", BINARY.greaterEqual, b, a)[2];
}

/** `a = b` @throws ValueError when the shapes do not fit together */
export function equal(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("equal", arguments.length, 2);
  return combine("equal", BINARY.equal, a, b)[2];
}

/** `a` is not `b`. @throws ValueError when the shapes do not fit together */
export function notEqual(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("notEqual", arguments.length, 2);
  return combine("notEqual", BINARY.notEqual, a, b)[2];
}

/** Neither is 0. @throws ValueError when the shapes do not fit together */
export function logicalAnd(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("logicalAnd", arguments.length, 2);
  return combine("logicalAnd", BINARY.and, a, b)[2];
}

/** One of them is not 0. @throws ValueError when the shapes do not fit together */
export function logicalOr(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("logicalOr", arguments.length, 2);
  return combine("logicalOr", BINARY.or, a, b)[2];
}

/** It is 0. */
export function logicalNot(x: TensorLike): Tensor<"float32"> {
  checkCount("logicalNot", arguments.length, 1);
  return apply(UNARY.not, floatOperand("logicalNot", x));
}

/** It is not a number. */
export function isnan(x: TensorLike): Tensor<"float32"> {
  checkCount("isnan", arguments.length, 1);
  return apply(UNARY.isNan, floatOperand("isnan", x));
}

/**
 * `a` where the condition is not 0, `b` elsewhere; all three are broadcast. The gradient goes to the chosen one.
 *
 * @throws ValueError when the shapes do not fit together
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * const x = [-1, 0, 4];
 * console.log(ops.where(ops.greater(x, 0), ops.sqrt(x), 0).array()); // Float32Array [0, 0, 2]
 * ```
 */
export function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("where", arguments.length, 3);
  const [test, x, y] = [floatOperand("where", condition), floatOperand("where", a), floatOperand("where", b)];
  const shape = broadcastShapes("where", test.shape, broadcastShapes("where", x.shape, y.shape));
  const out = allocate(shape);
  const [c, left, right] = [test, x, y].map((operand) => whole(operand, shape).address) as [number, number, number];
  wasm().choose(c, left, right, out.size, out.address);
  const backward: Backward = (dy, into) => {
    writeBack(into, 0, x, shape, (to) => combineInto(BINARY.gate, dy, test, shape, to));
    writeBack(into, 1, y, shape, (to) => combineInto(BINARY.gate, dy, apply(UNARY.not, test), shape, to));
  };
  return record("where", [x, y], out, backward, [test]);
}

/** An operand with all elements of a shape. */
function whole(operand: FloatOperand, shape: Shape): FloatOperand {
  if (sameShape(operand.shape, shape)) return operand;
  const copy = allocate(shape);
  broadcastInto(operand, shape, copy.address);
  return copy;
}
