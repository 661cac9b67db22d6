/** Options that are schedules: each step has the bits of an optimizer that was made with the numbers of that step. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  AdamW,
  LossScaleOptimizer,
  type Optimizer,
  type OptimizerOptions,
  optimizers,
  RMSprop,
  SGD,
  schedules,
  stringify,
  Variable,
} from "../../ts/index.js";
import golden from "../golden/scheduled-options.json" with { type: "json" };
import { float32s } from "../support/bytes.js";
import { Momentum } from "../support/custom-optimizers.js";
import { CLASS_NAMES } from "../support/optimizers.js";

/** Near a number, and another one at each step. */
class Drift extends schedules.LearningRateSchedule {
  static override readonly className: string = "Drift";
  readonly from: number;
  constructor({ from }: { from: number }) {
    super();
    this.from = from;
  }
  override at(step: number): number {
    return this.from === 0 ? 0.1 * (step + 1) : this.from * (1 - step / 100);
  }
  override getConfig() {
    return { from: this.from };
  }
}

type Numbers = Readonly<Record<string, number | schedules.LearningRateSchedule>>;
type Made = new (options?: OptimizerOptions) => Optimizer;
const classes = optimizers as never as Record<string, Made>;
const RULES = CLASS_NAMES.filter((name) => name !== "LossScaleOptimizer").map(
  (name) => [name, classes[name]!] as const,
);

/** Numbers that only the first step reads, or that size the state. */
const FIXED = [
  "initialAccumulatorValue",
  "nsSteps",
  "warmupSteps",
  "d0",
  "preconditionFrequency",
  "maxPreconditionDim",
];

/** The own numeric options of a class, with their defaults; .5 in place of null. */
function ownNumbers(Class: Made): [name: string, number][] {
  const { definition } = new Class() as never as {
    definition: { ranges: object; defaults: Record<string, number | null> };
  };
  return Object.keys(definition.ranges).map((name) => [name, definition.defaults[name] ?? 0.5]);
}

const STEPS = 5;
const made = () => [
  new Variable(
    [
      [1, -2],
      [3, 0.5],
      [0.25, 1],
    ],
    { name: "a/kernel" },
  ),
  new Variable([0.5, -1, 2], { name: "a/bias" }),
];
const gradients = (step: number) => [
  [
    [Math.sin(step), 1],
    [-0.5, 2 - step],
    [0.125, step],
  ],
  [1, -step, 0.5],
];

const state = (optimizer: Optimizer, variables: Variable[]) => [
  variables.map((v) => [...v.array()]),
  optimizer.weights.map((v) => [...v.array()]),
];

function scheduled(optimizer: Optimizer): unknown {
  const variables = made();
  for (let step = 0; step < STEPS; step++) optimizer.apply(gradients(step), variables);
  return state(optimizer, variables);
}

/** A hand-made loop: every step by another optimizer, with the weights and the state of the one before. */
function byHand(make: (updates: number) => Optimizer): unknown {
  const variables = made();
  let optimizer = make(0);
  for (let step = 0; step < STEPS; step++) {
    const next = make(optimizer.iterations);
    next.build(variables);
    if (step > 0) next.setWeights(optimizer.getWeights());
    optimizer = next;
    optimizer.apply(gradients(step), variables);
  }
  return state(optimizer, variables);
}

const at = (numbers: Numbers, step: number) =>
  Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, typeof value === "number" ? value : value.at(step)]),
  );

const drifting = (numbers: readonly (readonly [string, number])[]): Numbers =>
  Object.fromEntries(numbers.map(([name, from]) => [name, new Drift({ from })]));

