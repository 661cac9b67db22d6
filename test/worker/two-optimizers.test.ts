/** Optimizers in a model's fields move with it: into a worker, and to replicas and back. */

import * as gradstep from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { type CreateWorker, offload } from "gradstep/worker";
import { expect, it } from "vitest";
import { pairs, TWO_OPTIMIZERS } from "../support/two-optimizers.js";
import { workerOf } from "./platform.js";
import { bits, y as labels, x as numbers } from "./training.js";

type Two = gradstep.Model & Record<"headOptimizer" | "bodyOptimizer", gradstep.Optimizer>;

const classes = pairs(gradstep);
const y = Array.from(labels, (label) => [label]);
const x = y.map((_, i) => [...numbers.slice(i * 6, i * 6 + 6)]);
const options = { batchSize: 12, shuffle: false, verbose: 0 } as const;

const createWorker: CreateWorker = (url) =>
  workerOf(`
    import * as gradstep from ${JSON.stringify(new URL("../index.js", url).href)};
    import { expose } from ${JSON.stringify(new URL("./index.js", url).href)};
    ${TWO_OPTIMIZERS}; expose({ customObjects });`);

function compiled(kind: "Pair" | "Fixed", others: object = {}): Two {
  gradstep.setRandomSeed(7);
  const model = new (classes[kind] as new () => Two)();
  model.build([null, 6]);
  const headOptimizer = new gradstep.Adam(0.02);
  const bodyOptimizer = new gradstep.SGD({ learningRate: 0.05, momentum: 0.9 });
  model.compile({ headOptimizer, bodyOptimizer, ...others } as never);
  return model;
}

it("an optimizer of all weights continues in a worker where some were frozen since", async () => {
  gradstep.setRandomSeed(8);
  const model = new gradstep.Sequential([
    new gradstep.layers.Dense(4, { activation: "tanh", inputShape: [6] }),
    new gradstep.layers.Dense(1),
  ]);
  model.compile({ optimizer: "adam", loss: "mse" });
  await model.fit(x, y, { ...options, epochs: 2 });
  model.layers[0]!.trainable = false;
  const remote = await offload(model);
  const there = await remote.fit(x, y, { ...options, epochs: 2 });
  const here = await model.fit(x, y, { ...options, epochs: 2 });
  expect([there.history, bits(await remote.getWeights())]).toEqual([here.history, bits(model.getWeights())]);
  await remote.dispose();
});

it.each(["Pair", "Fixed"] as const)("%s continues in a worker with the same bits", async (kind) => {
  const model = compiled(kind);
  await model.fit(x, y, { ...options, epochs: 2 });
  const remote = await offload(model, { createWorker });
  const there = await remote.fit(x, y, { ...options, epochs: 2 });
  const here = await model.fit(x, y, { ...options, epochs: 2 });
  expect([there.history, bits(await remote.getWeights())]).toEqual([here.history, bits(model.getWeights())]);
  await remote.dispose();
});

it.each(["Pair", "Fixed"] as const)(
  "%s trains on replicas, and the states of its optimizers come back",
  async (kind) => {
    const strategy = new MirroredStrategy({ replicas: 2, createWorker });
    const run = async (distribute: MirroredStrategy | null) => {
      const model = compiled(kind, { distribute });
      // Twice: the second run continues with the returned state.
      for (let i = 0; i < 2; i++) await model.fit(x, y, { ...options, epochs: 2 });
      const { headOptimizer, bodyOptimizer } = model;
      return [model, headOptimizer, bodyOptimizer].flatMap((one) => one.getWeights().flatMap(({ data }) => [...data]));
    };
    const [alone, together] = [await run(null), await run(strategy)];
    expect(together.length).toBe(alone.length);
    together.forEach((value, i) => {
      expect(value).toBeCloseTo(alone[i] as number, 4);
    });
    await strategy.close();
  },
);
