/**
 * `withStats` of every optimizer: the weights have the same bits with and without statistics, and the statistics
 * describe their change.
 */

import { describe, expect, it } from "vitest";
import {
  Adam,
  AdamW,
  Lookahead,
  LossScaleOptimizer,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  ScheduleFree,
  SGD,
  SWA,
  Variable,
  withStats,
} from "../../ts/index.js";
import { changes, figures, GRADIENTS, norm, variables } from "../support/optimizer-figures.js";
import { RULES } from "../support/rules.js";

/** Variables of one block and of more, with and without a rest. */
const SHAPES = [[3], [40, 30], [2501]];
const wave = (size: number, seed: number) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1 + i * 1.7 + seed));
const sizes = SHAPES.map((shape) => shape.reduce((product, n) => product * n, 1));

it.each(RULES)("sums of the core are those of copies of the weights: %s", (_, Class) => {
  const run = (constraint: Variable["constraint"]) => {
    const optimizer = withStats(new Class({ learningRate: 0.01, weightDecay: 0.1, clipnorm: 2 }));
    const weights = sizes.map((size, i) => new Variable(wave(size, i), { shape: SHAPES[i]! }));
    for (const variable of weights) variable.constraint = constraint;
    return [1, 2, 3].map((step) => {
      optimizer.apply(
        sizes.map((size, i) => wave(size, 7 * step + i)),
        weights,
      );
      return optimizer.stats;
    });
  };
  // A constraint changes the weights after the core's step.
  expect(run(null)).toEqual(run((w) => w));
});

describe("weights and state", () => {
  const made: [string, () => Optimizer][] = [
    ...RULES.map(([name, Class]): [string, () => Optimizer] => [name, () => new Class({ learningRate: 0.01 })]),
    ["useEma", () => new Adam({ useEma: true, emaOverwriteFrequency: 2 })],
    ["accumulation", () => new AdamW({ gradientAccumulationSteps: 2 })],
    ["LossScaleOptimizer", () => new LossScaleOptimizer(new Adam(), { dynamicGrowthSteps: 1 })],
    ["Lookahead", () => new Lookahead(new Adam(), { syncPeriod: 2 })],
    ["SWA", () => new SWA(new Adam(), { startAveraging: 1 })],
    ["ScheduleFree", () => new ScheduleFree(new SGD())],
    ["MultiOptimizer", () => new MultiOptimizer(new OptimizerMap(new Adam(), { ".*kernel": new SGD() }))],
  ];

  it.each(made)("have the same bits with figures and without: %s", (_, make) => {
    const runs = [false, true].map((measures) => {
      const [optimizer, weights] = [make(), variables()];
      if (measures) withStats(optimizer);
      for (const step of GRADIENTS) optimizer.apply(step, weights);
      const state = optimizer.getWeights().map(({ data }) => [...data]);
      return { weights: weights.map((one) => [...one.array()]), state, iterations: optimizer.iterations };
    });
    expect(runs[1]).toEqual(runs[0]);
  });

  it.each(made.filter(([name]) => name !== "accumulation" && name !== "LossScaleOptimizer"))(
    "change by the update norm: %s",
    (_, make) => {
      const expected = changes(make());
      figures(make()).forEach((stats, i) => {
        const [change, before] = expected[i]!;
        expect(stats?.updateNorm).toBeCloseTo(change, 6);
        expect(stats?.updateRatio).toBeCloseTo(change / before, 6);
        expect(stats?.gradientNorm).toBeCloseTo(norm(GRADIENTS[i]!), 6);
      });
    },
  );
});
