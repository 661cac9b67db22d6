/**
 * Training steps that a model overrides. Numbers named "Keras" come from Keras 3.15.1 on JAX, with the same overrides
 * in Python.
 *
 * Over 300 lines: the overrides of one class, and their effects.
 *
 * @module
 */

import { expect, test } from "vitest";
import {
  GradientTape,
  Input,
  type LossArguments,
  layers,
  losses,
  type MetricsArguments,
  Model,
  memoryUse,
  metrics,
  modelFromJSON,
  ops,
  Sequential,
  SGD,
  type StepData,
  type StepLogs,
  stringify,
  type Tensor,
  tensor,
} from "../../../ts/index.js";

const X = Array.from({ length: 10 }, (_, i) => [i / 10, i % 3]);
const Y = Array.from({ length: 10 }, (_, i) => [i + 0.5]);
const FIT = { epochs: 2, batchSize: 4, shuffle: false, verbose: 0, validationSplit: 0.2 } as const;

function compiled<M extends Sequential>(made: new (layers: layers.Layer[]) => M, options: object = {}): M {
  const model = new made([new layers.Dense(1, { kernelInitializer: "ones", inputShape: [2] })]);
  model.compile({ optimizer: new SGD(0.01), loss: "mse", metrics: ["mse"], ...options });
  return model;
}

/** The first step of Keras's guide. */
class Guide extends Sequential {
  override trainStep([x, y, sampleWeight]: StepData<Tensor, Tensor>): StepLogs {
    const tape = new GradientTape();
    let yPred!: Tensor;
    const loss = tape.run(() => {
      yPred = this.apply(x, { training: true });
      return this.computeLoss({ y, yPred, sampleWeight });
    });
    this.optimizer?.apply(tape.gradient(loss, this.trainableWeights), this.trainableWeights);
    for (const metric of this.metrics) {
      if (metric.name === "loss") (metric as metrics.Mean).updateState(loss, x.shape[0] as number);
      else metric.updateState(y, yPred);
    }
    return Object.fromEntries(this.metrics.map((metric) => [metric.name, metric.result()]));
  }
}

class Overridden extends Sequential {
  override computeLoss({ y, yPred, training }: LossArguments<Tensor, Tensor>) {
    return ops.add(ops.mean(ops.abs(ops.subtract(yPred as Tensor, y as Tensor))), training ? 0.5 : 0.25);
  }

  override computeMetrics(given: MetricsArguments): StepLogs {
    return { ...super.computeMetrics(given), zero: 0 };
  }
}

const KERAS = {
  loss: [3.2658374309539795, 3.2280750274658203],
  mse: [12.148866653442383, 11.950796127319336],
  val_loss: [7.356550216674805, 7.313100337982178],
  val_mse: [52.655582427978516, 52.09053039550781],
  val_zero: [0, 0],
  zero: [0, 0],
};

function near(found: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, readonly number[]>>): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, values] of Object.entries(wanted)) {
    (found[name] as number[]).forEach((value, i) => {
      expect(Math.abs(value - (values[i] as number)), name).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
    });
  }
}

test("computeLoss and computeMetrics: numbers, names and order of Keras", async () => {
  const model = compiled(Overridden);
  const batches: unknown[] = [];
  const { history } = await model.fit(X, Y, {
    ...FIT,
    callbacks: [{ onTrainBatchEnd: (batch, logs) => void batches.push([batch, Object.keys(logs)]) }],
  });
  near(history, KERAS);
  const names = ["loss", "mse", "zero"];
  expect(batches).toEqual([0, 1, 0, 1].map((batch) => [batch, names]));
  near({ all: await model.evaluate(X, Y) }, { all: [3.822200059890747, 19.882471084594727, 0] });
  near({ all: await model.trainOnBatch(X, Y) }, { all: [4.072200298309326, 19.882471084594727, 0] });
  near(
    { w: Array.from(model.getWeights().flatMap(({ data }) => Array.from(data))) },
    { w: [1.0184999704360962, 1.0440000295639038, 0.05000000074505806] },
  );
  expect(model.metrics.map(({ name }) => name)).toEqual(["loss", "mse"]);
  expect(Object.keys(model.getMetricsResult())).toEqual(["loss", "mse"]);
});

