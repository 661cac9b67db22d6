/** Custom training steps in workers and on replicas, by a script that exposes the model's class. */

import type { Sequential } from "gradstep";
import * as gradstep from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { type CreateWorker, connect, offload } from "gradstep/worker";
import { afterAll, describe, expect, it } from "vitest";
import { workerOf } from "./platform.js";
import { bits, y as labels, x } from "./training.js";

/** The classes' source: the worker's script and this thread have the same. */
const SOURCE = `
const { GradientTape, layers, losses, metrics, ops, Sequential, SGD } = gradstep;
/** Every step by hand, and the metrics of compile. */
class Stepping extends Sequential {
  trainStep([x, y, sampleWeight]) {
    const tape = new GradientTape();
    let yPred;
    const loss = tape.run(() => {
      yPred = this.apply(x, { training: true });
      return this.computeLoss({ x, y, yPred, sampleWeight, training: true });
    });
    this.optimizer.apply(tape.gradient(loss, this.trainableWeights), this.trainableWeights);
    return { ...this.computeMetrics({ x, y, yPred, sampleWeight }), loss };
  }
  testStep([x, y]) {
    return { loss: this.computeLoss({ x, y, yPred: this.apply(x), training: false }), tested: 1 };
  }
  predictStep([x]) { return ops.multiply(this.apply(x), 2); }
}
/** Another loss in the default steps. */
class Losing extends Sequential {
  computeLoss({ y, yPred }) { return ops.mean(ops.abs(ops.subtract(y, yPred))); }
}
/** A sum in a field, and moderate steps. */
class Summing extends Sequential {
  sum = new losses.MeanSquaredError({ reduction: "sum" });
  trainStep([x, y]) {
    const tape = new GradientTape();
    const loss = tape.run(() => this.sum.apply(y, this.apply(x, { training: true })));
    new SGD(0.001).apply(tape.gradient(loss, this.trainableWeights), this.trainableWeights);
    return { loss };
  }
}
/** A metric of addMetric, which a step updates, and one in a field. */
class Measuring extends Sequential {
  constructor(...given) {
    super(...given);
    this.size = this.addMetric(new metrics.Mean({ name: "size" }));
    this.largest = new metrics.Mean({ name: "largest" });
  }
  computeMetrics(given) {
    this.size.updateState(ops.abs(given.yPred));
    this.largest.updateState(ops.max(given.yPred, { axis: -1 }));
    return super.computeMetrics(given);
  }
}
function stepped([x, y], model) {
  const tape = new GradientTape();
  const loss = tape.run(() => ops.mean(ops.abs(ops.subtract(model.apply(x, { training: true }), y))));
  model.optimizer.apply(tape.gradient(loss, model.trainableWeights), model.trainableWeights);
  return { loss, twice: ops.multiply(loss, 2) };
}
function failing() { throw new RangeError("midway"); }
const customObjects = { Stepping, Losing, Measuring, Summing, stepped, failing };
`;

const customObjects = new Function("gradstep", `${SOURCE}; return customObjects;`)(gradstep) as Record<string, never>;

const script =
  (code = "expose({ customObjects });"): CreateWorker =>
  (url) =>
    workerOf(`
      import * as gradstep from ${JSON.stringify(new URL("../index.js", url).href)};
      import { expose } from ${JSON.stringify(new URL("./index.js", url).href)};
      ${SOURCE}${code}`);

/** A column, as the outputs. */
const y = Array.from(labels, (label) => [label]);
const KINDS = ["Stepping", "Losing", "Measuring", "stepped"];
const FIT = { epochs: 2, batchSize: 25, validationSplit: 0.25, verbose: 0 } as const;

/** A model of this class, or with this step as an option. */
function compiled(kind: string, options: object = {}): Sequential {
  gradstep.setRandomSeed(4);
  const { layers } = gradstep;
  const isStep = /^[a-z]/.test(kind);
  const made = (isStep ? gradstep.Sequential : customObjects[kind]) as unknown as new (
    layers: gradstep.layers.Layer[],
  ) => Sequential;
  const model = new made([
    new layers.Dense(3, { inputShape: [6], activation: "tanh" }),
    new layers.Dropout(0.25),
    new layers.Dense(1),
  ]);
  const step = isStep ? { trainStep: customObjects[kind] } : {};
  model.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"], ...step, ...options });
  return model;
}

