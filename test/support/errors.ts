/**
 * Tables of errors: the call, the class, the code, and what it says. Messages name whose it is, what was
 * expected, got, and the cure; the most frequent ones are asserted completely.
 */

import { describe, expect, it } from "vitest";
import { Adam, type ArgumentTypeError, type DisposedError, SGD, type ValueError, Variable } from "../../ts/index.js";
import { refusal } from "./refusal.js";

type ErrorClass = typeof ValueError | typeof ArgumentTypeError | typeof DisposedError;

/** A call that is refused; a string is the message in full. */
export type Row = readonly [
  what: string,
  call: () => unknown,
  type: ErrorClass,
  code: string,
  message: string | RegExp,
];

function check([what, call, type, code, message]: Row): void {
  const error = refusal(call);
  expect(error, `${what}: ${error.stack}`).toBeInstanceOf(type);
  expect(error.code, what).toBe(code);
  if (typeof message === "string") expect(error.message, what).toBe(message);
  else expect(error.message, what).toMatch(message);
}

/** A suite of refused calls. */
export const suite = (name: string, rows: readonly Row[]) =>
  describe(name, () => {
    it.each(rows.map((row) => [row[0], row] as const))("%s", (_, row) => check(row));
  });

/** A matrix of zeros. */
export const kernel = () => new Variable(new Float32Array(640), { shape: [10, 64], name: "dense/kernel" });

/** A vector. */
export const bias = () => new Variable([1, 2, 3], { name: "dense/bias" });

/** An optimizer that is not built. */
export const sgd = () => new SGD({ name: "sgd" });

/** An optimizer that is built, and its variable. */
export const built = () => {
  const optimizer = new Adam({ name: "adam" });
  const variable = bias();
  optimizer.build([variable]);
  return { optimizer, variable };
};
