/**
 * Tensors and variables between JavaScript's operators, which would make NaN of them.
 *
 * @module
 */

import { ArgumentTypeError } from "./errors.js";

/** A tensor or a variable. */
interface Numeric {
  readonly size: number;
  readonly shape: readonly number[];
  readonly disposed: boolean;
  readonly numbers: ArrayLike<number>;
}

type Tapes = () => readonly { tracks(operand: never): boolean }[];

/** The tapes that record now. */
let tapes: Tapes = () => [];

/** Says where the recording tapes are: their module is above this one. */
export function askTapes(active: Tapes): void {
  tapes = active;
}

/**
 * A single value is its number, as Python's `float(t)`, unless a tape tracks it, which would miss the arithmetic. `+` makes text
 * of all others: `"loss: " + t`.
 *
 * @param hint - The operator's: "number", "string", or "default" for `+` and `==`.
 * @throws TypeError where a number is needed
 */
export function primitive(operand: Numeric, hint: string): string | number {
  const isNumber = operand.size === 1 && !tapes().some((tape) => tape.tracks(operand as never));
  if (hint === "number" ? isNumber : hint === "default" && isNumber && !operand.disposed) return operand.numbers[0]!;
  if (hint !== "number") return operand.toString();
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `JavaScript's operators take numbers, got a tensor [${operand.shape.join(", ")}]${operand.size === 1 ? ", which a tape records" : ""}. Write ops.multiply(a, b) for a * b, or item() for a single value.`,
  );
}
