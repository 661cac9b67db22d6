/**
 * One label for each sample, `[n]`, beside predictions `[n, 1]`, and the other way round: values of Keras 3.15.1 on JAX,
 * for no weights, and for weights `[n]` and `[n, 1]`.
 */

import { describe, expect, it } from "vitest";
import { losses, metrics } from "../../ts/index.js";

/** `[n]` beside `[n, 1]` without weights, with `[n]`, with `[n, 1]`; then `[n, 1]` beside `[n]`. */
type Table = Readonly<Record<string, readonly number[]>>;

const LOSSES: Table = {
  MeanSquaredError: [0.325, 0.6625, 0.6625, 0.325, 0.6625, 0.6625],
  MeanAbsoluteError: [0.5, 0.8749999, 0.8749999, 0.5, 0.8749999, 0.8749999],
  MeanAbsolutePercentageError: [2.75e8, 7.25e8, 7.25e8, 2.75e8, 7.25e8, 7.25e8],
  MeanSquaredLogarithmicError: [0.1497117, 0.3304987, 0.3304987, 0.1497117, 0.3304987, 0.3304987],
  CosineSimilarity: [-0.5, -0.5, -0.5, -0.5, -0.5, -0.5],
  Huber: [0.1625, 0.33125, 0.33125, 0.1625, 0.33125, 0.33125],
  LogCosh: [0.1485436, 0.2970102, 0.2970102, 0.1485436, 0.2970102, 0.2970102],
  Hinge: [1, 1.875, 1.875, 1, 1.875, 1.875],
  SquaredHinge: [1.375, 3.1125, 3.1125, 1.375, 3.1125, 3.1125],
  CategoricalHinge: [1, 1.875, 1.875, 1, 1.875, 1.875],
  KLDivergence: [0.3182407, 0.1783359, 0.1783359, 0.3182407, 0.1783359, 0.1783359],
  Poisson: [0.8682413, 1.253337, 1.253337, 0.8682413, 1.253337, 1.253337],
  BinaryCrossentropy: [0.9496735, 1.961062, 1.961062, 0.9496735, 1.961062, 1.961062],
  BinaryFocalCrossentropy: [0.5589962, 1.417102, 1.417102, 0.5589962, 1.417102, 1.417102],
  CategoricalCrossentropy: [5.960464e-8, 5.960464e-8, 5.960464e-8, 5.960464e-8, 5.960464e-8, 5.960464e-8],
  Dice: [0.4761904, 0.7142857, 0.7142857, 0.4761904, 0.7142857, 0.7142857],
  Tversky: [0.4761905, 0.7142857, 0.7142857, 0.4761905, 0.7142857, 0.7142857],
};

const METRICS: Table = {
  BinaryAccuracy: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
  MeanSquaredError: [0.325, 0.4416666, 0.4416666, 0.325, 0.4416666, 0.4416666],
  RootMeanSquaredError: [0.5700877, 0.66458, 0.66458, 0.5700877, 0.66458, 0.66458],
  MeanAbsoluteError: [0.5, 0.5833333, 0.5833333, 0.5, 0.5833333, 0.5833333],
  MeanSquaredLogarithmicError: [0.1497117, 0.2203324, 0.2203324, 0.1497117, 0.2203324, 0.2203324],
  CosineSimilarity: [0.5, 0.3333333, 0.3333333, 0.5, 0.3333333, 0.3333333],
  LogCoshError: [0.1485436, 0.1980068, 0.1980068, 0.1485436, 0.1980068, 0.1980068],
  AUC: [0.5, 0.25, 0.25, 0.5, 0.25, 0.25],
  Precision: [0.5, 0.4, 0.4, 0.5, 0.4, 0.4],
  Recall: [0.5, 1, 1, 0.5, 1, 1],
  TruePositives: [1, 2, 2, 1, 2, 2],
  FalseNegatives: [1, 0, 0, 1, 0, 0],
  BinaryIoU: [0.3333333, 0.325, 0.325, 0.3333333, 0.325, 0.325],
};

/**
 * Keras does not reshape the operands of these metrics, though it does so in the losses of the same name: it compares each
 * label with each prediction, or refuses. Here they are reshaped, so these are Keras's values for two columns.
 */
const IN_COLUMNS: Table = {
  Hinge: [1, 1.25, 1.25, 1, 1.25, 1.25],
  SquaredHinge: [1.375, 2.075, 2.075, 1.375, 2.075, 2.075],
  CategoricalHinge: [1, 1.25, 1.25, 1, 1.25, 1.25],
  KLDivergence: [0.3182407, 0.1188906, 0.1188906, 0.3182407, 0.1188906, 0.1188906],
  Poisson: [0.8682413, 0.8355582, 0.8355582, 0.8682413, 0.8355582, 0.8355582],
  BinaryCrossentropy: [0.9496735, 1.307375, 1.307375, 0.9496735, 1.307375, 1.307375],
};

const [labels, predictions, weights] = [
  [0, 1, 1, 0],
  [0.2, 0.7, 0.4, 0.9],
  [1, 2, 0, 3],
];
const column = (values: readonly number[]) => values.map((value) => [value]);

const pairs = [
  [labels, column(predictions)],
  [column(labels), predictions],
] as const;
const cases = pairs.flatMap((pair) =>
  [undefined, weights, column(weights)].map((weight) => [...pair, weight] as const),
);

function expectClose(values: readonly number[], expected: readonly number[]) {
  values.forEach((value, i) => {
    const wanted = expected[i] as number;
    expect(Math.abs(value - wanted), `case ${i}: ${value} and ${wanted}`).toBeLessThanOrEqual(
      2e-6 * Math.max(1e-2, Math.abs(wanted)),
    );
  });
  expect(values.length).toBe(expected.length);
}

describe("losses", () => {
  it.each(Object.entries(LOSSES))("%s", (name, expected) => {
    const loss = losses.get(name) as unknown as losses.Loss;
    expectClose(
      cases.map(([yTrue, yPred, weight]) => loss.apply(yTrue, yPred, weight).item()),
      expected,
    );
  });
});

describe("metrics", () => {
  it.each(Object.entries({ ...METRICS, ...IN_COLUMNS }))("%s", (name, expected) => {
    const values = cases.map(([yTrue, yPred, weight]) => metrics.get(name).apply(yTrue, yPred, weight) as number);
    expectClose(values, expected);
  });
});
