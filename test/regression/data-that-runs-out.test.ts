/** A generator object in `fit` with several epochs: it rejected after the first one, whose history was lost. Keras warns. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callbacks, layers, Sequential, SGD } from "../../ts/index.js";

const line = () => {
  const dense = new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false });
  const model = new Sequential([dense], { name: "line" });
  model.compile({ optimizer: new SGD({ learningRate: 0.25 }), loss: "mse" });
  return model;
};
function* batches(count: number) {
  for (let i = 0; i < count; i++) yield [[[1]], [[2]]] as const;
}
async function* later(count: number) {
  yield* batches(count);
}

let warnings: string[];
beforeEach(() => {
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text) => warnings.push(text));
});
afterEach(() => vi.restoreAllMocks());

const ENDS = (epochs: string) =>
  `line: the data ran out after ${epochs} epochs, so training ends. A generator can be iterated only once: pass a function that returns a new one for each epoch.`;

describe("training data", () => {
  // Weight 0, rate .25: errors 2, 1, .5, and losses 4, 1, .25.
  it.each([
    ["a generator", () => batches(1)],
    ["an asynchronous one", () => later(1)],
  ])("%s", async (_, data) => {
    const ended: string[] = [];
    const watch = new callbacks.LambdaCallback({
      onEpochEnd: (epoch) => void ended.push(`epoch ${epoch}`),
      onTrainEnd: () => void ended.push("train"),
    });
    const { history } = await line().fit(data(), undefined, { epochs: 3, verbose: 0, callbacks: [watch] });
    expect(history.loss).toEqual([4]);
    expect(ended).toEqual(["epoch 0", "train"]);
    expect(warnings).toEqual([ENDS("1 of 3")]);
  });

  it("that ends where an epoch does", async () => {
    const { history } = await line().fit(batches(2), undefined, { epochs: 3, stepsPerEpoch: 1, verbose: 0 });
    expect(history.loss).toEqual([4, 1]);
    expect(warnings).toEqual([ENDS("2 of 3")]);
  });

  it("that ends within an epoch", async () => {
    const { history } = await line().fit(batches(3), undefined, { epochs: 3, stepsPerEpoch: 2, verbose: 0 });
    expect(history.loss).toEqual([2.5, 0.25]);
    expect(warnings).toEqual(["fit: the data ended after 1 batches, of 2 that were expected.", ENDS("2 of 3")]);
  });

  it("enough for all epochs, and a function for each", async () => {
    await line().fit(batches(2), undefined, { epochs: 2, stepsPerEpoch: 1, verbose: 0 });
    const { history } = await line().fit(() => batches(1), undefined, { epochs: 2, verbose: 0 });
    expect(history.loss).toEqual([4, 1]);
    expect(warnings).toEqual([]);
  });
});

it("data for validation: the epochs after the first have none", async () => {
  const { history } = await line().fit([[1]], [[2]], { epochs: 3, validationData: batches(1), verbose: 0 });
  expect(history).toEqual({ loss: [4, 1, 0.25], val_loss: [1] });
  expect(warnings).toEqual([
    "line: the data for validation ran out. A generator can be iterated only once: pass a function that returns a new one for each epoch.",
  ]);
});
