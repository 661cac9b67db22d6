/**
 * Weights that are set directly, between steps or runs: averages of them, and slots that began as copies, used to bring
 * back what was overwritten. Values by hand.
 */

import { describe, expect, it } from "vitest";
import {
  Adam,
  callbacks,
  LossScaleOptimizer,
  layers,
  type Optimizer,
  ScheduleFreeAdamW,
  Sequential,
  SGD,
  type Values,
  Variable,
} from "../../ts/index.js";
import { make, PLAIN_TRIALS, withOptions } from "../support/optimizers.js";
import { expectRefusal, refusal } from "../support/refusal.js";
import { snapshot } from "../support/snapshot.js";

const averaging = () => new SGD({ learningRate: 1, useEma: true, emaMomentum: 0.5 });
const scaled = () => new LossScaleOptimizer(averaging(), { initialScale: 1 });

/** A weight of 2 whose average is 1.5, and another one of 20 with 15. */
function trained(optimizer: Optimizer) {
  const variables = [new Variable([0]), new Variable([0])] as [Variable, Variable];
  for (let step = 0; step < 2; step++) optimizer.apply([[-1], [-10]], variables);
  return variables;
}

const numbers = (variables: readonly Variable[]) => variables.map(({ value }) => value[0]);

describe.each([
  ["SGD", averaging],
  ["LossScaleOptimizer", scaled],
] as const)("the average of %s", (_, create) => {
  it("restarts from weights that were set, and continues for the others", () => {
    const optimizer = create();
    const [a, b] = trained(optimizer);
    a.assign([10]);
    optimizer.apply([[-1], [-10]]);
    expect(numbers([a, b])).toEqual([11, 30]);
    optimizer.finalizeVariableValues([a, b]);
    expect(numbers([a, b])).toEqual([10.5, 22.5]);
  });

  it("is a copy of them at once, wherever it is read", () => {
    const optimizer = create();
    const [a, b] = trained(optimizer);
    const kept = optimizer.weights.filter(({ path }) => path.endsWith("average"));
    a.assign([10]);
    expect(kept.map(({ value }) => value[0])).toEqual([10, 15]);
    b.assign([0]);
    const averages = optimizer.getWeights().slice(-2);
    expect(averages.map(({ data }) => data[0])).toEqual([10, 0]);
    optimizer.finalizeVariableValues([a, b]);
    expect(numbers([a, b])).toEqual([10, 0]);
  });

  it("continues where nothing was changed: a refused assignment, equal numbers, another optimizer's step", () => {
    const optimizer = create();
    const variables = trained(optimizer);
    const [a, b] = variables;
    expectRefusal(() => a.assign([1, 2]), "ERR_VALUES_SHAPE");
    b.assign(b.array());
    new SGD({ learningRate: 1 }).apply([[-1], [-10]], variables);
    optimizer.finalizeVariableValues(variables);
    expect(numbers(variables)).toEqual([1.5, 15]);
  });

  it("continues under constraints, and after a step that one of them refused", () => {
    const optimizer = create();
    const [a, b] = trained(optimizer);
    let isRefused = true;
    a.constraint = (w) => {
      w.assign([(w.value[0] as number) * 2]);
      if (isRefused) throw new Error("no");
      return [(w.value[0] as number) + 1];
    };
    const before = snapshot(optimizer, [a, b]);
    expect(refusal(() => optimizer.apply([[-1], [-10]])).message).toBe("no");
    expect(snapshot(optimizer, [a, b])).toEqual(before);
    isRefused = false;
    optimizer.apply([[-1], [-10]]);
    expect(numbers([a, b])).toEqual([7, 30]);
    // As in Keras, the average is taken before the constraint.
    expect(
      optimizer
        .getWeights()
        .slice(-2)
        .map(({ data }) => data[0]),
    ).toEqual([2.25, 22.5]);
  });
});

it("averages of no update leave the weights alone", async () => {
  const optimizer = averaging();
  const w = new Variable([3]);
  optimizer.build([w]);
  w.assign([4]);
  optimizer.finalizeVariableValues([w]);
  expect(w.value[0]).toBe(4);
});

it("weights that are set between overwrites of the average, and at one", () => {
  const optimizer = new SGD({ learningRate: 1, useEma: true, emaMomentum: 0.5, emaOverwriteFrequency: 3 });
  const [a, b] = trained(optimizer);
  a.assign([10]);
  optimizer.apply([[-1], [-10]]);
  expect(numbers([a, b])).toEqual([10.5, 22.5]);
});

/** y = w x, trained one sample an epoch; after two fits of 2 epochs w is what `set` made it, and what followed. */
async function twoFits(set: (model: Sequential) => void | Promise<void>, between = true) {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.5, useEma: true, emaMomentum: 0.5 }), loss: "mae" });
  const train = (options: object = {}) => model.fit([[1]], [[100]], { epochs: 2, ...options });
  await train();
  if (between) await set(model);
  await train(between ? {} : { callbacks: [{ onEpochEnd: (epoch: number) => void (epoch === 0 && set(model)) }] });
  return model.getWeights()[0]?.data[0];
}

