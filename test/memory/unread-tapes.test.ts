/**
 * Tapes whose gradients are never computed: a loop is one job, in which the garbage collector reports none of
 * them.
 */

import { expect, it } from "vitest";
import { GradientTape, memoryUse, ops, type Tensor, Variable } from "../../ts/index.js";
import { thrown } from "../support/refusal.js";

/** 16 MB: a step that soon reaches the limit. */
const w = new Variable(new Float32Array(1 << 22).fill(1));
const values = new Variable([1, 2, 3]);

it("memory of a loop stops growing, and the oldest tapes refuse", () => {
  let first: { tape: GradientTape; loss: Tensor<"float32"> } | undefined;
  let half = 0;
  for (let i = 0; i < 80; i++) {
    const tape = new GradientTape();
    const loss = tape.run(() => ops.mean(ops.square(w)));
    first ??= { tape, loss };
    if (i === 29) half = memoryUse().reserved;
  }
  expect(memoryUse().reserved).toBe(half);
  expect(first?.loss.item()).toBe(1);
  expect(() => first?.tape.gradient(first.loss, w)).toThrow(
    thrown(
      "DisposedError",
      "ERR_STEP_ENDED",
      "This tensor belongs to a step that has ended, and its memory has been reused. Read it before the next iteration of the loop, or keep it with ops.keep(tensor).",
    ),
  );
  first?.tape.dispose();
});

it("tapes after them are right, many at a time too", () => {
  const steps = Array.from({ length: 50 }, (_, i) => {
    const tape = new GradientTape();
    return { tape, loss: tape.run(() => ops.sum(ops.multiply(ops.square(values), i))) };
  });
  for (const [i, { tape, loss }] of steps.entries()) {
    expect(loss.item()).toBe(14 * i);
    expect([...(tape.gradient(loss, values)?.array() ?? [])]).toEqual([2 * i, 4 * i, 6 * i]);
  }
});