describe.each(RULES)("%s", (_, Class) => {
  it.each(ownNumbers(Class).filter(([name]) => !FIXED.includes(name)))("%s", (name, from) => {
    const numbers = drifting([[name, from]]);
    expect(scheduled(new Class(numbers))).toEqual(byHand((step) => new Class(at(numbers, step))));
  });

  it("all at once, with base options, and as JSON", () => {
    const numbers = drifting([
      ...ownNumbers(Class).filter(([name]) => !FIXED.includes(name)),
      ["weightDecay", 0.1],
      ["globalClipnorm", 0.5],
      ["emaMomentum", 0.5],
    ]);
    const fixed = { useEma: true, gradientAccumulationSteps: 2 };
    const expected = byHand((step) => new Class({ ...at(numbers, step), ...fixed }));
    const optimizer = new Class({ ...numbers, ...fixed });
    const again = optimizers.deserialize(JSON.parse(stringify(optimizer)), { Drift });
    expect(again.getConfig()).toEqual(optimizer.getConfig());
    expect(scheduled(optimizer)).toEqual(expected);
    expect(scheduled(again)).toEqual(expected);
  });

  it.each(ownNumbers(Class).filter(([name]) => FIXED.includes(name)))("%s is a number", (name, from) => {
    expect(() => new Class(drifting([[name, from]]))).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_TYPE", message: expect.stringContaining(name) }),
    );
  });
});

it.each(["weightDecay", "clipnorm", "clipvalue", "globalClipnorm"])(
  "%s of a built-in and of a custom class",
  (name) => {
    const numbers = drifting([[name, 0.3]]);
    for (const Class of [AdamW as Made, Momentum as Made]) {
      expect(scheduled(new Class(numbers))).toEqual(byHand((step) => new Class(at(numbers, step))));
    }
  },
);

it("the momentum of SGD and RMSprop, up from 0 and down to it: by the formula", () => {
  const momentum = new schedules.PiecewiseConstantDecay([0, 2], [0, 0.5, 0]);
  const [w, v] = [new Variable([1]), new Variable([1])];
  const [sgd, rms] = [new SGD({ learningRate: 0.25, momentum }), new RMSprop({ learningRate: 0.25, momentum, rho: 0 })];
  const seen: number[][] = [];
  for (let step = 0; step < 5; step++) {
    sgd.apply([[1]], [w]);
    rms.apply([[1]], [v]);
    seen.push([...w.array(), sgd.weights[1]!.array()[0]!, ...v.array()]);
  }
  // m: -0.25, then -0.375, -0.4375, then -0.25 again.
  const expected = [0.75, 0.375, -0.0625, -0.3125, -0.5625];
  expect(seen.map(([weight]) => weight)).toEqual(expected);
  expect(seen.map(([, m]) => m)).toEqual([-0.25, -0.375, -0.4375, -0.25, -0.25]);
  seen.forEach(([, , root], i) => expect(root).toBeCloseTo(expected[i]!, 5));
});

it("properties are the numbers of the coming step", () => {
  const optimizer = new Adam({ beta1: new Drift({ from: 0.9 }), weightDecay: new Drift({ from: 0.1 }) });
  const w = new Variable([1]);
  const seen = [0, 1].map(() => {
    const now = [optimizer.beta1, optimizer.weightDecay, optimizer.beta2];
    optimizer.apply([[1]], [w]);
    return now;
  });
  expect(seen).toEqual([
    [0.9, 0.1, 0.999],
    [0.9 * 0.99, 0.1 * 0.99, 0.999],
  ]);
});

it("factors of rates and decays, also of layers, of an optimizer in a loss scale", () => {
  const [rate, decay] = [new Drift({ from: 0.5 }), new Drift({ from: 0.25 })];
  const around = { learningRate: 0.1, weightDecay: 0.1 };
  const apart = (step: number, group: "kernel" | "bias") =>
    new SGD({ ...around, learningRate: 0.1 * (group === "kernel" ? rate.at(step) : 1) });
  const variables = made();
  const optimizer = new SGD({
    ...around,
    learningRateMultipliers: { ".*/kernel": rate },
    weightDecayMultipliers: [[variables[1]!, decay]],
  });
  const saved = JSON.parse(stringify(new LossScaleOptimizer(optimizer, { initialScale: 1 })));
  const again = optimizers.deserialize(saved, { Drift });
  const [kernel, bias] = made() as [Variable, Variable];
  const others = made();
  for (let step = 0; step < STEPS; step++) {
    optimizer.apply(gradients(step), variables);
    again.apply(gradients(step), others);
    apart(step, "kernel").apply([gradients(step)[0]!], [kernel]);
    new SGD({ ...around, weightDecay: 0.1 * decay.at(step) }).apply([gradients(step)[1]!], [bias]);
  }
  const numbers = (list: readonly Variable[]) => list.map((v) => [...v.array()]);
  expect(numbers(variables)).toEqual(numbers([kernel, bias]));
  expect(numbers(others)).toEqual(numbers([kernel, bias]));
});

