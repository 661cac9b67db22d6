/**
 * Comparisons, and selection between two tensors. True is 1, false is 0, as float32; no gradient flows through
 * comparisons.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { checkCount } from "../options.js";
import { wasm } from "../runtime/module.js";
import { type Shape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { combine, combineInto, writeBack } from "./binary.js";
import { broadcastShapes } from "./broadcast.js";
import { apply } from "./elements.js";
import { BINARY, UNARY } from "./kernels.js";
import { type FloatOperand, floatOperand, type TensorLike } from "./operand.js";
import { broadcastInto } from "./strided.js";
import { total } from "./tangents.js";

/**
 * Tests `a > b`, element by element.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns 1 where it is true, 0 elsewhere, as float32, of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.greater](https://keras.io/api/ops/numpy/#greater-function)
 */
export function greater(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("greater", arguments.length, 2);
  return combine("greater", BINARY.greater, a, b)[2];
}

/**
 * Tests `a >= b`, element by element.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns 1 where it is true, 0 elsewhere, as float32, of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.greater_equal](https://keras.io/api/ops/numpy/#greater_equal-function)
 */
export function greaterEqual(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("greaterEqual", arguments.length, 2);
  return combine("greaterEqual", BINARY.greaterEqual, a, b)[2];
}

/**
 * Tests `a < b`, element by element.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns 1 where it is true, 0 elsewhere, as float32, of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.less](https://keras.io/api/ops/numpy/#less-function)
 */
export function less(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("less", arguments.length, 2);
  return combine("less", BINARY.greater, b, a)[2];
}

/**
 * Tests `a <= b`, element by element.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns 1 where it is true, 0 elsewhere, as float32, of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.less_equal](https://keras.io/api/ops/numpy/#less_equal-function)
 */
export function lessEqual(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("lessEqual", arguments.length, 2);
  return combine("lessEqual", BINARY.greaterEqual, b, a)[2];
}

/**
 * Tests whether `a` and `b` are equal, element by element.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns 1 where it is true, 0 elsewhere, as float32, of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.equal](https://keras.io/api/ops/numpy/#equal-function)
 */
export function equal(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("equal", arguments.length, 2);
  return combine("equal", BINARY.equal, a, b)[2];
}

/**
 * Tests whether `a` and `b` differ, element by element.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns 1 where it is true, 0 elsewhere, as float32, of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.not_equal](https://keras.io/api/ops/numpy/#not_equal-function)
 */
export function notEqual(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("notEqual", arguments.length, 2);
  return combine("notEqual", BINARY.notEqual, a, b)[2];
}

/**
 * Tests that neither is 0, element by element.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns 1 where it is true, 0 elsewhere, as float32, of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.logical_and](https://keras.io/api/ops/numpy/#logical_and-function)
 */
export function logicalAnd(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("logicalAnd", arguments.length, 2);
  return combine("logicalAnd", BINARY.and, a, b)[2];
}

/**
 * Tests that at least one is not 0, element by element.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns 1 where it is true, 0 elsewhere, as float32, of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.logical_or](https://keras.io/api/ops/numpy/#logical_or-function)
 */
export function logicalOr(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("logicalOr", arguments.length, 2);
  return combine("logicalOr", BINARY.or, a, b)[2];
}

/**
 * Tests which elements are 0.
 *
 * @param x - Numbers of any shape.
 * @returns 1 where `x` is 0, 0 elsewhere, as float32, of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.logical_not](https://keras.io/api/ops/numpy/#logical_not-function)
 */
export function logicalNot(x: TensorLike): Tensor<"float32"> {
  checkCount("logicalNot", arguments.length, 1);
  return apply(UNARY.not, floatOperand("logicalNot", x));
}

/**
 * Tests which elements are NaN.
 *
 * @param x - Numbers of any shape.
 * @returns 1 where `x` is NaN, 0 elsewhere, as float32, of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.isnan](https://keras.io/api/ops/numpy/#isnan-function)
 */
export function isnan(x: TensorLike): Tensor<"float32"> {
  checkCount("isnan", arguments.length, 1);
  return apply(UNARY.isNan, floatOperand("isnan", x));
}

/**
 * Chooses from `a` where the condition is not 0, from `b` elsewhere; all three are broadcast. The gradient flows to the
 * chosen element.
 *
 * @param condition - Numbers; 0 is false, all others are true.
 * @param a - Taken where the condition is true.
 * @param b - Taken where it is false.
 * @returns Numbers of the shape to which all three are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.where](https://keras.io/api/ops/numpy/#where-function)
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
  return record("where", [x, y], out, backward, ([s, t]) => total(shape, where(test, s ?? 0, t ?? 0)), [test]);
}

/** An operand with all elements of a shape. */
function whole(operand: FloatOperand, shape: Shape): FloatOperand {
  if (sameShape(operand.shape, shape)) return operand;
  const copy = allocate(shape);
  broadcastInto(operand, shape, copy.address);
  return copy;
}
