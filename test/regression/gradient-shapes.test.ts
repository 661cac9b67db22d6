/**
 * A gradient that is passed through a reshape reached the operation before it in the reshaped form, and was broadcast
 * there: `[n, 1]` against `[n]` used the first number for all.
 */

import { expect, it } from "vitest";
import { GradientTape, ops, tensor, Variable } from "../../ts/index.js";

it("a gradient has its operand's shape behind a reshape", () => {
  const x = new Variable([1, 2, 3]);
  const tape = new GradientTape();
  const y = tape.run(() => ops.multiply(ops.reshape(ops.multiply(x, 10), [3, 1]), [[1], [2], [3]]));
  expect([...(tape.gradient(y, x)?.array() ?? [])]).toEqual([10, 20, 30]);
});

it("an output gradient too, behind a reshape as the last operation", () => {
  const x = new Variable([1, 2, 3]);
  const tape = new GradientTape();
  const y = tape.run(() => ops.reshape(ops.multiply(x, 10), [3, 1]));
  const outputGradients = tensor([[1], [2], [3]]);
  expect([...(tape.gradient(y, x, { outputGradients })?.array() ?? [])]).toEqual([10, 20, 30]);
});