it("excluded variables stay out of a scheduled decay", () => {
  const [kernel, bias] = made() as [Variable, Variable];
  const before = [...bias.array()];
  const optimizer = new SGD({
    learningRate: 1,
    weightDecay: new Drift({ from: 0.5 }),
    weightDecayMultipliers: { ".*": new Drift({ from: 1 }) },
  });
  optimizer.build([kernel, bias]);
  optimizer.excludeFromWeightDecay({ varNames: ["bias"] });
  const [{ shape }] = [kernel];
  optimizer.apply([new Float32Array(shape[0]! * shape[1]!), [0, 0, 0]], [kernel, bias]);
  expect([...bias.array()]).toEqual(before);
  expect(kernel.array()[0]).toBe(0.5);
});

it("a number outside of the range refuses the step, which changes nothing", () => {
  class Jump extends schedules.LearningRateSchedule {
    override at(step: number) {
      return step === 1 ? 1.5 : 0.5;
    }
  }
  const w = new Variable([1]);
  const optimizer = new Adam({ beta1: new Jump() });
  optimizer.apply([[1]], [w]);
  const before = state(optimizer, [w]);
  expect(() => optimizer.apply([[1]], [w])).toThrow(
    expect.objectContaining({
      code: "ERR_OPTION_RANGE",
      message: 'adam: "beta1" must be 0 or above, and below 1, got 1.5.'.replace("adam", optimizer.name),
    }),
  );
  expect(state(optimizer, [w])).toEqual(before);
});

/** The numbers of a list, one a step. */
class Listed extends schedules.LearningRateSchedule {
  readonly #numbers: readonly number[];
  constructor(numbers: readonly number[]) {
    super();
    this.#numbers = numbers;
  }
  override at(step: number) {
    return this.#numbers[step]!;
  }
}

describe("real Keras, whose attributes are set before each step", () => {
  const [start, gradients] = [float32s(golden.start), float32s(golden.gradients)];
  const sizes = golden.shapes.map((shape) => shape.reduce((product, n) => product * n, 1));
  const total = start.length;
  const parts = (flat: Float32Array, from: number) =>
    sizes.map((size, i) => {
      const offset = from + sizes.slice(0, i).reduce((sum, n) => sum + n, 0);
      return flat.slice(offset, offset + size);
    });
  it.each(golden.cases.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    const values = parts(start, 0);
    const variables = golden.shapes.map((shape, i) => new Variable(values[i]!, { shape, name: `v${i}` }));
    const options = Object.entries(vector.options).map(([name, numbers]) => [name, new Listed(numbers)]);
    const Class = classes[vector.optimizer] as never as { fromConfig(config: object): Optimizer };
    const optimizer = Class.fromConfig({ ...vector.config, ...Object.fromEntries(options) });
    const expected = float32s(vector.expected);
    expect(expected).toHaveLength(gradients.length);
    for (let at = 0; at < expected.length; at += total) {
      optimizer.apply(parts(gradients, at), variables);
      const got = variables.flatMap((variable) => [...variable.array()]);
      got.forEach((number, i) => {
        const right = expected[at + i]!;
        const bound = golden.tolerance * Math.max(Math.abs(right), golden.floor);
        expect(Math.abs(number - right), `step ${at / total}: ${number}, expected ${right}`).toBeLessThanOrEqual(bound);
      });
    }
  });
});
