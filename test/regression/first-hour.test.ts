/** Programs of people new to gradstep that run and are wrong: the cases that Keras warns about, and a few more. */

import { afterEach, expect, it, vi } from "vitest";
import { layers, losses, ops, Sequential } from "../../ts/index.js";

const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
afterEach(() => warn.mockClear());

const X = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const said = () => warn.mock.calls.map(([text]) => text as string);

async function warnings(last: layers.Layer | readonly layers.Layer[], loss: unknown, y: unknown = [0, 1, 1, 0]) {
  const model = new Sequential([new layers.Dense(4, { activation: "relu", inputShape: [2] })].concat(last as never), {
    name: "model",
  });
  model.compile({ optimizer: "sgd", loss: loss as never });
  await model.fit(X, y as never, { verbose: 0, epochs: 3 });
  return said();
}

const dense = (units: number, activation?: "sigmoid" | "softmax" | "relu") =>
  new layers.Dense(units, { activation, name: "last" });

it("softmax over one unit, as Keras, once", async () => {
  const text = "softmax over an axis of length 1 always returns 1. For a model with one output use sigmoid instead.";
  expect(await warnings(dense(1, "softmax"), "binary_crossentropy")).toEqual([text]);
  expect(ops.softmax([[1, 2]], 0).array()).toEqual(Float32Array.of(1, 1));
  expect(said()).toEqual([text]);
});

it("a categorical cross-entropy of one class, as Keras, once", async () => {
  const text =
    "categoricalCrossentropy: with predictions of width 1 there is one class, and the loss is always about 0. For two classes in one output use binaryCrossentropy.";
  new losses.CategoricalCrossentropy().apply([[1, 0]], [[0.5, 0.5]]);
  expect(said()).toEqual([]);
  expect(await warnings(dense(1, "sigmoid"), "categorical_crossentropy")).toEqual([text]);
  warn.mockClear();
  // If the classes are on another axis, the last axis may have length 1.
  new losses.CategoricalCrossentropy({ axis: 1 }).apply([[[1], [0]]], [[[0.5], [0.5]]]);
  expect(said()).toEqual([]);
});

it.each([
  ["BinaryCrossentropy", dense(1, "sigmoid"), new losses.BinaryCrossentropy({ fromLogits: true }), "sigmoid"],
  [
    "SparseCategoricalCrossentropy",
    dense(2, "softmax"),
    new losses.SparseCategoricalCrossentropy({ fromLogits: true }),
    "softmax",
  ],
  [
    "BinaryFocalCrossentropy",
    new layers.Activation("sigmoid", { name: "last" }),
    new losses.BinaryFocalCrossentropy({ fromLogits: true }),
    "sigmoid",
  ],
  [
    "SparseCategoricalCrossentropy",
    new layers.Softmax({ name: "last" }),
    new losses.SparseCategoricalCrossentropy({ fromLogits: true }),
    "softmax",
  ],
] as const)("%s from logits behind %o", async (loss, last, given, activation) => {
  const y = loss === "BinaryFocalCrossentropy" ? X.map(() => [0, 1, 1, 0]) : [0, 1, 1, 0];
  expect(await warnings(last, given, y)).toEqual([
    `model: ${loss} has fromLogits: true, but the outputs of "last" are probabilities, by its ${activation}. Leave out one of the two.`,
  ]);
});

it("a cross-entropy of probabilities behind a layer without activation, through layers that move numbers", async () => {
  const text = (loss: string, cure: string) =>
    `model: ${loss} takes probabilities, but "last" has no activation. Give the layer activation: "${cure}", or the loss fromLogits: true.`;
  const loss = "sparse_categorical_crossentropy";
  expect((await warnings([dense(2), new layers.Reshape([2])], loss))[0]).toBe(
    text("SparseCategoricalCrossentropy", "softmax"),
  );
  warn.mockClear();
  expect((await warnings(dense(1), "binary_crossentropy"))[0]).toBe(text("BinaryCrossentropy", "sigmoid"));
});

it("no warning if the loss fits the outputs", async () => {
  await warnings(dense(1, "sigmoid"), "binary_crossentropy");
  await warnings(dense(2, "softmax"), "sparse_categorical_crossentropy");
  await warnings(dense(2), new losses.SparseCategoricalCrossentropy({ fromLogits: true }));
  await warnings([dense(2), new layers.Softmax()], "sparse_categorical_crossentropy");
  await warnings(dense(1), "mse");
  expect(said()).toEqual([]);
});

it("a loss that is NaN or infinite, once", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })], { name: "model" });
  model.compile({ optimizer: "sgd", loss: "mse" });
  await model.fit([[Number.NaN], [1]], [1, 2], { verbose: 0, epochs: 3 });
  expect(said()).toEqual([
    "model: the loss of epoch 1 is NaN. Look for NaN and infinity in the data, scale inputs to about 1, or lower the learning rate.",
  ]);
});

it("a monitored number that is missing, once and with the cure", async () => {
  const { EarlyStopping } = (await import("../../ts/index.js")).callbacks;
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })], { name: "model" });
  model.compile({ optimizer: "sgd", loss: "mse" });
  const callbacks = [new EarlyStopping(), new EarlyStopping({ monitor: "accuracy" })];
  await model.fit([[1], [2]], [1, 2], { verbose: 0, epochs: 3, callbacks });
  expect(said()).toEqual([
    'EarlyStopping: there is no number "val_loss" in the logs. They contain: loss. Pass "validationData" or "validationSplit" to fit, or set "monitor" to one of these.',
    'EarlyStopping: there is no number "accuracy" in the logs. They contain: loss. Set "monitor" to one of these, or pass the metric to compile.',
  ]);
});

it("padding in capitals is taken, as in Keras", () => {
  expect(new layers.Conv2D(1, 3, { padding: "SAME" as never }).getConfig()).toMatchObject({ padding: "same" });
});

it("options behind batches are options, not labels that nothing uses", async () => {
  const model = () => {
    const made = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", name: "dense" })]);
    made.compile({ optimizer: "sgd", loss: "mse" });
    return made;
  };
  function* three() {
    for (const y of [1, 2, 3]) yield [[[0]], [y]] as const;
  }
  const list = [...three()];
  expect(await model().evaluate(three, { steps: 2 })).toBe(2.5);
  expect(await model().evaluate(list, { steps: 2, returnDict: true })).toEqual({ loss: 2.5 });
  const { epoch } = await model().fit(three, { epochs: 2, verbose: 0 });
  expect(epoch).toEqual([0, 1]);
  expect((await model().fit(list, { epochs: 3, verbose: 0 })).epoch).toEqual([0, 1, 2]);
  await expect(model().fit(three, { epoch: 2 } as never)).rejects.toMatchObject({ code: "ERR_OPTION_UNKNOWN" });
  // Labels by name stay labels.
  expect(await model().evaluate([[0]], { dense: [3] })).toBe(9);
});