test("by options of compile: the same", async () => {
  const model = compiled(Sequential, {
    computeLoss: ({ y, yPred, training }: LossArguments<Tensor, Tensor>) =>
      ops.add(ops.mean(ops.abs(ops.subtract(yPred as Tensor, y as Tensor))), training ? 0.5 : 0.25),
    computeMetrics: (given: MetricsArguments, own: Sequential) => ({ ...own.computeMetrics(given), zero: 0 }),
  });
  near((await model.fit(X, Y, FIT)).history, KERAS);
});

test.each(["unweighted", "sampleWeight", "classWeight"])("the guide's step is the built-in one: %s", async (kind) => {
  const given =
    kind === "sampleWeight"
      ? { sampleWeight: Float32Array.from(Y, (_, i) => 1 + i / 3) }
      : kind === "classWeight"
        ? { classWeight: { 2: 3, 4: 0.5 } }
        : {};
  const [own, builtIn] = [compiled(Guide), compiled(Sequential)];
  const histories = [await own.fit(X, Y, { ...FIT, ...given }), await builtIn.fit(X, Y, { ...FIT, ...given })];
  expect(histories[0]?.history).toEqual(histories[1]?.history);
  expect(own.getWeights()).toEqual(builtIn.getWeights());
  expect(own.getMetricsResult()).toEqual(builtIn.getMetricsResult());
});

test("super.trainStep is the built-in step, with dropout, batch normalization and penalties", async () => {
  class Counted extends Sequential {
    steps = 0;
    override trainStep(data: StepData) {
      this.steps++;
      return super.trainStep(data);
    }
    override testStep(data: StepData) {
      return super.testStep(data);
    }
    override predictStep(data: StepData) {
      return super.predictStep(data);
    }
  }
  const results = [];
  for (const made of [Counted, Sequential]) {
    const model = new made([
      new layers.Dense(4, { kernelInitializer: "ones", kernelRegularizer: "l2", inputShape: [2] }),
      new layers.BatchNormalization(),
      new layers.Dropout(0.5, { seed: 3 }),
      new layers.Dense(1, { kernelInitializer: "ones" }),
    ]);
    model.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
    const { history } = await model.fit(X, Y, FIT);
    results.push({ history, weights: model.getWeights(), predicted: (await model.predict(X)).array() });
    if (model instanceof Counted) expect(model.steps).toBe(4);
  }
  expect(results[0]).toEqual(results[1]);
});

test("data: fit(x) alone, weights, several inputs and outputs, batches, names", async () => {
  const seen: unknown[] = [];
  const shapes = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shapes)
      : value !== undefined && (value as Tensor).shape === undefined
        ? Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, shapes(one)]))
        : (value as Tensor | undefined)?.shape;
  class Seeing extends Model {
    override trainStep(data: StepData) {
      seen.push(data.map(shapes));
      return { loss: 0 };
    }
  }
  const model = new Seeing();
  model.compile();
  await model.fit(tensor([[1, 2]]), { verbose: 0 });
  await model.fit(X, Y, { batchSize: 10, verbose: 0, sampleWeight: Y.map(() => 1) });
  await model.fit([[[[1, 2]]], [[[1, 2]], [[1]], [1]]], { verbose: 0 });
  await model.fit(
    {
      anchor: [[1], [2]],
      positive: [
        [1, 2],
        [3, 4],
      ],
    } as never,
    { verbose: 0 },
  );
  expect(seen).toEqual([
    [[1, 2], undefined, undefined],
    [[10, 2], [10, 1], [10]],
    [[1, 2], undefined, undefined],
    [[1, 2], [1, 1], [1]],
    [{ anchor: [2, 1], positive: [2, 2] }, undefined, undefined],
  ]);
});

