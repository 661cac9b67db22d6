/**
 * Lookahead, ScheduleFree and SWA, against vectors of optax, schedulefree and torch: test/golden/wrappers.py has the calls. The
 * other tests follow from their definitions.
 */

import { describe, expect, it } from "vitest";
import {
  Adam,
  Lookahead,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  optimizers,
  ScheduleFree,
  Sequential,
  SGD,
  SWA,
  Variable,
} from "../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";
import { float32s } from "../support/bytes.js";
import { goldenFile } from "../support/golden.js";

interface Document {
  readonly shapes: readonly (readonly number[])[];
  readonly weights: readonly string[];
  readonly gradients: readonly (readonly string[])[];
  readonly cases: readonly {
    readonly optimizer: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly source: string;
    readonly steps: readonly (readonly string[])[];
    readonly averages?: readonly string[];
  }[];
}

const { shapes, weights, gradients, cases } = goldenFile<Document>("wrappers.json");
const near = (got: ArrayLike<number>, text: string, label: string) =>
  float32s(text).forEach((w, j) => {
    const difference = Math.abs(got[j]! - w);
    expect(difference, `${label}, element ${j}: ${got[j]} for ${w}`).toBeLessThan(2e-6 * Math.max(1, Math.abs(w)));
  });

it.each(cases)("$optimizer with $config is that of $source", ({ optimizer: className, config, steps, averages }) => {
  const optimizer = optimizers.deserialize({ class_name: className, config });
  const variables = shapes.map((shape, i) => new Variable(float32s(weights[i]!), { shape: [...shape] }));
  steps.forEach((after, step) => {
    optimizer.apply(gradients[step]!.map(float32s) as never, variables);
    after.forEach((expected, i) => near(variables[i]!.array(), expected, `step ${step}, variable ${i}`));
  });
  optimizer.evalMode();
  averages?.forEach((expected, i) => near(variables[i]!.array(), expected, `average of variable ${i}`));
});

const X = [[1], [2], [3], [4]];
const Y = [[2], [3], [5], [9]];
const run = { batchSize: 2, epochs: 3, shuffle: false, verbose: 0 } as const;

function line(optimizer: Optimizer): Sequential {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", name: "line" })]);
  model.compile({ optimizer, loss: "mse" });
  return model;
}

const weightsOf = (model: Sequential) => model.getWeights().flatMap(({ data }) => Array.from(data));

const ROWS: readonly (readonly [string, () => Optimizer])[] = [
  ["Lookahead", () => new Lookahead(new Adam({ learningRate: 0.05 }), { syncPeriod: 4 })],
  [
    "Lookahead of a MultiOptimizer",
    () => new Lookahead(new MultiOptimizer(new OptimizerMap(new Adam({ learningRate: 0.1 }))), { syncPeriod: 4 }),
  ],
  ["Lookahead in a LossScaleOptimizer", () => new LossScaleOptimizer(new Lookahead(new SGD(), { syncPeriod: 3 }))],
  ["SWA", () => new SWA(new Adam({ learningRate: 0.05 }), { startAveraging: 2, averagePeriod: 2 })],
  ["ScheduleFree", () => new ScheduleFree(new Adam({ learningRate: 0.05 }))],
];

describe.each(ROWS)("%s", (_, create) => {
  it("continues from files with the bits of an uninterrupted run", async () => {
    const model = line(create());
    await model.fit(X, Y, run);
    const bytes = await saveModel(model, { format: "keras" });
    const saved = await saveWeights(model, { format: "safetensors" });
    const other = (await loadModel(bytes, { format: "keras" })) as Sequential;
    const third = line(create());
    await loadWeights(third, saved, { format: "safetensors" });
    for (const one of [model, other, third]) await one.fit(X, Y, { ...run, epochs: 4 });
    expect(weightsOf(other)).toEqual(weightsOf(model));
    expect(weightsOf(third)).toEqual(weightsOf(model));
  });

  it("continues from getWeights", async () => {
    const [model, other] = [line(create()), line(create())];
    await model.fit(X, Y, run);
    await other.fit(X, Y, { ...run, epochs: 1 });
    model.optimizer?.trainMode();
    other.optimizer?.trainMode();
    other.setWeights(model.getWeights());
    other.optimizer?.setWeights((model.optimizer as Optimizer).getWeights());
    for (const one of [model, other]) await one.fit(X, Y, run);
    expect(weightsOf(other)).toEqual(weightsOf(model));
  });

  it("changes nothing in a step that is refused, the first one too", () => {
    const optimizer = create();
    const w = new Variable([1, 2]);
    w.constraint = (variable) => {
      if (variable.array()[0] !== 1) throw new RangeError("stop");
      return null;
    };
    expect(() => optimizer.apply([[1, 1]], [w])).toThrow("stop");
    expect([[...w.array()], optimizer.built, optimizer.iterations]).toEqual([[1, 2], false, 0]);
    for (let step = 0; step < 3; step++) optimizer.apply([[0, 0]], [w]);
    const before = optimizer.getWeights();
    expect(() => optimizer.apply([[1, 1]], [w])).toThrow("stop");
    expect([...w.array()]).toEqual([1, 2]);
    expect(optimizer.getWeights()).toEqual(before);
  });

  it("restarts its copies when weights are set directly", () => {
    const [optimizer, w] = [create(), new Variable([1, 2])];
    optimizer.build([w]);
    w.assign([5, 6]);
    const copies = optimizer.weights.filter(({ path }) => /_(slow|z|average)$/.test(path));
    expect(copies.map((copy) => [...copy.array()])).toEqual([[5, 6]]);
  });
});

it("counts updates, not calls, with gradient accumulation", () => {
  const w = new Variable([1]);
  const optimizer = new Lookahead(new SGD({ learningRate: 1, gradientAccumulationSteps: 2 }), { syncPeriod: 2 });
  for (let call = 0; call < 3; call++) optimizer.apply([[1]], [w]);
  expect([...w.array()]).toEqual([0]);
  optimizer.apply([[1]], [w]);
  // From 1 to -1, and half of the distance back.
  expect([...w.array()]).toEqual([0]);
  const free = new ScheduleFree(new SGD({ learningRate: 1, gradientAccumulationSteps: 2 }));
  const v = new Variable([1]);
  free.apply([[1]], [v]);
  expect([...v.array()]).toEqual([1]);
  free.apply([[1]], [v]);
  expect([...v.array()]).toEqual([0]);
});

it("leaves out steps that are not finite", () => {
  for (const [, create] of ROWS) {
    const [optimizer, w] = [
      new LossScaleOptimizer(create() instanceof LossScaleOptimizer ? new SGD() : create()),
      new Variable([1]),
    ];
    optimizer.apply([[optimizer.scaleLoss(1)]], [w]);
    const before = w.array();
    optimizer.apply([[Infinity]], [w]);
    expect(w.array()).toEqual(before);
    expect(optimizer.skippedSteps).toBe(1);
  }
});

it("has clips and the loss scale of the inner optimizer", () => {
  const w = new Variable([3]);
  const optimizer = new Lookahead(new SGD({ learningRate: 1, clipnorm: 1, lossScaleFactor: 4 }));
  expect(optimizer.scaleLoss(2)).toBe(8);
  optimizer.apply([[400]], [w]);
  expect([...w.array()]).toEqual([2]);
  expect(optimizer.clipGradients([[[40], w]])[0]![0]).toEqual(Float32Array.of(1));
});
