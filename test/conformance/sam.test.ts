/**
 * SAM, against vectors of pytorch_optimizer: test/golden/wrappers.py has the loss. The other tests follow from the definition: two
 * gradients, of which the first moves the weights, and the second updates them.
 *
 * Over 300 lines: every kind of step and state of one optimizer, with the same network.
 */

import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  Adam,
  AdamW,
  GradientTape,
  Lookahead,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  metrics,
  type Optimizer,
  OptimizerMap,
  ops,
  optimizers,
  random,
  SAM,
  Sequential,
  SGD,
  SWA,
  setRandomSeed,
  type Tensor,
  tensor,
  Variable,
} from "../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";
import { float32s } from "../support/bytes.js";
import { goldenFile } from "../support/golden.js";
import { refusal } from "../support/refusal.js";

interface Document {
  readonly shapes: readonly (readonly number[])[];
  readonly weights: readonly string[];
  readonly coefficients: readonly string[];
  readonly sharp: readonly {
    readonly config: Readonly<Record<string, unknown>>;
    readonly source: string;
    readonly steps: readonly (readonly string[])[];
  }[];
}

const { shapes, weights, coefficients, sharp } = goldenFile<Document>("wrappers.json");

const total = (terms: readonly Tensor[]): Tensor => terms.reduce((sum, term) => ops.add(sum, term));

/** The sum of c w^2 / 2 + w^4 / 4, and the square of the sum of all weights / 100. */
function polynomial(variables: readonly Variable[]): Tensor {
  const own = variables.map((w, i) => {
    const square = ops.square(w);
    const c = ops.reshape(tensor(float32s(coefficients[i]!)), [...w.shape]);
    return ops.sum(ops.add(ops.multiply(ops.multiply(c, square), 0.5), ops.multiply(ops.square(square), 0.25)));
  });
  const sum = total(variables.map((w) => ops.sum(w)));
  return ops.add(total(own), ops.multiply(ops.square(sum), 0.01));
}

it.each(sharp)("minimize with $config is that of $source", ({ config, steps }) => {
  const optimizer = optimizers.deserialize({ class_name: "SAM", config });
  const variables = shapes.map((shape, i) => new Variable(float32s(weights[i]!), { shape: [...shape] }));
  steps.forEach((after, step) => {
    expect(optimizer.minimize(() => polynomial(variables), variables)).toBe(step + 1);
    after.forEach((expected, i) => {
      const got = variables[i]!.array();
      float32s(expected).forEach((w, j) => {
        const label = `step ${step}, variable ${i}, element ${j}: ${got[j]} for ${w}`;
        expect(Math.abs(got[j]! - w), label).toBeLessThan(2e-6 * Math.max(1, Math.abs(w)));
      });
    });
  });
});

const X = [
  [1, 0],
  [2, 1],
  [3, -1],
  [4, 2],
];
const Y = [[2], [3], [5], [9]];
const run = { batchSize: 2, epochs: 3, shuffle: false, verbose: 0 } as const;

beforeEach(() => setRandomSeed(7));

/** A network of a few weights, the same each time. */
function network(optimizer: Optimizer, inside: readonly layers.Layer[] = []): Sequential {
  setRandomSeed(3);
  const model = new Sequential([
    new layers.Dense(4, { inputShape: [2], activation: "tanh", name: "hidden" }),
    ...inside,
    new layers.Dense(1, { name: "line" }),
  ]);
  model.compile({ optimizer, loss: "mse", metrics: ["mae"] });
  return model;
}

const weightsOf = (model: Sequential) => model.getWeights().flatMap(({ data }) => Array.from(data));

/** A step by its definition, with the optimizer that would be inside. */
function stepOf(model: Sequential, inner: Optimizer, rho: number, x: number[][], y: number[][]): void {
  const variables = model.trainableWeights;
  const gradients = () => {
    const tape = new GradientTape();
    const loss = tape.run(() => ops.mean(ops.square(ops.subtract(model.apply(x, { training: true }) as Tensor, y))));
    return tape.gradient(loss, variables).map((gradient) => gradient!.array() as Float32Array);
  };
  const before = variables.map((variable) => variable.array());
  const first = gradients();
  const norm = Math.sqrt(first.flatMap((gradient) => [...gradient]).reduce((sum, g) => sum + g * g, 0));
  variables.forEach((variable, i) => {
    variable.assign(before[i]!.map((w, j) => w + (rho / (norm + 1e-12)) * first[i]![j]!));
  });
  const second = gradients();
  variables.forEach((variable, i) => {
    variable.assign(before[i]!);
  });
  inner.apply(second, variables);
}

