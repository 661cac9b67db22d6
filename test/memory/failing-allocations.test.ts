/**
 * Every allocation of every call can fail: a typed error, no change, and the same result afterwards.
 *
 * Over 300 lines: several tables of calls.
 */

import { expect, it } from "vitest";
import {
  compiled as compiledLoop,
  GradientTape,
  Input,
  initializers,
  LossScaleOptimizer,
  layers,
  losses,
  Model,
  metrics,
  modelFromJSON,
  ops,
  optimizers,
  random,
  Sequential,
  SGD,
  schedules,
  setRandomSeed,
  Tensor,
  tensor,
  tidy,
  updateBatchNormalization,
  Variable,
  withStats,
} from "../../ts/slim.js";
import { Momentum, OwnAdam } from "../support/custom-optimizers.js";
import { failEach, type Trial, whileFull } from "../support/failing-allocations.js";
import { PLAIN_TRIALS, withOptions } from "../support/optimizers.js";
import { Random } from "../support/random.js";
import { replayedBy } from "../support/recorded-runs.js";
import { nameless, snapshot } from "../support/snapshot.js";

const numbers = (seed: number, length: number) => new Random(seed).values(length, 0.9);
/** The next value of the random stream, without advancing it. */
function stream(): unknown {
  const next = random.uniform([2]);
  const values = [...next.value];
  next.dispose();
  return values;
}

const values = (result: unknown): unknown => {
  if (result instanceof Tensor) return [...result.array()];
  if (Array.isArray(result)) return result.map(values);
  if (result !== null && typeof result === "object" && !ArrayBuffer.isView(result))
    return Object.values(result).map(values);
  return ArrayBuffer.isView(result) ? [...(result as Float32Array)] : result;
};

// ---- optimizers ----------------------------------------------------------------------------------------------------

const SHAPES = [[6, 4], [50], [3, 5]];
const everything = { use_ema: true, gradient_accumulation_steps: 2, clipnorm: 1, weight_decay: 0.01 };

const OPTIMIZERS = PLAIN_TRIALS.flatMap((trial) =>
  [{}, everything].map((options) => [trial.className, Object.keys(options).length, trial, options] as const),
);

function optimizerState(className: string, config: object) {
  const variables = SHAPES.map(
    (shape, i) =>
      new Variable(
        numbers(
          i,
          shape.reduce((a, b) => a * b),
        ),
        { shape, name: `v${i}` },
      ),
  );
  const optimizer = optimizers.deserialize({ class_name: className, config: { ...config, name: "o" } });
  return { variables, optimizer };
}

it.each(OPTIMIZERS)("%s with %i options: two steps", async (className, _, trial, options) => {
  const gradients = SHAPES.map((shape, i) =>
    numbers(
      i + 9,
      shape.reduce((a, b) => a * b),
    ),
  );
  const config = withOptions(trial.config, options);
  const one: Trial<ReturnType<typeof optimizerState>> = {
    make: () => optimizerState(className, config),
    run: ({ optimizer, variables }) => optimizer.apply(gradients, variables),
    look: ({ optimizer, variables }) => nameless(snapshot(optimizer, variables)),
    dispose: ({ optimizer, variables }) => {
      optimizer.dispose();
      for (const variable of variables) variable.dispose();
    },
  };
  expect(await failEach("first step", one)).toBeGreaterThan(3);
  const second = {
    ...one,
    make: () => {
      const state = one.make();
      one.run(state);
      return state;
    },
  };
  await failEach("second step", second);
});

