/**
 * Powers.
 *
 * @module
 */

import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { checkCount } from "../options.js";
import type { Tensor } from "../tensor.js";
import { multiply, subtract } from "./arithmetic.js";
import { combine, combined, combineInto, writeBack } from "./binary.js";
import { equal, greater, where } from "./compare.js";
import { BINARY } from "./kernels.js";
import { log } from "./math.js";
import type { TensorLike } from "./operand.js";
import { linear, total } from "./tangents.js";

/**
 * `a` to the power `b`. NaN for a negative `a` with a fractional `b`.
 *
 * The gradient of `b` is 0 where `a` is 0 or below, that of `a` is 0 where `b` is 0.
 *
 * @param a - Numbers, broadcast against the other operand.
 * @param b - Numbers, broadcast against the other operand.
 * @returns Numbers of the shape to which `a` and `b` are broadcast.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.power](https://keras.io/api/ops/numpy/#power-function)
 */
export function power(a: TensorLike, b: TensorLike): Tensor<"float32"> {
  checkCount("power", arguments.length, 2);
  const [x, y, out] = combine("power", BINARY.power, a, b);
  const { shape } = out;
  const backward: Backward = (dy, into) => {
    const by = (slope: number) => (to: number) => {
      combineInto(BINARY.multiply, dy, combined(slope, x, y, shape), shape, to);
    };
    writeBack(into, 0, x, shape, by(BINARY.powerByBase));
    writeBack(into, 1, y, shape, by(BINARY.powerByExponent));
  };
  return record("power", [x, y], out, backward, ([s, t]) => {
    // No NaN or infinity where the derivative is 0: for an exponent of 0, or a base of 0 or below.
    const ofBase = linear(s, (s) => {
      const exponent = where(equal(y, 0), 1, subtract(y, 1));
      return multiply(s, multiply(y, power(x, exponent)));
    });
    const ofExponent = linear(t, (t) => {
      const isPositive = greater(x, 0);
      return multiply(t, where(isPositive, multiply(out, log(where(isPositive, x, 1))), 0));
    });
    return total(shape, ofBase, ofExponent);
  });
}
