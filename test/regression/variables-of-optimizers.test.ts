/**
 * Layers that are frozen and trained again, and one optimizer for two models: both work, or the cure that the error
 * names does.
 */

import { expect, it } from "vitest";
import { Adam, layers, type Optimizer, Sequential, setRandomSeed } from "../../ts/index.js";

const x = [
  [1, 2],
  [3, 4],
];
const y = [[1], [2]];
const options = { epochs: 1, verbose: 0 } as const;

function compiled(optimizer: Optimizer) {
  setRandomSeed(1);
  const base = new layers.Dense(2, { inputShape: [2], name: "base" });
  const model = new Sequential([base, new layers.Dense(1, { name: "head" })]);
  model.compile({ optimizer, loss: "mse" });
  return { base, model };
}

it("a layer that is frozen and trained again keeps its state", async () => {
  const { base, model } = compiled(new Adam({ learningRate: 0.1 }));
  await model.fit(x, y, options);
  const moments = () => model.optimizer!.weights.filter(({ path }) => path.includes("base")).map((v) => [...v.array()]);
  const before = [moments(), base.getWeights()];
  base.trainable = false;
  model.compile({ optimizer: model.optimizer!, loss: "mse" });
  await model.fit(x, y, options);
  expect([moments(), base.getWeights()]).toEqual(before);
  base.trainable = true;
  model.compile({ optimizer: model.optimizer!, loss: "mse" });
  await model.fit(x, y, options);
  expect(base.getWeights()).not.toEqual(before[1]);
  expect(moments()).not.toEqual(before[0]);
});

it("an optimizer that was built with a frozen layer's variables trains it later", async () => {
  const { base, model } = compiled(new Adam({ learningRate: 0.1 }));
  model.optimizer!.build(model.weights);
  base.trainable = false;
  model.compile({ optimizer: model.optimizer!, loss: "mse" });
  await model.fit(x, y, options);
  base.trainable = true;
  model.compile({ optimizer: model.optimizer!, loss: "mse" });
  const before = base.getWeights();
  await model.fit(x, y, options);
  expect(base.getWeights()).not.toEqual(before);
});

it("an optimizer of another model is refused, and a new one trains", async () => {
  const { model: first } = compiled(new Adam());
  await first.fit(x, y, options);
  const { model } = compiled(first.optimizer!);
  const before = model.getWeights();
  await expect(model.fit(x, y, options)).rejects.toMatchObject({
    code: "ERR_VARIABLE_UNKNOWN",
    message: expect.stringContaining("make a new one and compile the model with it"),
  });
  expect(model.getWeights()).toEqual(before);
  model.compile({ optimizer: new Adam(), loss: "mse" });
  await model.fit(x, y, options);
  expect(model.getWeights()).not.toEqual(before);
});
