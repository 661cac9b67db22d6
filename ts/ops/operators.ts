/**
 * Tensors and variables between JavaScript's operators, which would make NaN of them.
 *
 * A property of the prototypes that operations add, because a page with an optimizer alone has no room for it; TypeScript
 * refuses such programs.
 *
 * @module
 */

import { activeRecorders } from "../autodiff/record.js";
import { ArgumentTypeError } from "../errors.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";

/** Makes operators answer. */
export function answerOperators(): void {
  for (const { prototype } of [Tensor, Variable]) {
    const value = function (this: Tensor | Variable, hint: string): string | number {
      return primitive(this, hint);
    };
    Object.defineProperty(prototype, Symbol.toPrimitive, { value, configurable: true });
  }
}

/**
 * A single value is its number, as Python's `float(t)`, unless a tape tracks it, which would miss the arithmetic. `+` makes text
 * of all others: `"loss: " + t`.
 *
 * @param hint - The operator's: "number", "string", or "default" for `+` and `==`.
 * @throws TypeError where a number is needed
 */
function primitive(operand: Tensor | Variable, hint: string): string | number {
  const isNumber = operand.size === 1 && !activeRecorders().some((tape) => tape.tracks(operand));
  if (hint === "number" ? isNumber : hint === "default" && isNumber && !operand.disposed) return operand.numbers[0]!;
  if (hint !== "number") return operand.toString();
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `JavaScript's operators take numbers, got a tensor [${operand.shape.join(", ")}]. Write ops.multiply(a, b) for a * b, or item() for a single value.`,
  );
}
