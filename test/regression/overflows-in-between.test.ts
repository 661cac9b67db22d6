/**
 * Finite gradients, whatever their size, leave finite weights; norms, sums and scales do not overflow in between.
 */

import { describe, expect, it } from "vitest";
import {
  Adagrad,
  Adam,
  LossScaleOptimizer,
  MARS,
  Nadam,
  RMSprop,
  Rprop,
  ScheduleFree,
  SGD,
  StableAdamW,
  Variable,
} from "../../ts/index.js";
import { sizeOf, started, TRIALS } from "../support/optimizers.js";
import { refusal } from "../support/refusal.js";

const SEQUENCES: readonly (readonly number[])[] = [
  [1e25, 1, 1, 1],
  [3e38, 3e38, 3e38, 3e38],
  [3e38, -3e38, 3e38, -3e38],
  [1e-45, 3e38, 1e-45, 0],
  [1, 1e19, 2e19, 1e-30],
  [0, 0, 3e38, 0],
];

const SHAPES = [[3, 2], [3], []] as const;

describe.each(TRIALS.map((trial) => [trial.className, trial.id, trial] as const))("%s, %s", (_, __, trial) => {
  it.each(SEQUENCES.map((sequence) => [sequence.join(", "), sequence] as const))("gradients of %s", (___, sequence) => {
    const variables = SHAPES.map((shape) => new Variable(new Float32Array(sizeOf(shape)).fill(0.5), { shape }));
    const optimizer = started(trial);
    for (const g of sequence.flatMap((x) => [x, x])) {
      const gradients = variables.map(({ size }) =>
        Float32Array.from({ length: size }, (_, i) => (i % 2 === 0 ? g : -g / 2)),
      );
      optimizer.apply(gradients, variables);
      for (const variable of variables)
        expect(variable.array().every(Number.isFinite), `${g}: ${variable.array()}`).toBe(true);
    }
    optimizer.dispose();
    for (const variable of variables) variable.dispose();
  });
});

describe("an element whose gradient has no square", () => {
  it.each([
    ["Adam", new Adam()],
    ["AMSGrad", new Adam({ amsgrad: true })],
    ["Nadam", new Nadam()],
    ["RMSprop with momentum", new RMSprop({ momentum: 0.9 })],
    ["Adagrad", new Adagrad()],
  ])("%s: stays in that step, as in Keras, and has no share in those of others", (_, optimizer) => {
    const [w, same] = [new Variable([1, 1]), new Variable([1])];
    optimizer.build([w, same]);
    optimizer.apply([[1e25, 0.5], [0.5]], [w, same]);
    expect(w.array()[0]).toBe(1);
    for (let i = 0; i < 5; i++) optimizer.apply([[1, 0.5], [0.5]], [w, same]);
    expect(w.array()[1]).toBe(same.array()[0]);
  });

  it("moves on with Adam's momentum", () => {
    const w = new Variable([1]);
    const optimizer = new Adam();
    optimizer.apply([[1e25]], [w]);
    optimizer.apply([[1]], [w]);
    const moved = 1 - (w.array()[0] as number);
    // The rate is 1e-3; 1.8e19 / sqrt(3.4e38) = 1.
    expect(moved).toBeGreaterThan(1e-4);
    expect(moved).toBeLessThan(1e-2);
  });
});

it("centralized gradients are saturated", () => {
  const w = new Variable([[0], [0], [0]]);
  new SGD({ learningRate: 1e-38, gradientCentralization: true }).apply([[[3.4e38], [3.4e38], [-3.4e38]]], [w]);
  // The mean is 3.4e38 / 3, and the last difference -4.5e38.
  const [first, , last] = w.array();
  expect(first).toBeCloseTo(-3.4 * (2 / 3), 5);
  expect(last).toBeCloseTo(3.4028, 4);
});

/** Rates of the calls, a momentum, and the gradients of the calls, for weights of 3e38 and -3e38. */
it.each([
  [[1e-30, 3e38], 0.9, [1, 1, 1]],
  [[1e-30, 3e38], 1, [3e38, 3e38, 3e38]],
  [[3e38, 1e-30], 0.5, [3e38, -3e38, 3e38]],
  [[1e-30, 3e38], 1e-40, [1, 1, 1]],
  [[0.1, 0.1], 1e-40, [0, 1, -1]],
  [[3e38, 3e38], 1e-7, [-1, 1, -1]],
] as const)("ScheduleFree at rates %o, momentum %d: finite weights and averages", (rates, momentum, gradients) => {
  let calls = 0;
  const w = new Variable([3e38, -3e38, 1, 0, 3.4e38]);
  const optimizer = new ScheduleFree(new SGD({ learningRate: () => rates[calls++ % 2] as number }), { momentum });
  for (const g of gradients) {
    optimizer.apply([[g, -g, g, -g, g]], [w]);
    expect(w.array().every(Number.isFinite), `${w.array()}`).toBe(true);
    optimizer.evalMode();
    expect(w.array().every(Number.isFinite), `${w.array()}`).toBe(true);
    optimizer.trainMode();
  }
});

