/**
 * Operations on one operand, element by element, and their derivatives.
 *
 * @module
 */

import { record } from "../autodiff/operation.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { add, divide, multiply, subtract } from "./arithmetic.js";
import { greater, where } from "./compare.js";
import { apply } from "./elements.js";
import { UNARY } from "./kernels.js";
import { type FloatOperand, floatOperand, type TensorLike } from "./operand.js";

type Float = Tensor<"float32">;

/** `op(x)`, recorded; `a`, `b` and `c` are parameters of the operation. @internal */
export function unary(name: string, op: number, x: TensorLike, a = 0, b = 0, c = 0): Float {
  const input = floatOperand(name, x);
  const y = apply(op, input, a, b, c);
  return record(
    name,
    [input],
    y,
    (dy, into) => {
      into.write(0, (dx) => {
        wasm().unary_backward(op, input.address, y.address, dy.address, input.size, a, b, c, dx);
      });
    },
    ([t]) => {
      const slope = SLOPES[op]?.(input, y, a, b, c);
      return slope === undefined ? null : multiply(t as Float, slope);
    },
  );
}

/** Constants of the approximate gelu, as in `functions.rs`; a test in test/source compares them. */
const GELU_SLOPE = 1.595_769;
const GELU_CUBIC = 0.044_715;

/** The derivative, from `x`, `y = op(x)` and the parameters. */
type Slope = (x: FloatOperand, y: Float, a: number, b: number, c: number) => TensorLike;

const of = (name: keyof typeof UNARY) => (x: TensorLike) => unary(name, UNARY[name], x);
const [abs, exp, square, reciprocal] = [of("abs"), of("exp"), of("square"), of("reciprocal")];
const [sign, sin, cos, erf] = [of("sign"), of("sin"), of("cos"), of("erf")];
const [sigmoid, tanh, softplus, hardSigmoid] = [of("sigmoid"), of("tanh"), of("softplus"), of("hardSigmoid")];

/**
 * Indexed by the numbers of {@link UNARY}; missing operations have a derivative of 0. Kinks are treated as in the
 * kernels.
 */
const SLOPES: Readonly<Record<number, Slope>> = {
  [UNARY.negative]: () => -1,
  [UNARY.abs]: sign,
  [UNARY.exp]: (_, y) => y,
  [UNARY.log]: reciprocal,
  [UNARY.log1p]: (x) => reciprocal(add(x, 1)),
  [UNARY.sqrt]: (_, y) => divide(0.5, y),
  [UNARY.rsqrt]: (_, y) => multiply(multiply(y, -0.5), square(y)),
  [UNARY.square]: (x) => multiply(x, 2),
  [UNARY.reciprocal]: (_, y) => multiply(square(y), -1),
  [UNARY.tanh]: (_, y) => subtract(1, square(y)),
  [UNARY.sigmoid]: (_, y) => multiply(y, subtract(1, y)),
  [UNARY.relu]: (x) => greater(x, 0),
  [UNARY.boundedRelu]: (x, _, a, b, c) => where(greater(x, c), greater(b, x), a),
  [UNARY.elu]: (x, y, a) => where(greater(x, 0), 1, add(y, a)),
  [UNARY.selu]: (x, y) => {
    // The scale is the value of 1, and the limit at -infinity is -scale alpha.
    const [high, low] = [1, Number.NEGATIVE_INFINITY].map((at) => apply(UNARY.selu, floatOperand("selu", at))) as [
      Float,
      Float,
    ];
    return where(greater(x, 0), high, subtract(y, low));
  },
  [UNARY.softplus]: sigmoid,
  [UNARY.softsign]: (x) => reciprocal(square(add(abs(x), 1))),
  // The distribution, and x times its density.
  [UNARY.gelu]: (x) =>
    add(
      multiply(add(erf(multiply(x, Math.SQRT1_2)), 1), 0.5),
      multiply(multiply(x, exp(multiply(square(x), -0.5))), 1 / Math.sqrt(2 * Math.PI)),
    ),
  [UNARY.approximateGelu]: (x) => {
    const squared = square(x);
    const s = sigmoid(multiply(multiply(x, GELU_SLOPE), add(multiply(squared, GELU_CUBIC), 1)));
    const inner = multiply(add(multiply(squared, 3 * GELU_CUBIC), 1), GELU_SLOPE);
    return weighted(x, s, inner);
  },
  [UNARY.silu]: (x) => weighted(x, sigmoid(x), 1),
  [UNARY.hardSigmoid]: ramp,
  [UNARY.hardSilu]: (x) => add(hardSigmoid(x), multiply(x, ramp(x))),
  [UNARY.mish]: (x) => {
    const t = tanh(softplus(x));
    return add(t, multiply(multiply(x, subtract(1, square(t))), sigmoid(x)));
  },
  [UNARY.erf]: (x) => multiply(exp(multiply(square(x), -1)), 2 / Math.sqrt(Math.PI)),
  [UNARY.clip]: (x, _, a, b) => where(greater(a, x), 0, where(greater(x, b), 0, 1)),
  [UNARY.sin]: cos,
  [UNARY.cos]: (x) => multiply(sin(x), -1),
};

/** The derivative of `x s`, with the sigmoid `s` of an argument whose derivative is `inner`. */
function weighted(x: FloatOperand, s: Float, inner: TensorLike): Float {
  return multiply(s, add(1, multiply(multiply(x, subtract(1, s)), inner)));
}

/** The derivative of the hard sigmoid. */
function ramp(x: FloatOperand): Float {
  return where(greater(3, abs(x)), 1 / 6, 0);
}
