/** Rates and decays of groups: one step has the bits of separate optimizers with these rates. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  LossScaleOptimizer,
  layers,
  type Optimizer,
  type OptimizerOptions,
  optimizers,
  Sequential,
  SGD,
  schedules,
  setRandomSeed,
  stringify,
  Variable,
} from "../../ts/index.js";
import { Momentum } from "../support/custom-optimizers.js";
import { CLASS_NAMES } from "../support/optimizers.js";

const classes = optimizers as never as Record<string, new (options?: OptimizerOptions) => Optimizer>;
const RULES = [
  ...CLASS_NAMES.filter((name) => name !== "LossScaleOptimizer").map((name) => [name, classes[name]!] as const),
  ["Momentum", Momentum as new (options?: OptimizerOptions) => Optimizer] as const,
];

const PATHS = ["encoder/kernel", "encoder/bias", "head/kernel", "head/bias"];
const variables = () =>
  PATHS.map((name, i) =>
    name.endsWith("bias")
      ? new Variable([1, -2 + i, 3], { name })
      : new Variable(
          [
            [1, 2 * i],
            [0.5, -3],
          ],
          { name },
        ),
  );
const gradientsAt = (step: number) =>
  PATHS.map((path, i) =>
    path.endsWith("bias")
      ? [Math.sin(step + i), 1, -0.5 * i]
      : [
          [1 - step, 0.25],
          [i, -0.1 * step],
        ],
  );

const numbers = (list: readonly Variable[]) => list.map((variable) => [...variable.array()]);

function train(optimizer: Optimizer, trained: Variable[], rows = PATHS.map((_, i) => i), steps = 5): number[][] {
  for (let step = 0; step < steps; step++) {
    optimizer.apply(rows.map((row) => gradientsAt(step)[row]!) as never, trained);
  }
  return numbers(trained);
}

/** The same variables, each by an optimizer that was made with its rate and its decay. */
function apart(
  make: (factor: number, decay: number) => Optimizer,
  factors: readonly number[],
  decays: readonly number[],
) {
  return variables().map((variable, row) => train(make(factors[row]!, decays[row]!), [variable], [row])[0]!);
}

const AROUND: readonly OptimizerOptions[] = [
  {},
  { clipnorm: 0.5, useEma: true, emaOverwriteFrequency: 2, lossScaleFactor: 2 },
  { gradientAccumulationSteps: 2 },
];

describe.each(RULES)("%s", (name, Class) => {
  it.each(AROUND)("with %j", (around) => {
    // Muon has a second weight decay, of what AdamW updates.
    const second = (adamWeightDecay: number) => (name === "Muon" ? { adamWeightDecay } : {});
    const made = (learningRate: number, weightDecay: number, options: OptimizerOptions = {}) =>
      new Class({ ...around, learningRate, weightDecay, ...second(weightDecay), ...options });
    const together = made(0.01, 0.04, {
      learningRateMultipliers: { "encoder/.*": 0.1, "head/bias": 2 },
      weightDecayMultipliers: { ".*/bias": 0, "encoder/kernel": 0.5 },
    });
    const expected = apart((factor, decay) => made(0.01 * factor, 0.04 * decay), [0.1, 0.1, 1, 2], [0.5, 0, 1, 0]);
    expect(train(together, variables())).toEqual(expected);
  });
});

it("targets are layers, variables, lists and patterns; a path that is a key counts first", () => {
  const trained = variables();
  const layer = { weights: trained.slice(0, 2) };
  const optimizer = new SGD({
    learningRate: 1,
    learningRateMultipliers: [
      [layer, 0],
      [[trained[2]!], 0.5],
      ["head/bias", 2],
    ],
  });
  const before = numbers(trained);
  optimizer.apply(
    trained.map(({ shape }) =>
      shape.length === 1
        ? [1, 1, 1]
        : [
            [1, 1],
            [1, 1],
          ],
    ) as never,
    trained,
  );
  const moved = numbers(trained).map((list, i) => list[0]! - before[i]![0]!);
  expect(moved).toEqual([0, 0, -0.5, -2]);
  expect(optimizer.getConfig().learning_rate_multipliers).toEqual({
    "encoder/kernel": 0,
    "encoder/bias": 0,
    "head/kernel": 0.5,
    "head/bias": 2,
  });
  const exact = new SGD({ learningRate: 1, learningRateMultipliers: { "head/.*": 3, "head/bias": 2 } });
  const w = new Variable([1], { name: "head/bias" });
  exact.apply([[1]], [w]);
  expect([...w.array()]).toEqual([-1]);
});

it("follows schedules, and rates that are set", () => {
  const rate = new schedules.ExponentialDecay({ initialLearningRate: 0.5, decaySteps: 2, decayRate: 0.5 });
  const [w, all] = [new Variable([1], { name: "w" }), new Variable([1], { name: "w" })];
  const optimizer = new SGD({ learningRate: rate, learningRateMultipliers: { w: 0.25 } });
  const scaled: SGD = new SGD({ learningRate: (): number => rate.at(scaled.iterations) * 0.25 });
  for (let i = 0; i < 4; i++)
    for (const [one, v] of [
      [optimizer, w],
      [scaled, all],
    ] as const)
      one.apply([[1]], [v]);
  expect(w.array()).toEqual(all.array());
  const other = new SGD({ learningRate: 1, learningRateMultipliers: { w: 0.25 } });
  other.learningRate = 0.1;
  const x = new Variable([0], { name: "w" });
  other.apply([[1]], [x]);
  expect(x.array()[0]).toBe(-Math.fround(0.025));
});

it("is JSON, also inside of LossScaleOptimizer, and absent where it is not used", () => {
  const options = { learningRateMultipliers: { "a/.*": 0.1 }, weightDecayMultipliers: { ".*bias": 0 } };
  const saved = JSON.parse(stringify(new LossScaleOptimizer(new Adam(options))));
  const { innerOptimizer } = optimizers.deserialize(saved) as LossScaleOptimizer;
  expect(innerOptimizer.getConfig()).toMatchObject({
    learning_rate_multipliers: { "a/.*": 0.1 },
    weight_decay_multipliers: { ".*bias": 0 },
  });
  expect(Object.keys(new Adam().getConfig()).join()).not.toContain("multipliers");
});

it("keeps exclusions from weight decay apart", () => {
  const w = new Variable([1], { name: "w" });
  const optimizer = new SGD({ learningRate: 1, weightDecay: 0.5, weightDecayMultipliers: { w: 0.5 } });
  optimizer.build([w]);
  optimizer.excludeFromWeightDecay({ varList: [w] });
  optimizer.apply([[0]], [w]);
  expect([...w.array()]).toEqual([1]);
  optimizer.excludeFromWeightDecay({});
  optimizer.apply([[0]], [w]);
  expect([...w.array()]).toEqual([0.75]);
});

it("trains a model's layers at their rates", async () => {
  setRandomSeed(2);
  const base = new layers.Dense(3, { inputShape: [2], name: "base" });
  const model = new Sequential([base, new layers.Dense(1, { name: "head" })]);
  model.compile({ optimizer: new Adam({ learningRateMultipliers: [[base, 0]] }), loss: "mse" });
  const before = numbers(model.weights);
  await model.fit(
    [
      [1, 2],
      [3, 4],
    ],
    [[1], [2]],
    { epochs: 2, verbose: 0 },
  );
  const after = numbers(model.weights);
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(after[2]).not.toEqual(before[2]);
});