describe("in a worker", () => {
  it.each(KINDS)("%s has the numbers of a local fit", async (kind) => {
    const local = compiled(kind);
    const remote = await offload(compiled(kind), { createWorker: script() });
    for (let run = 0; run < 2; run++) {
      const { history } = await local.fit(x, y, FIT);
      expect((await remote.fit(x, y, FIT)).history).toEqual(history);
    }
    expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
    const asked = { returnDict: true } as const;
    expect(await remote.evaluate(x, y, asked)).toEqual(await local.evaluate(x, y, asked));
    expect(await remote.trainOnBatch(x, y, asked)).toEqual(await local.trainOnBatch(x, y, asked));
    expect(await remote.testOnBatch(x, y, asked)).toEqual(await local.testOnBatch(x, y, asked));
    expect((await remote.predict(x)).array()).toEqual((await local.predict(x)).array());
    expect((await remote.predictOnBatch(x)).array()).toEqual((await local.predictOnBatch(x)).array());
    await remote.dispose();
  });

  it("a model that the script makes trains by its class's steps", async () => {
    const local = compiled("Stepping");
    const json = JSON.stringify(local);
    const remote = await connect(
      script(`expose({ model: gradstep.modelFromJSON(${JSON.stringify(json)}, customObjects) });`),
    );
    await remote.setWeights(local.getWeights());
    const still = { ...FIT, shuffle: false };
    const names = Object.keys((await remote.fit(x, y, still)).history);
    expect(names).toEqual(Object.keys((await local.fit(x, y, still)).history));
    await remote.dispose();
  });

  it("an error thrown by a step reaches the caller, and the worker continues", async () => {
    const remote = await offload(compiled("failing"), { createWorker: script() });
    await expect(remote.fit(x, y, FIT)).rejects.toMatchObject({ name: "RangeError", message: "midway" });
    expect((await remote.predict(x)).shape).toEqual([96, 1]);
    await remote.dispose();
  });

  it.each(KINDS)("without such a script, %s is refused by name", async (kind) => {
    await expect(offload(compiled(kind))).rejects.toMatchObject({
      code: "ERR_CONFIG_UNKNOWN_CLASS",
      message: expect.stringContaining("expose({ customObjects })"),
    });
  });
});

describe("on two replicas", () => {
  const strategy = new MirroredStrategy({ replicas: 2, createWorker: script(), verify: true });
  afterAll(() => strategy.close());

  const runs = [...KINDS.map((kind) => [kind, "mse"]), ["Stepping", "a sum"], ["Summing", "mse"]];
  it.each(runs)("%s by %s trains as on one, twice with the same bits", async (kind, name) => {
    const run = async (distribute: MirroredStrategy | null) => {
      const summed = {
        loss: new gradstep.losses.MeanSquaredError({ reduction: "sum" }),
        optimizer: new gradstep.SGD(0.001),
      };
      const model = compiled(kind, { distribute, ...(name === "a sum" ? summed : {}) });
      const { history } = await model.fit(x, y, FIT);
      return {
        history,
        weights: bits(model.getWeights()),
        numbers: model.getWeights().flatMap(({ data }) => [...data]),
      };
    };
    const [alone, first, second] = [await run(null), await run(strategy), await run(strategy)];
    expect(second).toEqual(first);
    first.numbers.forEach((value, i) => {
      expect(value).toBeCloseTo(alone.numbers[i] as number, 5);
    });
    expect(Object.keys(first.history)).toEqual(Object.keys(alone.history));
    for (const [name, values] of Object.entries(alone.history)) {
      values.forEach((value, epoch) => {
        expect((first.history[name]?.[epoch] as number) / (value as number), name).toBeCloseTo(1, 5);
      });
    }
  });

  it("an error thrown by a step on replicas reaches the caller, and the strategy continues", async () => {
    await expect(compiled("failing", { distribute: strategy }).fit(x, y, FIT)).rejects.toMatchObject({
      message: expect.stringContaining("midway"),
    });
    await compiled("Stepping", { distribute: strategy }).fit(x, y, FIT);
  });

  it("fewer workers than replicas are refused", async () => {
    const few = new MirroredStrategy({ replicas: 2, workers: 1, createWorker: script() });
    await expect(compiled("Stepping", { distribute: few }).fit(x, y, FIT)).rejects.toMatchObject({
      code: "ERR_OPTION_RANGE",
      message: expect.stringContaining("a custom step needs a worker for each replica"),
    });
    await few.close();
  });
});