const OPTIMIZER_CALLS: Record<string, (state: ReturnType<typeof optimizerState>) => unknown> = {
  build: ({ optimizer, variables }) => optimizer.build(variables),
  clipGradients: ({ optimizer, variables }) =>
    optimizer.clipGradients(variables.map((v, i) => [numbers(i, v.size), v])).map(([g]) => [...(g as Float32Array)]),
  minimize: ({ optimizer, variables }) =>
    optimizer.minimize(
      () => ops.sum(ops.square(ops.matmul(variables[0] as Variable, ops.transpose(variables[0] as Variable)))),
      [variables[0] as Variable],
    ),
  getWeights: ({ optimizer, variables }) => {
    optimizer.build(variables);
    return optimizer.getWeights().map(({ data }) => [...(data as Float32Array)]);
  },
};

it.each(Object.entries(OPTIMIZER_CALLS))("optimizer.%s", async (name, run) => {
  await failEach(name, {
    make: () => optimizerState("Adam", { clipnorm: 0.5 }),
    run,
    look: ({ optimizer, variables }) => nameless(snapshot(optimizer, variables)),
  });
});

it("a step of a loss-scaled optimizer", async () => {
  await failEach("LossScaleOptimizer", {
    make: () => ({
      variables: [new Variable(numbers(1, 30), { name: "v" })],
      optimizer: new LossScaleOptimizer(new SGD({ momentum: 0.9, name: "i" }), { name: "o" }),
    }),
    run: ({ optimizer, variables }) => optimizer.apply([numbers(2, 30)], variables),
    look: ({ optimizer, variables }) => nameless(snapshot(optimizer, variables)),
  });
});

const multipliers = { learningRateMultipliers: { v0: 0.1 }, weightDecayMultipliers: { v1: 0 } };
const GROUPS: Record<string, () => InstanceType<typeof optimizers.Optimizer>> = {
  "Adam with multipliers": () => new optimizers.Adam({ ...multipliers, weightDecay: 0.1, name: "o" }),
  "Adam with statistics": () => withStats(new optimizers.Adam({ name: "o" })),
  "a custom rule": () => new Momentum({ name: "o" }),
  "a custom rule with options": () =>
    new Momentum({
      ...multipliers,
      useEma: true,
      gradientAccumulationSteps: 2,
      clipnorm: 1,
      weightDecay: 0.1,
      name: "o",
    }),
  "a custom rule of many operations": () => new OwnAdam({ name: "o" }),
};

it.each(Object.entries(GROUPS))("%s: two steps", async (name, make) => {
  const gradients = [numbers(9, 24), numbers(10, 50)];
  const one: Trial<ReturnType<typeof optimizerState>> = {
    make: () => ({
      variables: [new Variable(numbers(1, 24), { name: "v0" }), new Variable(numbers(2, 50), { name: "v1" })],
      optimizer: make(),
    }),
    run: ({ optimizer, variables }) => optimizer.apply(gradients, variables),
    look: ({ optimizer, variables }) => nameless(snapshot(optimizer, variables)),
    dispose: ({ optimizer, variables }) => {
      optimizer.dispose();
      for (const variable of variables) variable.dispose();
    },
  };
  expect(await failEach(`${name}, first step`, one)).toBeGreaterThan(3);
  await failEach(`${name}, second step`, {
    ...one,
    make: () => {
      const state = one.make();
      one.run(state);
      return state;
    },
  });
});

// ---- tensors, operations, the tape ---------------------------------------------------------------------------------

const f = (seed: number, ...shape: number[]) =>
  tensor(
    numbers(
      seed,
      shape.reduce((a, b) => a * b, 1),
    ),
    shape,
  );
const unit = (seed: number, ...shape: number[]) =>
  tensor(
    numbers(
      seed,
      shape.reduce((a, b) => a * b, 1),
    ).map((x) => 0.1 + Math.abs(x) * 0.8),
    shape,
  );