describe("two fits", () => {
  it.each<[string, (model: Sequential) => void]>([
    ["model.setWeights", (model) => model.setWeights([[[10]]])],
    ["layer.setWeights", (model) => model.layers[0]?.setWeights([[[10]]])],
    ["variable.assign", (model) => void model.weights[0]?.assign([[10]])],
    ["weights set twice", (model) => [3, 10].forEach((value) => void model.setWeights([[[value]]]))],
  ])("%s between them", async (_, set) => {
    // 10.5 after a step, the average 10.25; 11, and 10.625.
    expect(await twoFits(set)).toBe(10.625);
  });

  it("weights set by a callback", async () => {
    // At the end of the first epoch: 10.5, and 10.25.
    expect(await twoFits((model) => model.setWeights([[[10]]]), false)).toBe(10.25);
  });

  it("weights that EarlyStopping restored", async () => {
    const model = new Sequential([
      new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false }),
    ]);
    model.compile({ optimizer: new SGD({ learningRate: 0.5, useEma: true, emaMomentum: 0.5 }), loss: "mae" });
    const stopping = new callbacks.EarlyStopping({
      monitor: "loss",
      patience: 1,
      mode: "max",
      restoreBestWeights: true,
    });
    // The loss falls, so that the first epoch is the best one.
    await model.fit([[1]], [[100]], { epochs: 3, callbacks: [stopping] });
    expect(model.getWeights()[0]?.data[0]).toBe(0.5);
    await model.fit([[1]], [[100]]);
    expect(model.getWeights()[0]?.data[0]).toBe(0.75);
  });
});

describe("ScheduleFreeAdamW", () => {
  const create = () => new ScheduleFreeAdamW({ learningRate: 0.3, epsilon: 0 });

  it("restarts z after build", () => {
    const w = new Variable([5, 6]);
    const optimizer = create();
    optimizer.build([w]);
    w.assign([1, -2]);
    optimizer.apply([[1, 1]]);
    // z = w - 0.3, and x = z in the first step.
    expect([...w.value]).toEqual([expect.closeTo(0.7, 6), expect.closeTo(-2.3, 6)]);
  });

  it("restarts y, z and x between steps", () => {
    const w = new Variable([5]);
    const optimizer = create();
    for (let step = 0; step < 2; step++) optimizer.apply([[1]], [w]);
    w.assign([100]);
    expect(optimizer.getWeights()[1]?.data).toEqual(Float32Array.of(100));
    optimizer.apply([[1]]);
    // z = 100 - 0.3, x = 2/3 100 + 1/3 z, y = 0.1 z + 0.9 x.
    expect(w.value[0]).toBeCloseTo(99.88, 4);
  });
});

describe("a checkpoint resumes with the same bits", () => {
  const start = [
    [0.5, -1, 2, 0.25],
    [1, -3],
  ];
  const fresh = (data: readonly Values[] = start) => [
    new Variable(data[0] as Values, { shape: [2, 2], name: "kernel" }),
    new Variable(data[1] as Values, { name: "bias" }),
  ];
  const step = (optimizer: Optimizer, variables: readonly Variable[], at: number) =>
    optimizer.apply(
      [
        [at, 1, -at, 0.5],
        [1, at],
      ].map((row) => Float32Array.from(row)),
      variables,
    );

  it.each(PLAIN_TRIALS)("$className", ({ className, config }) => {
    const create = () => make(className, withOptions(config, { use_ema: true, ema_momentum: 0.75 }));
    const [optimizer, variables] = [create(), fresh()];
    for (let at = 0; at < 3; at++) step(optimizer, variables, at);
    const weights = variables.map((variable) => variable.array());
    const state = optimizer.getWeights();
    const goOn = (again: Optimizer, trained: readonly Variable[]) => {
      for (let at = 3; at < 6; at++) step(again, trained, at);
      again.finalizeVariableValues(trained);
      return [again.getWeights(), trained.map((variable) => variable.array())];
    };
    const expected = goOn(optimizer, variables);
    const assign = (trained: readonly Variable[]) => trained.forEach((v, i) => v.assign(weights[i] as Values));
    const orders: ((again: Optimizer, trained: readonly Variable[]) => void)[] = [
      (again, trained) => {
        assign(trained);
        again.setWeights(state);
      },
      (again, trained) => {
        again.setWeights(state);
        assign(trained);
      },
      (again, trained) => {
        again.setWeights(state);
        again.getWeights();
        assign(trained);
        again.getWeights();
      },
    ];
    for (const restore of orders) {
      const [again, others] = [
        create(),
        fresh([
          [9, 9, 9, 9],
          [9, 9],
        ]),
      ];
      again.build(others);
      restore(again, others);
      expect(goOn(again, others)).toEqual(expected);
      // Back to the checkpoint, from where it went on.
      restore(again, others);
      expect(goOn(again, others)).toEqual(expected);
    }
    const made = fresh(weights);
    const again = create();
    again.build(made);
    again.setWeights(state);
    expect(goOn(again, made)).toEqual(expected);
  });

  it("and weights that are set after that are set directly", () => {
    const restored: ((optimizer: Optimizer, w: Variable) => void)[] = [
      (optimizer, w) => {
        const state = optimizer.getWeights();
        w.assign([7]);
        optimizer.setWeights(state);
      },
      (optimizer, w) => {
        optimizer.setWeights(optimizer.getWeights());
        w.assign([7]);
      },
    ];
    for (const restore of restored) {
      const optimizer = averaging();
      const [a, b] = trained(optimizer);
      restore(optimizer, a);
      expect(optimizer.getWeights()[1]?.data[0]).toBe(1.5);
      a.assign([10]);
      expect(optimizer.getWeights()[1]?.data[0]).toBe(10);
      optimizer.apply([[-1], [-10]], [a, b]);
      b.assign([0]);
      expect(optimizer.getWeights()[2]?.data[0]).toBe(0);
    }
  });
});

it("an optimizer without such state is left as it was", () => {
  const [optimizer, w] = [new Adam(), new Variable([1])];
  optimizer.apply([[1]], [w]);
  const before = optimizer.getWeights();
  w.assign([5]);
  expect(optimizer.getWeights()).toEqual(before);
});