const INNER: readonly (readonly [string, () => Optimizer])[] = [
  ["SGD", () => new SGD({ learningRate: 0.05, momentum: 0.9 })],
  ["Adam with clips", () => new Adam({ learningRate: 0.05, clipnorm: 0.1 })],
  ["AdamW with accumulation", () => new AdamW({ learningRate: 0.05, gradientAccumulationSteps: 2 })],
  [
    "MultiOptimizer",
    () => new MultiOptimizer(new OptimizerMap(new SGD({ learningRate: 0.05 }), { "line/.*": new Adam() })),
  ],
];

describe.each(INNER)("around %s", (_, inner) => {
  it("takes the steps of its definition, in fit, trainOnBatch and custom steps", async () => {
    const byHand = network(new SGD());
    const rule = inner();
    for (let epoch = 0; epoch < run.epochs; epoch++) {
      for (const at of [0, 2]) stepOf(byHand, rule, 0.1, X.slice(at, at + 2), Y.slice(at, at + 2));
    }
    const made = () => network(new SAM(inner(), { rho: 0.1 }));
    const [fitted, onBatches, measured] = [made(), made(), made()];
    const { history } = await fitted.fit(X, Y, run);
    for (let epoch = 0; epoch < run.epochs; epoch++) {
      for (const at of [0, 2]) await onBatches.trainOnBatch(X.slice(at, at + 2), Y.slice(at, at + 2));
    }
    measured.addMetric(new metrics.Mean({ name: "own" }));
    const own = await measured.fit(X, Y, run);
    for (const model of [fitted, onBatches, measured]) {
      weightsOf(model).forEach((w, i) => expect(w).toBeCloseTo(weightsOf(byHand)[i]!, 5));
    }
    expect(weightsOf(onBatches)).toEqual(weightsOf(fitted));
    expect(weightsOf(measured)).toEqual(weightsOf(fitted));
    expect(own.history.loss).toEqual(history.loss);
    expect(own.history.mae).toEqual(history.mae);
  });

  it("continues from files and from getWeights with the bits of an uninterrupted run", async () => {
    const create = () => network(new SAM(inner(), { rho: 0.1 }));
    const model = create();
    await model.fit(X, Y, run);
    const bytes = await saveModel(model, { format: "keras" });
    const saved = await saveWeights(model, { format: "safetensors" });
    const other = (await loadModel(bytes, { format: "keras" })) as Sequential;
    expect((other.optimizer as SAM).rho).toBe(0.1);
    const third = create();
    await loadWeights(third, saved, { format: "safetensors" });
    const fourth = create();
    await fourth.fit(X, Y, { ...run, epochs: 1 });
    fourth.setWeights(model.getWeights());
    fourth.optimizer?.setWeights((model.optimizer as Optimizer).getWeights());
    for (const one of [model, other, third, fourth]) await one.fit(X, Y, run);
    for (const one of [other, third, fourth]) expect(weightsOf(one)).toEqual(weightsOf(model));
  });
});

it("divides by the loss scale of the inner optimizer", async () => {
  const [plain, scaled] = [null, 256].map((lossScaleFactor) =>
    network(new SAM(new SGD({ learningRate: 0.05, lossScaleFactor }), { rho: 0.1 })),
  ) as [Sequential, Sequential];
  for (const model of [plain, scaled]) await model.fit(X, Y, run);
  expect(weightsOf(scaled)).toEqual(weightsOf(plain));
});

it("reports loss and metrics of the first pass, at the weights before the step", async () => {
  const model = network(new SAM(new SGD({ learningRate: 0.05 }), { rho: 0.5 }));
  const before = await model.evaluate(X, Y, { returnDict: true, verbose: 0 });
  const logs = await model.trainOnBatch(X, Y, { returnDict: true });
  expect(logs).toEqual(before);
});

it("counts statistics and random generators once, and drops the same numbers in both passes", async () => {
  const made = (optimizer: Optimizer) =>
    network(optimizer, [new layers.BatchNormalization(), new layers.Dropout(0.5, { seed: 5 })]);
  const [sharp, plain] = [made(new SAM(new SGD({ learningRate: 0.05 }))), made(new SGD({ learningRate: 0.05 }))];
  for (const model of [sharp, plain]) await model.trainOnBatch(X, Y);
  const statistics = (model: Sequential) => model.nonTrainableWeights.map((w) => [...w.array()]);
  expect(statistics(sharp)).toEqual(statistics(plain));
  const drawn = (model: Sequential) =>
    (model.layers[2] as layers.Dropout & { seedGenerator: random.SeedGenerator }).seedGenerator.state;
  expect(drawn(sharp)).toEqual(drawn(plain));
  // Without a move uphill both gradients are one, if both have the same mask.
  const [still, alone] = [
    made(new SAM(new SGD({ learningRate: 0.05 }), { rho: 0 })),
    made(new SGD({ learningRate: 0.05 })),
  ];
  for (const model of [still, alone]) await model.fit(X, Y, run);
  expect(weightsOf(still)).toEqual(weightsOf(alone));
});