it.each([
  ["MARS", () => new MARS({ learningRate: 3e38 })],
  ["StableAdamW", () => new StableAdamW({ learningRate: 3e38, weightDecay: 1e10 })],
  ["Adam with clipThreshold", () => new Adam({ learningRate: 3e38, weightDecay: 1e30, clipThreshold: 1e-30 })],
  ["ScheduleFree", () => new ScheduleFree(new Rprop({ learningRate: 1e30 }))],
] as const)("%s: the largest rates leave finite weights", (_, make) => {
  const w = new Variable([
    [0.5, -0.5],
    [0, 1],
  ]);
  const optimizer = make();
  for (const g of [1e-3, -1, 0, 3e38, -1e-30]) {
    optimizer.apply(
      [
        [
          [g, 0],
          [-g, g / 2],
        ],
      ],
      [w],
    );
    expect(w.array().every(Number.isFinite), `${g}: ${w.array()}`).toBe(true);
  }
});

describe("clips", () => {
  it.each([
    [{ clipnorm: 100 }, [3e37, 4e37], [60, 80]],
    [{ clipnorm: 1e-30 }, [3e-25, 4e-25], [6e-31, 8e-31]],
    [{ clipnorm: 1 }, [3e38, 3e38], [Math.SQRT1_2, Math.SQRT1_2]],
    [{ globalClipnorm: 1 }, [3e38, 3e38], [Math.SQRT1_2, Math.SQRT1_2]],
    [{ globalClipnorm: 1e-30 }, [3e-25, 4e-25], [6e-31, 8e-31]],
  ])("%o of %o", (options, gradient, expected) => {
    const w = new Variable([0, 0]);
    new SGD({ learningRate: 1, ...options }).apply([gradient], [w]);
    w.array().forEach((x, i) => {
      expect(Math.abs(x / -(expected[i] as number) - 1)).toBeLessThan(1e-6);
    });
  });
});

describe("accumulation", () => {
  it.each([
    [[3e38, 3e38], -3],
    [[3e38, 3e38, 3e38], -3],
    [[3e38, 3e38, -3e38, -3e38], 0],
    [[3e38, 3e38, 3e38, 3e38, 3e38], -3],
  ])("the mean of %o is not infinite", (gradients, expected) => {
    const w = new Variable([0]);
    const optimizer = new SGD({ learningRate: 1e-38, gradientAccumulationSteps: gradients.length });
    for (const g of gradients) optimizer.apply([[g]], [w]);
    expect(Math.abs((w.array()[0] as number) - expected)).toBeLessThan(1e-5);
  });
});

it("centered RMSprop outlives nearly constant gradients", () => {
  const w = new Variable([0]);
  const optimizer = new RMSprop({ centered: true });
  for (let i = 0; i < 1000; i++) optimizer.apply([[1 + (i % 2 === 0 ? 0.0005 : -0.0005)]], [w]);
  expect(w.array().every(Number.isFinite)).toBe(true);
});

describe("the loss scale", () => {
  it("stays a normal number", () => {
    const w = new Variable([0]);
    const optimizer = new LossScaleOptimizer(new SGD({ learningRate: 0 }), { dynamicGrowthSteps: 1 });
    for (let i = 0; i < 200; i++) optimizer.apply([[1]], [w]);
    expect(optimizer.dynamicScale).toBe(2 ** 127);
    for (let i = 0; i < 400; i++) optimizer.apply([[Number.NaN]], [w]);
    expect(optimizer.dynamicScale).toBe(2 ** -126);
    optimizer.apply([[2 ** -126]], [w]);
    expect(w.array()[0]).toBe(0);
  });

  it("sees gradients that are infinite once they are unscaled", () => {
    const w = new Variable([0]);
    const optimizer = new LossScaleOptimizer(new SGD(), { initialScale: 0.5 });
    optimizer.apply([[3e38]], [w]);
    expect([w.array()[0], optimizer.dynamicScale]).toEqual([0, 0.25]);
  });

  it("refuses invalid scales, with nothing written", () => {
    for (const scale of [0, -1, 1e-40]) {
      expect(refusal(() => new LossScaleOptimizer(new SGD(), { initialScale: scale })).code).toBe("ERR_OPTION_RANGE");
    }
    const optimizer = new LossScaleOptimizer(new SGD());
    optimizer.build([new Variable([0])]);
    const before = optimizer.getWeights().map(({ data }) => [...data]);
    expect(refusal(() => optimizer.setWeights([5, 1, 0])).code).toBe("ERR_OPTION_RANGE");
    expect(optimizer.getWeights().map(({ data }) => [...data])).toEqual(before);
  });
});