test("logs of other names than the metrics are those of the last step; a loss that no metric has seen is not zero", async () => {
  let step = 0;
  const model = compiled(Sequential, { metrics: [], trainStep: () => ({ loss: ++step, other: ops.ones([1]) }) });
  expect((await model.fit(X, Y, { ...FIT, validationSplit: 0 })).history).toEqual({ loss: [3, 6], other: [1, 1] });
  const alone = compiled(Sequential, { metrics: [], trainStep: () => ({ loss: 7 }) });
  expect((await alone.fit(X, Y, { ...FIT, validationSplit: 0 })).history).toEqual({ loss: [7, 7] });
});

test("metrics in fields and of addMetric are reset and reported", async () => {
  class Measured extends Model {
    norm = new metrics.Mean({ name: "norm" });
    inner = new layers.Dense(1, { kernelInitializer: "ones" });
    override call(x: Tensor) {
      this.norm.updateState(ops.mean(x));
      return this.inner.apply(x);
    }
  }
  const model = new Measured();
  const sum = model.addMetric(new metrics.Sum({ name: "sum" }));
  expect(model.addMetric(sum)).toBe(sum);
  model.compile({ optimizer: "sgd", loss: "mse", metrics: ["mae"] });
  const { history } = await model.fit(X, Y, { ...FIT, validationSplit: 0 });
  expect(Object.keys(history)).toEqual(["loss", "mae", "norm", "sum"]);
  // The means of the batches: all epochs alike.
  expect(history.norm?.[0]).toBeCloseTo(history.norm?.[1] as number, 6);
  expect(model.metrics.map(({ name }) => name)).toEqual(["loss", "mae", "sum", "norm"]);
  model.resetMetrics();
  expect(model.getMetricsResult()).toEqual({ loss: 0, mae: 0, norm: 0, sum: 0 });
});

test("predictStep, predictOnBatch, stepsPerExecution", async () => {
  const model = compiled(Sequential, {
    stepsPerExecution: 2,
    predictStep: ([x]: StepData, own: Sequential) => ops.multiply(own.apply(x), 2),
  });
  const plain = compiled(Sequential);
  const twice = (await plain.predict(X)).array().map((value) => 2 * value);
  expect((await model.predict(X, { batchSize: 3 })).array()).toEqual(twice);
  expect((await model.predictOnBatch(X)).array()).toEqual(twice);
  expect((await plain.predictOnBatch(X)).array()).toEqual((await plain.predict(X)).array());
  const hooks: unknown[] = [];
  await model.fit(X, Y, {
    batchSize: 2,
    verbose: 0,
    callbacks: [
      {
        onTrainBatchBegin: (batch) => void hooks.push(["begin", batch]),
        onTrainBatchEnd: (batch) => void hooks.push(batch),
      },
    ],
  });
  // Keras's.
  expect(hooks).toEqual([["begin", 0], 1, ["begin", 2], 3, ["begin", 4], 5]);
});

test.each([
  ["a promise", () => Promise.reject(new Error("late"))],
  ["an async function", async () => ({ loss: 1 })],
  ["nothing", () => undefined],
  ["a number", () => 3],
  ["a list", () => [1]],
  ["a map", () => new Map()],
  ["a metric", () => ({ loss: new metrics.Mean() })],
  ["text", () => ({ loss: "1" })],
  ["a matrix", () => ({ loss: ops.ones([2, 2]) })],
])("a step that returns %s is refused", async (_, step) => {
  const model = compiled(Sequential, { trainStep: step });
  await expect(model.fit(X, Y, FIT)).rejects.toThrow(expect.objectContaining({ code: "ERR_OPTION_TYPE" }));
  await expect(model.trainOnBatch(X, Y)).rejects.toThrow(expect.objectContaining({ code: "ERR_OPTION_TYPE" }));
});

test("a step that throws midway: its error, and the model trains on", async () => {
  let isBroken = true;
  class Fragile extends Guide {
    override trainStep(data: StepData<Tensor, Tensor>) {
      this.layers[1]?.apply(ops.ones([4, 1]), { training: true });
      if (isBroken) throw new RangeError("midway");
      return super.trainStep(data);
    }
  }
  const made = (broken: boolean) => {
    isBroken = broken;
    const model = new Fragile([
      new layers.Dense(1, { kernelInitializer: "ones", inputShape: [2] }),
      new layers.BatchNormalization(),
      new layers.Dropout(0.5, { seed: 1 }),
    ]);
    model.compile({ optimizer: "adam", loss: "mse" });
    return model;
  };
  const [model, never] = [made(true), made(true)];
  const before = model.getWeights();
  await expect(model.fit(X, Y, FIT)).rejects.toThrow(new RangeError("midway"));
  expect(model.getWeights()).toEqual(before);
  isBroken = false;
  expect((await model.fit(X, Y, FIT)).history).toEqual((await never.fit(X, Y, FIT)).history);
});

