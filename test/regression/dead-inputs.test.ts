/**
 * Gradients that are zero from the first step on: rows, columns, all of a variable. Keras's Adafactor computes 0/0
 * where a dead row and a dead column meet, its Ftrl where the accumulator starts at 0; no weight here may become NaN,
 * even with a learning rate of 0, the first one of a warm-up, by which Keras's Ftrl divides.
 */

import { describe, expect, it } from "vitest";
import { Adafactor, Ftrl, Variable } from "../../ts/index.js";
import { CLASS_NAMES, started, type Trial, trialsOf, variablesOf, withOptions } from "../support/optimizers.js";
import { Random } from "../support/random.js";

/** Zeros in the first row and in the second column of a matrix, in the first third of anything else. */
function dead(gradient: Float32Array, shape: readonly number[]): Float32Array {
  const columns = shape.at(-1) ?? 1;
  const isDead = (i: number) =>
    shape.length > 1 ? i % columns === 1 || Math.floor(i / columns) === 0 : i < gradient.length / 3;
  return gradient.map((g, i) => (isDead(i) ? 0 : g));
}

/** Steps with a trial's optimizer over all shapes; everything must be a number afterwards. */
function staysFinite(trial: Trial, steps: number, gradientOf: typeof dead): void {
  const random = new Random(8);
  const variables = variablesOf((length) => random.values(length));
  const optimizer = started(trial);
  for (let step = 0; step < steps; step++) {
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

describe.each(CLASS_NAMES)("%s", (className) => {
  it.each([
    ["in part", dead],
    ["all", (gradient: Float32Array) => new Float32Array(gradient.length)],
  ] as const)("%s: weights and state stay finite", (_, gradientOf) => {
    for (const trial of trialsOf(className)) staysFinite(trial, 20, gradientOf);
  });

  it("a learning rate of 0: weights and state stay finite", () => {
    for (const trial of trialsOf(className)) {
      staysFinite({ ...trial, config: withOptions(trial.config, { learning_rate: 0 }) }, 5, (gradient) => gradient);
    }
  });
});

it("Adafactor moves weights with gradients next to those without", () => {
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

it("Ftrl lets an element wait for its first gradient, and everything for a learning rate above 0", () => {
  const options = {
    initialAccumulatorValue: 0,
    l1RegularizationStrength: 0.25,
    l2ShrinkageRegularizationStrength: 0.5,
  };
  const variable = new Variable([2, -3, 4], { name: "w" });
  const optimizer = new Ftrl({ ...options, learningRate: 0.5 });
  optimizer.apply([[1, 0, 0]], [variable]);
  const weights = variable.array();
  expect(weights[0]).not.toBe(2);
  expect([...weights.slice(1)]).toEqual([-3, 4]);
  const [, ...slots] = optimizer.getWeights();
  optimizer.learningRate = 0;
  optimizer.apply([[1, 1, 1]], [variable]);
  expect(variable.array()).toEqual(weights);
  expect(optimizer.getWeights().slice(1)).toEqual(slots);

  // As if the steps that it waited had not been.
  const fresh = new Variable([-3, 4], { name: "fresh" });
  new Ftrl({ ...options, learningRate: 0.5 }).apply([[1, 1]], [fresh]);
  optimizer.learningRate = 0.5;
  optimizer.apply([[0, 1, 1]], [variable]);
  expect(variable.array().slice(1)).toEqual(fresh.array());
});