const OPERATIONS: Record<string, () => unknown> = {
  tensor: () =>
    tensor([
      [1, 2],
      [3, 4],
    ]),
  add: () => ops.add(f(1, 20, 3), f(2, 3)),
  square: () => ops.square(f(1, 20, 3)),
  matmul: () => ops.matmul(f(1, 20, 30), f(2, 30, 40)),
  "matmul of batches": () => ops.matmul(f(1, 2, 3, 4, 5), f(2, 3, 5, 2)),
  dense: () => ops.dense(f(1, 20, 30), f(2, 30, 4), f(3, 4)),
  einsumLike: () => ops.matmul(f(1, 3, 4), f(2, 5, 4), { transposeB: true }),
  conv2d: () => ops.conv2d(f(1, 2, 8, 8, 3), f(2, 3, 3, 3, 5), { padding: "same", bias: f(3, 5), activation: "relu" }),
  conv2dTranspose: () => ops.conv2dTranspose(f(1, 2, 4, 4, 3), f(2, 3, 3, 5, 3), { strides: 2 }),
  depthwiseConv2d: () => ops.depthwiseConv2d(f(1, 2, 6, 6, 3), f(2, 3, 3, 3, 1)),
  maxPool2d: () => ops.maxPool2d(f(1, 2, 6, 6, 3), 2),
  averagePool2d: () => ops.averagePool2d(f(1, 2, 6, 6, 3), 2),
  softmax: () => ops.softmax(f(1, 6, 5)),
  logSoftmax: () => ops.logSoftmax(f(1, 6, 5)),
  softmaxCrossEntropy: () => ops.softmaxCrossEntropy(unit(1, 6, 5), f(2, 6, 5)),
  sum: () => ops.sum(f(1, 6, 5), { axis: 1 }),
  max: () => ops.max(f(1, 6, 5), { axis: 0 }),
  prod: () => ops.prod(f(1, 6, 5), { axis: 0 }),
  variance: () => ops.variance(f(1, 6, 5), { axis: 0 }),
  argmax: () => ops.argmax(f(1, 6, 5), 1),
  topK: () => ops.topK(f(1, 6, 5), 2),
  concatenate: () => ops.concatenate([f(1, 6, 5), f(2, 6, 2)], 1),
  stack: () => ops.stack([f(1, 6, 5), f(2, 6, 5)]),
  split: () => ops.split(f(1, 6, 4), 2, 1),
  slice: () => ops.slice(f(1, 6, 5), [1, 1], [2, 3]),
  pad: () =>
    ops.pad(f(1, 6, 5), [
      [1, 1],
      [0, 2],
    ]),
  transpose: () => ops.transpose(f(1, 6, 5)),
  reshape: () => ops.reshape(f(1, 6, 5), [5, 6]),
  tile: () => ops.tile(f(1, 6, 5), [2, 1]),
  take: () => ops.take(f(1, 6, 5), [0, 3, 3]),
  oneHot: () => ops.oneHot([0, 2, 1], 4),
  dropout: () => ops.dropout(f(1, 6, 5), 0.4),
  batchNormalization: () => ops.batchNormalization(f(1, 6, 5), f(2, 5), f(3, 5)).output,
  layerNormalization: () => ops.layerNormalization(f(1, 6, 5), f(2, 5), f(3, 5)),
  keep: () => ops.keep(f(1, 6, 5)),
  normal: () => random.normal([300]),
  shuffleLike: () => random.uniform([30, 3]),
  schedule: () => new schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 100 }).at(3),
  Variable: () => new Variable(numbers(1, 40), { name: "v" }).array(),
};

it.each(Object.entries(OPERATIONS))("%s, its gradient, and both in tidy", async (name, run) => {
  const trial: Trial<unknown> = {
    make: () => setRandomSeed(3),
    run: () => values(run()),
    look: () => {
      const state = stream();
      setRandomSeed(3);
      return state;
    },
  };
  await failEach(name, trial);
  await failEach(`${name} in tidy`, { ...trial, run: () => tidy(() => values(run())) });
});

const taped = (result: unknown): Tensor<"float32"> => {
  const first = result instanceof Tensor ? result : (Object.values(result as object)[0] as Tensor);
  return ops.sum(ops.square(first as Tensor<"float32">));
};

