/** Arrays are checked before the first step of `fit`: labels and indices that do not fit the model. */

import { describe, expect, it } from "vitest";
import { layers, losses, Model, ops, random, Sequential, setRandomSeed, type Tensor } from "../../ts/index.js";
import { thrown } from "../support/refusal.js";

const QUIET = { verbose: 0, shuffle: false } as const;

describe("arrays are checked before the first step", () => {
  const labels = [0, 1, 2, 3, 0, 1, 2, 9];
  const x = labels.map((i) => [i % 4]);
  const good = labels.map((i) => i % 4);
  const classifier = () => {
    const model = new Sequential([
      new layers.Embedding(4, 3, { inputShape: [1] }),
      new layers.Flatten(),
      new layers.Dense(4, { activation: "softmax" }),
    ]);
    model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
    return model;
  };
  /** With a custom `call`, its output's shape is unknown. */
  class Own extends Model {
    table = new layers.Embedding(4, 4);
    flat = new layers.Flatten();
    override call(given: Tensor) {
      return ops.softmax(this.flat.apply(this.table.apply(given)));
    }
  }
  const own = () => {
    const model = new Own();
    model.compile({ optimizer: "adam", loss: new losses.SparseCategoricalCrossentropy() });
    return model;
  };

  const badX = labels.map((i) => [i]);
  it.each<[string, () => Model, readonly unknown[]]>([
    ["labels", classifier, [x, labels]],
    ["labels that are not whole", classifier, [x, labels.map((label) => (label === 9 ? 0.5 : label))]],
    ["labels of a model with its own call", own, [x, labels]],
    ["labels behind validationSplit", classifier, [x, labels, { validationSplit: 0.25 }]],
    ["labels of validationData", classifier, [x, good, { validationData: [x, labels] }]],
    ["labels of validationData, for a model with its own call", own, [x, good, { validationData: [x, labels] }]],
    ["labels in a list of batches", classifier, [labels.map((label, i) => [[x[i]], [label]]), undefined]],
    ["indices", classifier, [badX, good]],
    ["indices of validationData", classifier, [x, good, { validationData: [badX, good] }]],
  ])("%s", async (_, make, [data, y, options]) => {
    const model = make();
    await model.fit(x, good, { ...QUIET, batchSize: 2 });
    const before = [model.getWeights(), model.optimizer?.getWeights(), model.history];
    setRandomSeed(5);
    const calls: string[] = [];
    const refused = model.fit(data as never, y as never, {
      verbose: 0,
      batchSize: 2,
      callbacks: [{ onTrainBatchEnd: () => void calls.push("step") }],
      ...(options as object),
    });
    await expect(refused).rejects.toMatchObject({ code: expect.stringMatching(/ERR_INDEX_RANGE|ERR_VALUES_DTYPE/) });
    expect(calls).toEqual([]);
    expect([model.getWeights(), model.optimizer?.getWeights()]).toEqual(before.slice(0, 2));
    const next = [...random.uniform([2]).array()];
    setRandomSeed(5);
    expect(next).toEqual([...random.uniform([2]).array()]);
  });

  it("says which sample", async () => {
    await expect(classifier().fit(x, labels, QUIET)).rejects.toMatchObject({
      code: "ERR_INDEX_RANGE",
      message: 'fit: "y": label 9 at sample 7 is out of range: there are 4 classes, counted from 0 to 3.',
    });
  });

  it("ignores what the loss ignores, and ranges of custom losses", async () => {
    const model = classifier();
    model.compile({ optimizer: "sgd", loss: new losses.SparseCategoricalCrossentropy({ ignoreClass: 9 }) });
    await model.fit(x, labels, QUIET);
    class Even extends losses.Loss {
      override labelRange() {
        return { noun: "label", bound: 2, nouns: "kinds" };
      }
      override call(_: losses.Labels, yPred: losses.Predictions) {
        return ops.mean(yPred, { axis: -1 });
      }
    }
    model.compile({ optimizer: "sgd", loss: new Even() });
    await expect(model.fit(x, labels, QUIET)).rejects.toThrow(
      thrown(
        "ValueError",
        "ERR_INDEX_RANGE",
        'fit: "y": label 2 at sample 2 is out of range: there are 2 kinds, counted from 0 to 1.',
      ),
    );
  });
});
