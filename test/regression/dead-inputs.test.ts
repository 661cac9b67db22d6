/**
 * Gradients that are zero from the first step on: rows, columns, all of a variable. Keras's Adafactor
 * computes 0/0 where a dead row and a dead column meet; nothing of ours may become NaN.
 *
 * Left out: Ftrl whose accumulator starts at 0. Its weight is 0/0 until a gradient comes, in Keras and here.
 */

import { describe, expect, it } from "vitest";
import { Adafactor, Variable } from "../../ts/index.js";
import { CLASS_NAMES, started, trialsOf, variablesOf } from "../support/optimizers.js";
import { Random } from "../support/random.js";

/** Zeros in the first row and in the second column of a matrix, in the first third of anything else. */
function dead(gradient: Float32Array, shape: readonly number[]): Float32Array {
  const columns = shape.at(-1) ?? 1;
  const isDead = (i: number) =>
    shape.length > 1 ? i % columns === 1 || Math.floor(i / columns) === 0 : i < gradient.length / 3;
  return gradient.map((g, i) => (isDead(i) ? 0 : g));
}

describe.each(CLASS_NAMES)("%s", (className) => {
  it.each([
    ["in part", (gradient: Float32Array, shape: readonly number[]) => dead(gradient, shape)],
    ["all", (gradient: Float32Array) => new Float32Array(gradient.length)],
  ] as const)("%s: weights and state stay finite", (_, gradientOf) => {
    for (const trial of trialsOf(className)) {
      if (className === "Ftrl" && trial.config.initial_accumulator_value === 0) continue;
      const random = new Random(8);
      const variables = variablesOf((length) => random.values(length));
      const optimizer = started(trial);
      for (let step = 0; step < 20; step++) {
        optimizer.apply(
          variables.map(({ size, shape }) => gradientOf(random.values(size), shape)),
          variables,
        );
      }
      for (const variable of variables) {
        expect(variable.value.every(Number.isFinite), `${trial.id}, "${variable.name}"`).toBe(true);
      }
      for (const state of optimizer.variables) {
        expect(state.array().every(Number.isFinite), `${trial.id}, "${state.path}"`).toBe(true);
      }
      optimizer.dispose();
      for (const variable of variables) variable.dispose();
    }
  });
});

it("Adafactor moves what is alive beside what is dead", () => {
  const variable = new Variable(
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
    { name: "w" },
  );
  new Adafactor({ learningRate: 0.1 }).apply(
    [
      [
        [0, 0, 0],
        [0, 1, 1],
      ],
    ],
    [variable],
  );
  const [a, b, c, d, e, f] = variable.array();
  expect([a, b, c, d]).toEqual([1, 1, 1, 1]);
  expect(e).toBeLessThan(1);
  expect(f).toBe(e);
});