it.each(
  Object.entries(OPERATIONS).filter(([name]) => !/tensor|arg|topK|oneHot|normal|Like|schedule|Variable/.test(name)),
)("the gradient of %s", async (name, run) => {
  await failEach(name, {
    make: () => 0,
    run: () => {
      // Several calls: what the first has drawn stays drawn when the second fails.
      setRandomSeed(3);
      const seen: Tensor<"float32">[] = [];
      const tape = new GradientTape();
      const loss = tape.run(() => {
        // The operands are recreated in each run: those of the first one are observed during their creation.
        const scale = new Variable(1, { name: "scale" });
        seen.push(scale as never);
        return ops.multiply(taped(run()), scale);
      });
      return values(tape.gradient(loss, seen));
    },
    look: () => 0,
  });
});

it.each([
  new initializers.Orthogonal({ seed: 1 }),
  new initializers.GlorotUniform({ seed: 1 }),
  new initializers.Zeros(),
])("initializer %#", async (initializer) => {
  await failEach("call", { make: () => 0, run: () => values(initializer.call([6, 4])), look: () => 0 });
});

// ---- layers, losses, metrics ---------------------------------------------------------------------------------------

const LAYERS: Record<string, [() => InstanceType<typeof layers.Layer>, number[]]> = {
  Dense: [() => new layers.Dense(4, { activation: "relu", name: "l" }), [3, 5]],
  Conv2D: [() => new layers.Conv2D(4, 3, { name: "l" }), [2, 6, 6, 3]],
  Conv2DTranspose: [() => new layers.Conv2DTranspose(4, 3, { name: "l" }), [2, 4, 4, 3]],
  DepthwiseConv2D: [() => new layers.DepthwiseConv2D(3, { name: "l" }), [2, 6, 6, 3]],
  Embedding: [() => new layers.Embedding(7, 4, { name: "l" }), [3, 0]],
  BatchNormalization: [() => new layers.BatchNormalization({ name: "l" }), [6, 5]],
  LayerNormalization: [() => new layers.LayerNormalization({ name: "l" }), [6, 5]],
  PReLU: [() => new layers.PReLU({ name: "l" }), [6, 5]],
  Dropout: [() => new layers.Dropout(0.5, { name: "l" }), [6, 5]],
  GaussianNoise: [() => new layers.GaussianNoise(0.5, { name: "l" }), [6, 5]],
  Flatten: [() => new layers.Flatten({ name: "l" }), [6, 5, 2]],
  MaxPooling2D: [() => new layers.MaxPooling2D({ name: "l" }), [2, 6, 6, 3]],
};

it.each(Object.entries(LAYERS))("layer %s: build and apply", async (name, [make, shape]) => {
  const x =
    shape.at(-1) === 0
      ? tensor(
          [
            [1, 2],
            [3, 0],
          ],
          [2, 2],
          "int32",
        )
      : f(1, ...shape);
  await failEach(name, {
    make: () => {
      setRandomSeed(3);
      return make();
    },
    run: (layer) => values(layer.apply(x, { training: true })),
    look: (layer) => {
      const seen = [
        layer.built,
        layer.getWeights().map(({ data }) => [...(data as Float32Array)]),
        layer.trainableWeights.length,
      ];
      return seen;
    },
  });
});

const LOSSES = [
  "mse",
  "mae",
  "binaryCrossentropy",
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
  "huber",
  "logCosh",
  "klDivergence",
  "cosineSimilarity",
  "hinge",
  "poisson",
  "dice",
];

function lossOf(loss: ReturnType<typeof losses.get>, y: Tensor, p: Tensor<"float32">): unknown {
  if (loss === null) return null;
  return typeof loss === "function" ? loss(y as never, p) : loss.call(y as never, p);
}

