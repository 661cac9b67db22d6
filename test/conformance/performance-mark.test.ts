/** `applyGradients(pairs, { name })` sets a performance mark; without a name nothing is kept. */

import { expect, it } from "vitest";
import { SGD, Variable } from "../../ts/index.js";
import { thrown } from "../support/refusal.js";

it("a named step sets one mark with its iteration", () => {
  const w = new Variable([1, 2], { name: "marked" });
  const optimizer = new SGD();
  const pairs = [[[1, 1], w]] as const;
  optimizer.applyGradients(pairs);
  expect(performance.getEntriesByName("gradstep/step")).toHaveLength(0);
  optimizer.applyGradients(pairs, { name: "gradstep/step" });
  const [mark, ...more] = performance.getEntriesByName("gradstep/step") as PerformanceMark[];
  expect(more).toEqual([]);
  expect(mark?.detail).toEqual({ iterations: 2 });
  performance.clearMarks("gradstep/step");
  optimizer.dispose();
  w.dispose();
});

it("a refused step sets none", () => {
  const w = new Variable([1, 2], { name: "unmarked" });
  expect(() => new SGD().applyGradients([[[1], w]], { name: "gradstep/refused" })).toThrow(
    thrown("ValueError", "ERR_GRADIENT_SHAPE", 'Cannot apply gradients to "unmarked": expected 2 values, got 1.'),
  );
  expect(performance.getEntriesByName("gradstep/refused")).toHaveLength(0);
  w.dispose();
});
