/**
 * The numbers in Keras's own optimizer tests. Those of its schedule tests are in schedules.test.ts.
 */

import { describe, expect, it } from "vitest";
import { Variable } from "../../ts/index.js";
import { type Config, goldenFile } from "../support/golden.js";
import { make } from "../support/optimizers.js";

interface Expectations {
  readonly tolerance: number;
  readonly cases: readonly {
    readonly id: string;
    readonly optimizer: string;
    readonly config: Config;
    readonly shape: readonly number[];
    readonly start: readonly number[];
    readonly gradients: readonly (readonly number[])[];
    readonly excludeFromWeightDecay?: readonly string[];
    readonly tolerance?: number;
    readonly expected: readonly (readonly [step: number, index: number, value: number])[];
  }[];
}

const file = goldenFile<Expectations>("keras-expectations.json");

/** Keras compares in this way. */
function expectNear(where: string, got: number, expected: number, tolerance: number): void {
  const bound = tolerance * (1 + Math.abs(expected));
  expect(Math.abs(got - expected), `${where}: expected ${expected}, got ${got}`).toBeLessThanOrEqual(bound);
}

describe("optimizers", () => {
  it.each(file.cases.map((each) => [each.id, each] as const))("%s", (_, each) => {
    const optimizer = make(each.optimizer, each.config);
    const variable = new Variable([...each.start], { shape: each.shape, name: "layer/weight" });
    if (each.excludeFromWeightDecay) optimizer.excludeFromWeightDecay({ varNames: each.excludeFromWeightDecay });
    const seen = each.gradients.map((gradient) => {
      optimizer.apply([[...gradient]], [variable]);
      return variable.array();
    });
    expect(each.expected.length).toBeGreaterThan(0);
    for (const [step, index, value] of each.expected) {
      const got = seen[step - 1]?.[index] ?? Number.NaN;
      expectNear(`step ${step}, element ${index}`, got, value, each.tolerance ?? file.tolerance);
    }
  });
});
