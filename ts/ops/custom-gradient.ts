/**
 * Operations with custom gradients.
 *
 * @module
 */

import { record } from "../autodiff/operation.js";
import { type Backward, isRecording, recordedBy, type Tangent, unrecorded } from "../autodiff/record.js";
import { checkBody, runBody } from "../bodies.js";
import { ArgumentTypeError } from "../errors.js";
import { checkCount, isList, shown } from "../options.js";
import { isTensor, type Tensor } from "../tensor.js";
import { alike, stopGradient } from "./control.js";
import { CustomRule, FullRecording } from "./custom-rule.js";
import { floatOperand, type TensorLike } from "./operand.js";

/** A function's value, and the function that computes the gradients of its arguments from the gradient of the value. */
export type ValueAndGradient = readonly [
  value: Tensor<"float32">,
  gradient: (dy: Tensor<"float32">) => TensorLike | null | readonly (TensorLike | null)[],
];

/**
 * Creates a function with a custom gradient.
 *
 * @param f - Takes float32 tensors; returns its value, and a function from the value's gradient to its arguments'
 * gradients (a list if there are several; `null` for none).
 * @returns A function of the same operands, with the value and the gradient of `f`; its result has the shape of the
 *   value.
 * @throws TypeError (`ERR_OPTION_TYPE`, `ERR_TAPE`) for anything but a synchronous function; the returned function
 * throws it when `f` returns anything but a tensor and a function
 * @throws ValueError (`ERR_SHAPE`, `ERR_TAPE`), from `gradient()`, when a gradient does not have the shape of its
 * argument, or the number of gradients differs from that of the arguments
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.custom_gradient](https://keras.io/api/ops/core/#custom_gradient-function)
 * @example
 * ```ts
 * import { GradientTape, ops, Variable } from "gradstep";
 *
 * // The square, with its gradient clipped to 1.
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
    // Variables are passed as tensors, so the gradient sees their current values.
    const tensors = operands.map((x) => (isTensor(x) ? x : alike("customGradient", x, stopGradient(x))));
    // The gradient function may use intermediate results of the function: needed for gradients of gradients.
    const recording = new FullRecording();
    const run = () => runBody("customGradient", () => f(...tensors));
    const isRecorded = isRecording();
    const pair: unknown = unrecorded(() => (isRecorded ? recordedBy(recording, run) : run()));
    if (!isList(pair) || !isTensor(pair[0]) || typeof pair[1] !== "function") {
      throw new ArgumentTypeError(
        "ERR_TAPE",
        `customGradient: the function must return [value, gradient], a tensor and a function, got ${shown(pair)}.`,
      );
    }
    const [value, gradient] = pair as unknown as ValueAndGradient;
    // A separate tensor: the function may return one of its inputs.
    const output = stopGradient(value);
    const rule = new CustomRule(tensors, value.shape, gradient, recording.entries);
    const backward: Backward = (dy, into) => {
      const gradients = rule.gradients(dy, (i) => into.wants(i));
      gradients.forEach((own, i) => {
        if (own !== null) into.pass(i, own);
      });
    };
    const tangent: Tangent = (given) => rule.tangent(undefined, given);
    return record("customGradient", tensors, output, backward, tangent, [], () => rule.ofCall());
  };
}