it.each(LOSSES)("loss %s", async (name) => {
  const y = name.startsWith("sparse") ? tensor([1, 0, 3, 2], [4], "int32") : unit(1, 4, 5);
  const p = unit(2, 4, 5);
  await failEach(name, {
    make: () => losses.get(name),
    run: (loss) => tidy(() => values(lossOf(loss, y, p))),
    look: () => 0,
  });
});

const METRICS: Record<string, () => InstanceType<typeof metrics.Metric>> = {
  Mean: () => new metrics.Mean(),
  MeanSquaredError: () => new metrics.MeanSquaredError(),
  RootMeanSquaredError: () => new metrics.RootMeanSquaredError(),
  BinaryAccuracy: () => new metrics.BinaryAccuracy(),
  CategoricalAccuracy: () => new metrics.CategoricalAccuracy(),
  AUC: () => new metrics.AUC(),
  Precision: () => new metrics.Precision(),
  Recall: () => new metrics.Recall(),
  F1Score: () => new metrics.F1Score(),
  R2Score: () => new metrics.R2Score(),
  BinaryCrossentropy: () => new metrics.BinaryCrossentropy(),
  CosineSimilarity: () => new metrics.CosineSimilarity(),
};

it.each(Object.entries(METRICS))("metric %s", async (name, make) => {
  const y = tensor([
    [1, 0, 0],
    [0, 1, 0],
  ]);
  const p = unit(2, 2, 3);
  await failEach(name, {
    make: () => {
      const metric = make();
      (metric as never as { updateState(...args: unknown[]): void }).updateState(...(name === "Mean" ? [p] : [y, p]));
      return metric;
    },
    run: (metric) => {
      (metric as never as { updateState(...args: unknown[]): void }).updateState(...(name === "Mean" ? [y] : [y, p]));
    },
    look: (metric) => metric.result(),
  });
});

// ---- models --------------------------------------------------------------------------------------------------------

function sequential(): Sequential {
  setRandomSeed(5);
  return new Sequential(
    [
      new layers.Dense(6, { activation: "relu", inputShape: [4], name: "a" }),
      new layers.BatchNormalization({ name: "b" }),
      new layers.Dropout(0.3, { name: "c" }),
      new layers.Dense(3, { activation: "softmax", name: "d" }),
    ],
    { name: "m" },
  );
}

