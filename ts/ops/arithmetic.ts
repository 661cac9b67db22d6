/**
 * Arithmetic on two operands, which are broadcast to each other as in NumPy.
 *
 * @module
 */

import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { checkCount } from "../options.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { combine, combined, combineInto, passBack, writeBack } from "./binary.js";
import { greater, greaterEqual, where } from "./compare.js";
import { BINARY, UNARY } from "./kernels.js";
import type { TensorLike } from "./operand.js";
import { linear, total } from "./tangents.js";

/**
 * Sum of each pair: `a + b`.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns Numbers of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.add](https://keras.io/api/ops/numpy/#add-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.add([[1, 2], [3, 4]], [10, 20]).array()); // Float32Array [11, 22, 13, 24]
 * ```
 */
export function add(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("add", arguments.length, 2);
  const [x, y, out] = combine("add", BINARY.add, a, b);
  const backward: Backward = (dy, into) => {
    passBack(into, 0, x, dy);
    passBack(into, 1, y, dy);
  };
  return record("add", [x, y], out, backward, ([s, t]) => total(out.shape, s, t));
}

/**
 * Difference of each pair: `a - b`.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns Numbers of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.subtract](https://keras.io/api/ops/numpy/#subtract-function)
 */
export function subtract(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("subtract", arguments.length, 2);
  const [x, y, out] = combine("subtract", BINARY.subtract, a, b);
  const backward: Backward = (dy, into) => {
    passBack(into, 0, x, dy);
    writeBack(into, 1, y, out.shape, (to) => negate(dy, to));
  };
  return record("subtract", [x, y], out, backward, ([s, t]) => total(out.shape, s, linear(t, negated)));
}

/**
 * Product of each pair: `a * b`, element by element. For products of matrices see `ops.matmul`.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns Numbers of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.multiply](https://keras.io/api/ops/numpy/#multiply-function)
 */
export function multiply(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("multiply", arguments.length, 2);
  const [x, y, out] = combine("multiply", BINARY.multiply, a, b);
  const { shape } = out;
  const backward: Backward = (dy, into) => {
    writeBack(into, 0, x, shape, (to) => combineInto(BINARY.multiply, dy, y, shape, to));
    writeBack(into, 1, y, shape, (to) => combineInto(BINARY.multiply, dy, x, shape, to));
  };
  return record("multiply", [x, y], out, backward, ([s, t]) => {
    const [left, right] = [linear(s, (s) => multiply(s, y)), linear(t, (t) => multiply(x, t))];
    return total(shape, left, right);
  });
}

/**
 * Quotient of each pair: `a / b`.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns Numbers of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.divide](https://keras.io/api/ops/numpy/#divide-function)
 */
export function divide(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("divide", arguments.length, 2);
  const [x, y, out] = combine("divide", BINARY.divide, a, b);
  const { shape } = out;
  const backward: Backward = (dy, into) => {
    writeBack(into, 0, x, shape, (to) => combineInto(BINARY.divide, dy, y, shape, to));
    if (!into.wants(1)) return;
    // -dy a / b^2, as -(dy / b) (a / b)
    const ratio = combined(BINARY.divide, dy, y, shape);
    const product = combined(BINARY.multiply, ratio, out, shape);
    writeBack(into, 1, y, shape, (to) => negate(product, to));
  };
  return record("divide", [x, y], out, backward, ([s, t]) => {
    const numerator = total(
      shape,
      s,
      linear(t, (t) => negated(multiply(t, out))),
    );
    return linear(numerator, (sum) => divide(sum, y));
  });
}

/**
 * The larger of each pair; NaN if either is. The gradient flows to the larger one, and to `a` if they are equal.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns Numbers of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.maximum](https://keras.io/api/ops/numpy/#maximum-function)
 */
export function maximum(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("maximum", arguments.length, 2);
  return selection("maximum", BINARY.maximum, a, b);
}

/**
 * The smaller of each pair; NaN if either is. The gradient flows to the smaller one, and to `a` if they are equal.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns Numbers of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.minimum](https://keras.io/api/ops/numpy/#minimum-function)
 */
export function minimum(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("minimum", arguments.length, 2);
  return selection("minimum", BINARY.minimum, a, b);
}

function selection(name: "maximum" | "minimum", op: number, a: TensorLike, b: TensorLike): Tensor<"float32"> {
  const [x, y, out] = combine(name, op, a, b);
  const { shape } = out;
  const [above, below] = name === "maximum" ? [x, y] : [y, x];
  const backward: Backward = (dy, into) => {
    writeBack(into, 0, x, shape, (to) => {
      combineInto(BINARY.gate, dy, combined(BINARY.greaterEqual, above, below, shape), shape, to);
    });
    writeBack(into, 1, y, shape, (to) => {
      combineInto(BINARY.gate, dy, combined(BINARY.greater, below, above, shape), shape, to);
    });
  };
  return record(name, [x, y], out, backward, ([s, t]) => {
    const ofX = linear(s, (s) => where(greaterEqual(above, below), s, 0));
    const ofY = linear(t, (t) => where(greater(below, above), t, 0));
    return total(shape, ofX, ofY);
  });
}

function negated(x: Tensor<"float32">): Tensor<"float32"> {
  return multiply(x, -1);
}

function negate(x: Tensor<"float32">, to: number): void {
  wasm().unary(UNARY.negative, x.address, x.size, 0, 0, 0, to);
}
