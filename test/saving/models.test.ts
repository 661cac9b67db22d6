/** Whole models go into a file and come back: architecture, weights, compile, optimizer state. */

import { expect, it } from "vitest";
import { Adam, Input, LossScaleOptimizer, layers, Model, Nadam, Sequential } from "../../ts/index.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";

const x = [
  [1, 2, 3],
  [0, -1, 1],
];
const y = [[1], [0]];

function nested(): Model {
  const inner = new Sequential([new layers.Dense(3, { inputShape: [3] }), new layers.BatchNormalization()]);
  const input = Input({ shape: [3] });
  const shared = new layers.Dense(3, { activation: "tanh" });
  const once = shared.apply(inner.apply(input));
  return new Model({ inputs: input, outputs: new layers.Dense(1).apply(shared.apply(once)) });
}

it.each([
  ["Sequential", () => new Sequential([new layers.Dense(4, { inputShape: [3] }), new layers.Dense(1)])],
  ["nested, with a shared layer", nested],
])("%s: what is loaded trains on to the same bits", async (_, make) => {
  const model = make();
  model.compile({
    optimizer: new LossScaleOptimizer(new Adam({ learningRate: 0.1, useEma: true })),
    loss: "mse",
    metrics: ["mae"],
  });
  await model.fit(x, y, { epochs: 3, verbose: 0 });
  const again = await loadModel(await saveModel(model, { format: "keras" }), { format: "keras" });
  expect(again.getWeights()).toEqual(model.getWeights());
  expect(again.optimizer?.getWeights()).toEqual(model.optimizer?.getWeights());
  const scores = [await model.trainOnBatch(x, y), await again.trainOnBatch(x, y)];
  expect(scores[1]).toEqual(scores[0]);
  expect(again.getWeights()).toEqual(model.getWeights());
});

it("without compile, the model has no optimizer", async () => {
  const model = nested();
  model.compile({ optimizer: "adam", loss: "mse" });
  await model.fit(x, y, { verbose: 0 });
  const bytes = await saveModel(model, { format: "keras" });
  const again = await loadModel(bytes, { format: "keras", compile: false });
  expect(again.optimizer).toBeNull();
  expect(again.getWeights()).toEqual(model.getWeights());
});

it("a format is asked for, or seen by the ending", async () => {
  const model = nested();
  for (const call of [
    async () => saveModel(model, {}),
    () => saveModel(model, "model.bin"),
    () => saveModel(model, "model.weights.h5"),
    () => saveModel(model, { format: "kears" as never }),
    () => loadModel(new Uint8Array(4)),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: "ERR_FILE_FORMAT" });
  }
});

it("Nadam in a loss scale: the product of its momenta, which Keras loses, comes back", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
  model.compile({ optimizer: new LossScaleOptimizer(new Nadam({ learningRate: 0.1 })), loss: "mse" });
  await model.fit(x, y, { epochs: 3, verbose: 0 });
  const again = await loadModel(await saveModel(model, { format: "keras" }), { format: "keras" });
  expect(again.optimizer?.getWeights()).toEqual(model.optimizer?.getWeights());
  await Promise.all([model, again].map((one) => one.fit(x, y, { epochs: 2, verbose: 0 })));
  expect(again.getWeights()).toEqual(model.getWeights());
});