function compiled(): Sequential {
  const model = sequential();
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

/** A model that has made `steps` steps, of which the second is recorded. */
function recording(steps: number): () => Sequential {
  return () => {
    const model = sequential();
    model.compile({
      optimizer: "adam",
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
      jitCompile: true,
    });
    // A step is done when the call returns; only its result waits.
    for (let step = 0; step < steps; step++) void model.trainOnBatch(X, Y);
    return model;
  };
}

const X = [
  [1, 2, 3, 4],
  [4, 3, 2, 1],
  [0, 1, 0, 1],
  [1, 1, 1, 1],
];
const Y = [0, 1, 2, 0];
const weightsOf = (model: Sequential | Model) => model.getWeights().map(({ data }) => [...(data as Float32Array)]);

const MODELS: Record<string, [() => Sequential, (model: Sequential) => unknown]> = {
  predict: [compiled, async (model) => values(await model.predict(X))],
  evaluate: [compiled, (model) => model.evaluate(X, Y, { verbose: 0 })],
  "fit of one step": [
    compiled,
    async (model) => (await model.fit(X, Y, { epochs: 1, batchSize: 4, shuffle: false, verbose: 0 })).history,
  ],
  trainOnBatch: [compiled, (model) => model.trainOnBatch(X, Y)],
  "trainOnBatch, recorded": [recording(1), (model) => model.trainOnBatch(X, Y)],
  "trainOnBatch, replayed": [recording(3), (model) => model.trainOnBatch(X, Y)],
  testOnBatch: [compiled, (model) => model.testOnBatch(X, Y)],
  apply: [compiled, (model) => values(model.apply(X, { training: true }))],
  "getWeights after updateBatchNormalization": [
    () => new Sequential([new layers.BatchNormalization({ inputShape: [4] })]),
    async (model) => {
      await updateBatchNormalization(model, X, { shuffle: false });
      return weightsOf(model);
    },
  ],
};

it.each(Object.entries(MODELS))("model.%s", async (name, [make, run]) => {
  await failEach(name, {
    make,
    run,
    look: (model) => [weightsOf(model), model.optimizer?.iterations, model.optimizer?.built, model.built],
  });
});

it("a model that is built, of JSON too", async () => {
  const json = sequential().toJSON();
  await failEach("building", { make: () => 0, run: () => weightsOf(sequential()), look: () => 0 });
  await failEach("modelFromJSON", {
    make: () => setRandomSeed(2),
    run: () => weightsOf(modelFromJSON(json) as Sequential),
    look: () => 0,
  });
  await failEach("functional", {
    make: () => {
      setRandomSeed(2);
      return new layers.Dense(3, { name: "d" });
    },
    run: (layer) => {
      const input = Input({ shape: [4] });
      return weightsOf(new Model({ inputs: input, outputs: layer.apply(input) }));
    },
    look: (layer) => layer.built,
  });
  await failEach("setWeights", {
    make: sequential,
    run: (model) => model.setWeights(model.getWeights().map(({ data }) => (data as Float32Array).map(() => 2))),
    look: weightsOf,
  });
});

it.each([1, 2, 3, 4])("call %i of a compiled function", async (calls) => {
  const make = () => {
    const [w, v] = [f(1, 6, 5), f(2, 5, 4)].map((values, i) => new Variable(values, { name: `w${i}` })) as [
      Variable,
      Variable,
    ];
    const optimizer = new SGD({ learningRate: 0.1, momentum: 0.9 });
    const step = compiledLoop((x: Tensor) => {
      const tape = new GradientTape();
      const loss = tape.run(() => ops.mean(ops.square(ops.matmul(ops.matmul(x, w), v))));
      const gradients = tape.gradient(loss, [w, v]);
      optimizer.apply(gradients, [w, v]);
      return [loss, ...gradients];
    });
    const x = f(3, 8, 6);
    for (let i = 1; i < calls; i++) step(x);
    return { w, v, optimizer, step, x };
  };
  const failed = await failEach(`call ${calls} of a compiled function`, {
    make,
    run: ({ step, x }) => values(step(x)),
    look: ({ w, v, optimizer }) => [values([w.array(), v.array()]), optimizer.iterations],
    dispose: ({ w, v, optimizer }) => {
      for (const made of [w, v, optimizer]) made.dispose();
    },
  });
  expect(failed).toBeGreaterThan(0);
});

it("a compiled function says that memory is full, and works again, where an update comes before", () => {
  const w = new Variable(f(1, 300, 300), { name: "w" });
  const optimizer = new SGD({ learningRate: 0.1 });
  const step = compiledLoop((x: Tensor<"float32">) => {
    optimizer.apply([x], [w]);
    return ops.sum(ops.matmul(w, w));
  });
  const x = f(2, 300, 300);
  for (let i = 0; i < 5; i++) step(x);
  whileFull(() => step(x));
  expect(step(x).item()).toBe(ops.sum(ops.matmul(w, w)).item());
});

it("recordings of steps are freed when memory is full", async () => {
  const model = new Sequential([new layers.Dense(4, { inputShape: [8] })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const step = () => model.trainOnBatch(f(1, 6, 8), f(2, 6, 4));
  for (let i = 0; i < 4; i++) await step();
  const replayed = replayedBy(model);
  expect(replayed).toBeGreaterThan(0);
  whileFull(() => new Variable(new Float32Array(2 ** 20)));
  await step();
  expect(replayedBy(model)).toBe(replayed);
});
