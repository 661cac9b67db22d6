/** A refused call of an optimizer changes nothing: constraints that throw, gradients that cannot be clipped. */

import { afterEach, describe, expect, it, vi } from "vitest";
import {
  Adam,
  GradientTape,
  LossScaleOptimizer,
  Nadam,
  type Optimizer,
  ops,
  random,
  SGD,
  Variable,
} from "../../ts/index.js";
import { refusal } from "../support/refusal.js";
import { snapshot } from "../support/snapshot.js";

afterEach(() => void vi.restoreAllMocks());

describe("a constraint that refuses leaves the step undone", () => {
  const CONSTRAINTS: Record<string, (variable: Variable) => never> = {
    "by an exception": () => {
      throw new RangeError("mine");
    },
    "by another shape": () => [1, 2, 3, 4] as never,
    "by what is not a number": () => ["1"] as never,
    "after it wrote": (variable) => {
      variable.value.fill(77);
      variable.assign([random.uniform([1]).item()]);
      throw new RangeError("mine");
    },
  };
  const KINDS: Record<string, () => Optimizer> = {
    Adam: () => new Adam({ useEma: true, emaOverwriteFrequency: 1 }),
    Nadam: () => new Nadam(),
    "an accumulating SGD": () => new SGD({ momentum: 0.9, gradientAccumulationSteps: 3 }),
    "a loss scale": () => new LossScaleOptimizer(new Adam()),
  };
  const cases = Object.keys(KINDS).flatMap((kind) =>
    Object.keys(CONSTRAINTS).flatMap((how) => [0, 2].map((steps) => [kind, how, steps] as const)),
  );
  it.each(cases)("%s, %s, after %i steps", (kind, how, steps) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const [w, b] = [new Variable([1, 2], { name: "w" }), new Variable([3], { name: "b" })];
    const optimizer = (KINDS[kind] as () => Optimizer)();
    for (let i = 0; i < steps; i++) optimizer.apply([[1, 1], [1]], [w, b]);
    const tape = new GradientTape({ persistent: true });
    const loss = tape.run(() => ops.sum(ops.square(w)));
    const before = snapshot(optimizer, [w, b]);
    const seed = new random.SeedGenerator(1);
    b.constraint = (variable) => {
      random.uniform([1], { seed });
      return (CONSTRAINTS[how] as (variable: Variable) => never)(variable);
    };
    const error = refusal(() =>
      optimizer.applyGradients([
        [[1, 1], w],
        [[1], b],
      ]),
    );
    expect(error.message === "mine" || error.code !== undefined, String(error.stack)).toBe(true);
    expect(snapshot(optimizer, [w, b])).toEqual(before);
    expect(seed.state).toEqual([1, 0]);
    // Neither do tapes take it for a change, nor is a warning used up.
    expect(tape.gradient(loss, w)?.array()).toEqual(
      Float32Array.of(2 * (w.value[0] as number), 2 * (w.value[1] as number)),
    );
    expect(warn).not.toHaveBeenCalled();
    b.constraint = null;
    optimizer.apply([[1, 1], [1]], [w, b]);
  });
});

it("a refused clipGradients does not silence the warning that nothing is clipped", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const w = new Variable([1]);
  for (const optimizer of [new SGD({ clipnorm: 1 }), new LossScaleOptimizer(new SGD({ clipnorm: 1 }))]) {
    expect(refusal(() => optimizer.clipGradients([[[1, 2, 3], w]]))).toHaveProperty("code");
    optimizer.applyGradients([[[1], w]]);
  }
  expect(warn).toHaveBeenCalledTimes(2);
});