it("does the same in minimize, for a closure that uses a model", () => {
  const made = () => network(new SGD(), [new layers.BatchNormalization(), new layers.Dropout(0.5, { seed: 5 })]);
  const losses: number[] = [];
  const train = (model: Sequential, optimizer: Optimizer, seen: number[] = []) => {
    for (let step = 0; step < 3; step++) {
      optimizer.minimize(
        () => {
          const loss = ops.mean(ops.square(ops.subtract(model.apply(X, { training: true }) as Tensor, Y)));
          seen.push(loss.item());
          return loss;
        },
        () => model.trainableWeights,
      );
    }
    return model;
  };
  const still = train(made(), new SAM(new SGD({ learningRate: 0.05 }), { rho: 0 }), losses);
  expect(weightsOf(still)).toEqual(weightsOf(train(made(), new SGD({ learningRate: 0.05 }))));
  // Each twice, with equal masks.
  expect(losses.length).toBe(6);
  expect([losses[1], losses[3], losses[5]]).toEqual([losses[0], losses[2], losses[4]]);
});

it("refuses gradients, and names the methods that take the loss", () => {
  const w = new Variable([1, 2]);
  const optimizer = new SAM(new SGD(), { name: "sharp" });
  for (const call of [() => optimizer.applyGradients([[[1, 1], w]]), () => optimizer.apply([[1, 1]], [w])]) {
    expect(refusal(call)).toMatchObject({ code: "ERR_LOSS_MISSING", message: expect.stringContaining("minimize(") });
  }
  expect([...w.array()]).toEqual([1, 2]);
  expect([optimizer.built, optimizer.iterations]).toEqual([false, 0]);
});

it("cannot be nested with wrapper optimizers, except in a MultiOptimizer", () => {
  const sam = new SAM(new SGD());
  for (const call of [
    () => new LossScaleOptimizer(sam),
    () => new Lookahead(sam),
    () => new SAM(sam),
    () => new SAM(new SWA(new SGD())),
    () => new OptimizerMap(sam),
  ]) {
    expect(refusal(call)).toMatchObject({ code: "ERR_OPTION_CONFLICT" });
  }
});

it("leaves weights, state and generators as before when a pass fails", async () => {
  const w = new Variable([1, 2]);
  const optimizer = new SAM(new Adam());
  optimizer.minimize(() => ops.sum(ops.square(w)), [w]);
  const [before, state] = [w.array(), optimizer.getWeights()];
  setRandomSeed(7);
  const drawn = random.uniform([1]).item();
  for (const failing of [1, 2]) {
    setRandomSeed(7);
    let calls = 0;
    const loss = () => {
      random.uniform([1]);
      if (++calls === failing) throw new RangeError("stop");
      return ops.sum(ops.square(w));
    };
    expect(() => optimizer.minimize(loss, [w])).toThrow("stop");
    expect(w.array()).toEqual(before);
    expect(optimizer.getWeights()).toEqual(state);
    expect(random.uniform([1]).item()).toBe(drawn);
  }
});

it("leaves out a step whose second gradient is not finite", () => {
  const w = new Variable([1]);
  const optimizer = new SAM(new SGD({ skipNonfinite: true }));
  vi.spyOn(console, "warn").mockImplementation(() => {});
  // The root of a negative number, but only uphill.
  optimizer.minimize(() => ops.negative(ops.sum(ops.sqrt(ops.subtract(1.01, w)))), [w]);
  expect([[...w.array()], optimizer.skippedSteps]).toEqual([[1], 1]);
  vi.restoreAllMocks();
});

it("is not recorded: jitCompile says why", async () => {
  const model = network(new SAM(new SGD()));
  model.compile({ optimizer: new SAM(new SGD()), loss: "mse", jitCompile: true });
  await expect(model.fit(X, Y, run)).rejects.toMatchObject({
    code: "ERR_NOT_RECORDABLE",
    message: expect.stringContaining("SAM computes two gradients"),
  });
});

it("moves rows of an Embedding with sparse gradients", async () => {
  const made = (sparseGradient: boolean) => {
    setRandomSeed(3);
    const model = new Sequential([
      new layers.Embedding(6, 2, { sparseGradient }),
      new layers.Flatten(),
      new layers.Dense(1),
    ]);
    model.compile({ optimizer: new SAM(new SGD({ learningRate: 0.05 }), { rho: 0.1 }), loss: "mse" });
    return model;
  };
  const [sparse, dense] = [made(true), made(false)];
  const x = [
    [0, 1],
    [1, 2],
    [2, 2],
    [5, 0],
  ];
  for (const model of [sparse, dense]) await model.fit(x, Y, run);
  weightsOf(sparse).forEach((w, i) => expect(w).toBeCloseTo(weightsOf(dense)[i]!, 6));
});
