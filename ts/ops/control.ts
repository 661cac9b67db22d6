/**
 * Operations on the record itself: stopped gradients and custom gradients.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { record, unrecorded } from "../autodiff/record.js";
import { checkBody, runBody } from "../bodies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkCount, isList, shown } from "../options.js";
import { wasm } from "../runtime/module.js";
import { sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { checkedDType, type DType } from "../values.js";
import { floatOperand, intOperand, type TensorLike } from "./operand.js";

/**
 * Copies `x`; no gradient flows through the copy.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.stop_gradient](https://keras.io/api/ops/core/#stop_gradient-function)
 */
export function stopGradient(x: TensorLike): Tensor<"float32"> {
  checkCount("stopGradient", arguments.length, 1);
  const a = floatOperand("stopGradient", x);
  const y = allocate(a.shape);
  wasm().copy_values(a.address, a.size, y.address);
  return y;
}

/**
 * Converts to another element type. Floats are truncated towards 0; no gradient flows to or from int32.
 *
 * @param x - Numbers of any shape.
 * @param dtype - `"float32"` or `"int32"`.
 * @returns Numbers of the shape of `x`, of that type.
 * @throws TypeError (`ERR_VALUES_DTYPE`) for another type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.cast](https://keras.io/api/ops/core/#cast-function)
 */
export function cast<D extends DType>(x: TensorLike, dtype: D): Tensor<D> {
  checkCount("cast", arguments.length, 2);
  if (dtype === "float32") {
    const a = floatOperand("cast", x);
    const y = allocate(a.shape);
    wasm().copy_values(a.address, a.size, y.address);
    return record("cast", [a], y, (dy, into) => into.pass(0, dy)) as Tensor<D>;
  }
  checkedDType("cast", dtype);
  const isWhole = x instanceof Tensor && x.dtype === "int32";
  const a = isWhole ? intOperand("cast", x) : floatOperand("cast", x);
  const y = allocate(a.shape, "int32");
  const from = a.numbers;
  const to = y.numbers;
  for (let i = 0; i < from.length; i++) to[i] = Math.trunc(from[i]!);
  return y as Tensor<D>;
}

/** A function's value, and what turns the gradient of the value into those of its arguments. */
export type ValueAndGradient = readonly [
  value: Tensor<"float32">,
  gradient: (dy: Tensor<"float32">) => TensorLike | null | readonly (TensorLike | null)[],
];

/**
 * Makes a function with a custom gradient.
 *
 * @param f - Takes float32 tensors; returns its value, and a function from the value's gradient to its arguments'
 * gradients (a list if there are several; `null` for none).
 * @returns A function of as many operands, with the value and the gradient of `f`; its result has the shape of the
 * value.
 * @throws TypeError (`ERR_OPTION_TYPE`, `ERR_TAPE`) for anything but a synchronous function; the returned function
 * throws it when `f` returns anything but a tensor and a function
 * @throws ValueError (`ERR_SHAPE`, `ERR_TAPE`), from `gradient()`, when a gradient does not have the shape of its
 * argument, or there are not as many as arguments
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.custom_gradient](https://keras.io/api/ops/core/#custom_gradient-function)
 * @example
 * ```ts
 * import { GradientTape, ops, Variable } from "gradstep";
 *
 * // The square, with a gradient that is clipped to 1.
 * const clipped = ops.customGradient((x) => [ops.square(x), (dy) => ops.clip(ops.multiply(dy, x), -1, 1)]);
 * const w = new Variable([0.5, 30]);
 * const tape = new GradientTape();
 * const y = tape.run(() => clipped(w));
 * console.log(tape.gradient(y, w)?.array()); // Float32Array [0.5, 1]
 * ```
 */
export function customGradient(
  f: (...inputs: Tensor<"float32">[]) => ValueAndGradient,
): (...inputs: TensorLike[]) => Tensor<"float32"> {
  checkCount("customGradient", arguments.length, 1);
  checkBody("customGradient", f);
  return (...inputs) => {
    const operands = inputs.map((input) => floatOperand("customGradient", input));
    // Variables too come as tensors, so that what they are now is what the gradient sees.
    const tensors = operands.map((operand) => (operand instanceof Tensor ? operand : stopGradient(operand)));
    const pair: unknown = unrecorded(() => runBody("customGradient", () => f(...tensors)));
    if (!isList(pair) || !(pair[0] instanceof Tensor) || typeof pair[1] !== "function") {
      throw new ArgumentTypeError(
        "ERR_TAPE",
        `customGradient: the function must return [value, gradient], a tensor and a function, got ${shown(pair)}.`,
      );
    }
    const [value, gradient] = pair as unknown as ValueAndGradient;
    // A separate tensor: the function may return one of its inputs.
    return record("customGradient", operands, stopGradient(value), (dy, into) => {
      const given = runBody("customGradient's gradient", () => gradient(dy));
      const list = isList(given) && operands.length > 1 ? given : [given];
      operands.forEach((operand, i) => {
        const entry = (list[i] ?? null) as TensorLike | null;
        if (entry === null || !into.wants(i)) return;
        const own = floatOperand("customGradient", entry);
        if (!sameShape(own.shape, operand.shape)) {
          throw new ValueError(
            "ERR_TAPE",
            `customGradient: gradient ${i} must have its input's shape [${operand.shape.join(", ")}], got [${own.shape.join(", ")}].`,
          );
        }
        into.pass(i, own instanceof Tensor ? own : stopGradient(own));
      });
    });
  };
}