test("temporaries are freed: a thousand steps take the memory of ten", async () => {
  const model = compiled(Guide);
  const rows = new Float32Array(2 * 4000);
  const train = (epochs: number) => model.fit(rows, new Float32Array(4000), { epochs, batchSize: 400, verbose: 0 });
  await train(1);
  const before = memoryUse().inUse;
  await train(100);
  expect(memoryUse().inUse - before).toBeLessThan(64 * 1024);
});

test("abort, and stopTraining from a callback", async () => {
  const model = compiled(Guide);
  const abort = new AbortController();
  const stop = { onTrainBatchEnd: () => abort.abort(new Error("enough")) };
  await expect(model.fit(X, Y, { ...FIT, signal: abort.signal, callbacks: [stop] })).rejects.toThrow("enough");
  const { history } = await model.fit(X, Y, {
    ...FIT,
    epochs: 9,
    callbacks: [
      {
        onEpochEnd(epoch) {
          model.stopTraining = epoch === 1;
        },
      },
    ],
  });
  expect(history.loss).toHaveLength(2);
});

test("a model without labels or call: its own optimizers and metrics", async () => {
  class Pull extends Model {
    readonly body = new layers.Dense(1, { kernelInitializer: "ones", useBias: false });
    first = new SGD(0.1);
    distance = new metrics.Mean({ name: "distance" });
    readonly loss = new losses.MeanSquaredError();
    override get metrics() {
      return [this.distance];
    }
    override trainStep([x]: StepData) {
      const tape = new GradientTape();
      const loss = tape.run(() => this.loss.apply(ops.zeros([x.shape[0] as number, 1]), this.body.apply(x)));
      this.first.apply(tape.gradient(loss, this.body.trainableWeights), this.body.trainableWeights);
      this.distance.updateState(loss);
      return { distance: this.distance.result() };
    }
  }
  const model = new Pull();
  model.compile();
  const { history } = await model.fit([[1], [1]], { epochs: 3, batchSize: 1, verbose: 0 });
  // w -> 0.8 w: 1, 0.64, 0.4096, ...
  const squares = [1, 0.64, 0.4096, 0.262144, 0.16777216, 0.1073741824];
  near(history, { distance: [0, 1, 2].map((i) => ((squares[2 * i] as number) + (squares[2 * i + 1] as number)) / 2) });
});

test("JSON keeps the class of a model with custom steps", async () => {
  class Doubled extends Sequential {
    override trainStep(data: StepData): StepLogs {
      return { ...super.trainStep(data), doubled: 2 };
    }
  }
  class Graphed extends Model {
    override computeLoss(given: LossArguments) {
      return ops.multiply(super.computeLoss(given), 2);
    }
  }
  const input = Input({ shape: [2] });
  const graphed = new Graphed(input, new layers.Dense(1, { kernelInitializer: "ones" }).apply(input));
  graphed.compile({ optimizer: "sgd", loss: "mse", metrics: ["mse"] });
  for (const model of [compiled(Doubled), graphed]) {
    const json = stringify(model);
    const copy = modelFromJSON(json, { Doubled, Graphed });
    expect(copy.constructor).toBe(model.constructor);
    copy.setWeights(model.getWeights());
    expect((await copy.fit(X, Y, FIT)).history).toEqual((await model.fit(X, Y, FIT)).history);
    expect(() => modelFromJSON(json)).toThrow(expect.objectContaining({ code: "ERR_CONFIG_UNKNOWN_CLASS" }));
  }
  class Plain extends Sequential {}
  expect(compiled(Plain).toJSON()).toMatchObject({ class_name: "Sequential" });
});
