/**
 * Runs of one model at the same time: each has its own loss and metrics.
 */

import { describe, expect, it } from "vitest";
import { layers, metrics, Sequential, SGD } from "../../ts/index.js";

/** y = w x, from w = 0. */
function linear(rate = 0, options: object = {}) {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer: new SGD({ learningRate: rate }), loss: "mse", ...options });
  return model;
}

const QUIET = { verbose: 0, batchSize: 1, shuffle: false } as const;
const ones = [[1], [1], [1], [1]];

/** Counts samples. Its state is its own. */
class Counter extends metrics.Metric {
  #count = 0;
  override updateState(yTrue: never) {
    this.#count += metrics.numbersOf(this.name, yTrue).data.length;
  }
  override result() {
    return this.#count;
  }
  override resetState() {
    this.#count = 0;
  }
}

/** A counter that cannot be made without knowing by what it counts. */
class StepCounter extends metrics.Metric {
  #count = 0;
  readonly #by: number;
  constructor(by: number) {
    super({ name: "steps" });
    this.#by = by;
  }
  override updateState() {
    this.#count += this.#by;
  }
  override result() {
    return this.#count;
  }
  override resetState() {
    this.#count = 0;
  }
}

describe("evaluate", () => {
  it("at the same time", async () => {
    const model = linear(0, { metrics: ["mae"] });
    // Errors are 1 and 10: 1 and 100 squared.
    const calls = [1, 10].map((y) => model.evaluate([[1], [1]], [[y], [y]], { verbose: 0, batchSize: 1 }));
    expect(await Promise.all(calls)).toEqual([
      [1, 1],
      [100, 10],
    ]);
  });

  it("of two models with one metric", async () => {
    const shared = new metrics.MeanAbsoluteError();
    const models = [linear(0, { metrics: [shared] }), linear(0, { metrics: [shared] })];
    async function* batches(y: number) {
      for (let i = 0; i < 3; i++) yield [[[1]], [[y]]] as const;
    }
    const calls = models.map((model, i) => model.evaluate(() => batches(i + 2), undefined, { verbose: 0 }));
    expect(await Promise.all(calls)).toEqual([
      [4, 2],
      [9, 3],
    ]);
  });

  it.each([
    ["a name", () => "mae", 5],
    ["a function", () => (yTrue: never, yPred: never) => [Math.abs(at(yTrue) - at(yPred))], 5],
    ["a class with private state", () => new Counter(), 1],
  ])("in a callback of fit, with %s as metric", async (_, metric, expected) => {
    const model = linear(0, { metrics: [metric()] });
    const seen: unknown[] = [];
    const { history } = await model.fit(ones, ones, {
      ...QUIET,
      callbacks: [{ onTrainBatchEnd: async () => void seen.push(await model.evaluate([[1]], [[5]], { verbose: 0 })) }],
    });
    expect(history.loss).toEqual([1]);
    expect(seen).toEqual(new Array(4).fill([25, expected]));
    const [own] = Object.entries(history).filter(([name]) => name !== "loss");
    expect(own?.[1]).toEqual([metric() instanceof Counter ? 4 : 1]);
  });

  it("from outside, while fit waits for batches", async () => {
    const model = linear(0, { metrics: ["mae"] });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* batches() {
      yield [[[1]], [[1]]] as const;
      await held;
      yield [[[1]], [[3]]] as const;
    }
    const fitting = model.fit(batches(), undefined, { verbose: 0 });
    expect(await model.evaluate([[1]], [[10]], { verbose: 0 })).toEqual([100, 10]);
    expect(await model.testOnBatch([[1]], [[4]])).toEqual([16, 4]);
    release();
    expect((await fitting).history).toEqual({ loss: [5], mae: [2] });
  });

  it("leaves its numbers in the metrics that compile was given", async () => {
    const metric = new metrics.MeanAbsoluteError();
    const model = linear(0, { metrics: [metric] });
    await model.evaluate([[1]], [[7]], { verbose: 0 });
    expect(metric.result()).toBe(7);
    // As in Keras, validation comes last.
    await model.fit(ones, ones, { ...QUIET, validationData: [[[1]], [[3]]] });
    expect(metric.result()).toBe(3);
    // Keras's order: the mean loss first.
    expect(model.metrics.map(({ name }) => name)).toEqual(["loss", metric.name]);
    expect(model.metrics[1]).toBe(metric);
  });

  it("after one that failed, and beside one that never ends", async () => {
    const metric = new metrics.MeanAbsoluteError();
    const model = linear(0, { metrics: [metric] });
    async function* broken() {
      yield [[[1]], [[9]]] as const;
      throw new Error("no more");
    }
    await expect(model.evaluate(broken(), undefined, { verbose: 0 })).rejects.toThrow(
      expect.objectContaining({ name: "Error", message: "no more" }),
    );
    async function* endless() {
      yield [[[1]], [[9]]] as const;
      await new Promise(() => {});
    }
    model.evaluate(endless(), undefined, { verbose: 0 });
    expect(await model.evaluate([[1]], [[2]], { verbose: 0 })).toEqual([4, 2]);
  });

  it("refuses a metric that it cannot make a second one of", async () => {
    const model = linear(0, { metrics: [new StepCounter(2)] });
    const inside = { onTrainBatchEnd: async () => void (await model.evaluate(ones, ones, { verbose: 0 })) };
    await expect(model.fit(ones, ones, { ...QUIET, callbacks: [inside] })).rejects.toMatchObject({
      code: "ERR_NOT_IMPLEMENTED",
    });
    expect(await model.evaluate(ones, ones, { verbose: 0, batchSize: 2 })).toEqual([1, 4]);
  });
});

function at(value: { readonly value: Float32Array }): number {
  return value.value[0] as number;
}

describe("fresh", () => {
  it.each([
    new metrics.Recall({ thresholds: [0.2, 0.7], name: "r" }),
    new metrics.MeanIoU({ numClasses: 3 }),
    new metrics.AUC({ numThresholds: 10 }),
    new metrics.MeanMetricWrapper(() => [1], { name: "one" }),
    new metrics.FBetaScore({ beta: 2 }),
  ])("$name", (metric) => {
    const other = metric.fresh();
    expect(other).not.toBe(metric);
    expect(other.constructor).toBe(metric.constructor);
    expect(other.name).toBe(metric.name);
    if (!(metric instanceof metrics.MeanMetricWrapper)) expect(other.getConfig()).toEqual(metric.getConfig());
  });
});
