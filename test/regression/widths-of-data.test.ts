/** Arrays of another width than those that build the model are refused before the first step, not after an epoch. */

import { describe, expect, it } from "vitest";
import { Input, layers, Model, ops, random, Sequential, setRandomSeed, type Tensor } from "../../ts/index.js";

const row = (width: number) => [Array(width).fill(1), Array(width).fill(2)];
const image = (side: number) => row(side).map((line) => Array(side).fill(line.map((x: number) => [x])));
const labels = [[1], [2]];

const stack = (...before: layers.Layer[]) => {
  const model = new Sequential([...before, new layers.Dense(1, { name: "last" })], { name: "stack" });
  model.compile({ optimizer: "adam", loss: "mse" });
  return model;
};
const plain = () => stack();
const deep = () => stack(new Sequential([new layers.Dense(3, { name: "inner" })]), new layers.Dropout(0.5));
const flat = () => stack(new layers.Conv2D(2, 2), new layers.Flatten());
const pooled = () => stack(new layers.Conv2D(2, 2), new layers.GlobalAveragePooling2D());

type Make = () => Sequential;
const wide = "expected inputs of 3 on the last axis, got 5 (? x 5).";

const REFUSED: [string, Make, unknown, unknown, object, string][] = [
  [
    "validation data",
    plain,
    row(3),
    labels,
    { validationData: [row(5), labels] },
    `fit: validationData: "x" does not fit stack: Dense "last": ${wide}`,
  ],
  [
    "validation data without a separate step",
    plain,
    row(3),
    labels,
    { validationData: [[row(5), labels]] },
    `fit: validationData: batch 0: "x" does not fit stack: Dense "last": ${wide}`,
  ],
  [
    "a later batch",
    plain,
    [
      [row(3), labels],
      [row(5), labels],
    ],
    undefined,
    {},
    `fit: batch 1: "x" does not fit stack: Dense "last": ${wide}`,
  ],
  [
    "validation data of a stack in a stack",
    deep,
    row(3),
    labels,
    { validationData: [row(5), labels] },
    `fit: validationData: "x" does not fit stack: Dense "inner": ${wide}`,
  ],
  [
    "larger images",
    flat,
    image(4),
    labels,
    { validationData: [image(5), labels] },
    'fit: validationData: "x" does not fit stack: Dense "last": expected inputs of 18 on the last axis, got 32 (? x 32).',
  ],
];

describe.each(["not built", "built by data"])("a model that is %s", (state) => {
  it.each(REFUSED)("refuses %s", async (_, make, x, y, options, message) => {
    const model = make();
    if (state !== "not built")
      await model.fit((y === undefined ? (x as unknown[][])[0]?.[0] : x) as never, labels, { verbose: 0 });
    const before = [model.built, model.getWeights(), model.optimizer?.iterations];
    let steps = 0;
    const callbacks = [{ onTrainBatchEnd: () => void steps++ }];
    const run = model.fit(x as never, y as never, { verbose: 0, callbacks, ...options });
    await expect(run).rejects.toMatchObject({ code: "ERR_SHAPE", message });
    expect(steps).toBe(0);
    expect([model.built, model.getWeights(), model.optimizer?.iterations]).toEqual(before);
    // And it is as usable as before.
    const { history } = await model.fit((y === undefined ? row(3) : x) as never, labels, { verbose: 0 });
    expect(history.loss).toHaveLength(1);
  });

  it("takes images of other sizes where its layers do", async () => {
    const model = pooled();
    if (state !== "not built") await model.fit(image(4), labels, { verbose: 0 });
    const { history } = await model.fit(image(4), labels, { verbose: 0, validationData: [image(6), labels] });
    expect(history.val_loss).toHaveLength(1);
  });
});

/** Layers and models whose `call` alone knows which inputs fit. */
class OwnModel extends Model {
  dense = new layers.Dense(1, { name: "last" });
  override call(x: Tensor) {
    return this.dense.apply(x);
  }
}
class OwnLayer extends layers.Layer {
  dense = new layers.Dense(2, { name: "own" });
  override call(x: Tensor) {
    return this.dense.apply(x);
  }
}
/** Draws, and adds a loss, in each call. */
class Drawing extends Model {
  dense = new layers.Dense(1, { name: "last" });
  override call(x: Tensor) {
    const noise = random.normal([1], { stddev: 1e-3 });
    this.addLoss(ops.sum(ops.square(noise)));
    return this.dense.apply(ops.add(x, noise));
  }
}
const compiled = (model: Model, name: string) => {
  model.compile({ optimizer: "sgd", loss: "mse" });
  return [name, model] as const;
};
const CUSTOM: [string, () => readonly [layer: string, model: Model]][] = [
  ["a model with its own call", () => compiled(new OwnModel(), "last")],
  ["a layer first in a stack", () => compiled(stack(new OwnLayer()), "own")],
  ["a layer in a stack in a stack", () => compiled(stack(new Sequential([new OwnLayer()])), "own")],
  ["a layer behind one that takes any width", () => compiled(stack(new layers.Dropout(0.5), new OwnLayer()), "own")],
  ["a model that draws and adds losses", () => compiled(new Drawing(), "last")],
];
const batchesOf = (...widths: number[]) => widths.map((width) => [row(width), labels]);
const RUNS: [string, (model: Model, options: object) => Promise<unknown>, string][] = [
  [
    "validation data",
    (model, options) => model.fit(row(3), labels, { ...options, validationData: [row(5), labels] as never }),
    "fit: validationData",
  ],
  [
    "batches of validation data",
    (model, options) => model.fit(row(3), labels, { ...options, validationData: batchesOf(3, 5) as never }),
    "fit: validationData: batch 1",
  ],
  ["a later batch", (model, options) => model.fit(batchesOf(3, 3, 5) as never, null, options), "fit: batch 2"],
];

describe.each(CUSTOM)("%s", (_, make) => {
  describe.each(["not built", "built by data"])("%s", (state) => {
    it.each(RUNS)("refuses %s", async (_, run, owner) => {
      const [layer, model] = make();
      if (state !== "not built") await model.fit(row(3), labels, { verbose: 0 });
      const before = [model.getWeights(), model.optimizer?.iterations];
      let steps = 0;
      const options = { verbose: 0, callbacks: [{ onTrainBatchEnd: () => void steps++ }] };
      const message = `${owner}: "x" does not fit ${model.name}: Dense "${layer}": ${wide.replace("?", "2")}`;
      await expect(run(model, options)).rejects.toMatchObject({ code: "ERR_SHAPE", message });
      expect(steps).toBe(0);
      if (state !== "not built") expect([model.getWeights(), model.optimizer?.iterations]).toEqual(before);
      const { history } = await model.fit(row(3), labels, { verbose: 0 });
      expect(history.loss).toHaveLength(1);
    });
  });
});

it("a trial of inputs of another shape draws nothing from the shared generator, and adds no loss", async () => {
  class Pooled extends Drawing {
    override call(x: Tensor) {
      return super.call(ops.mean(x, 1, true));
    }
  }
  const trained = async (validationData: unknown) => {
    setRandomSeed(4);
    const model = new Pooled();
    model.compile({ optimizer: "sgd", loss: "mse" });
    const { history } = await model.fit(row(3), labels, {
      verbose: 0,
      shuffle: false,
      validationData: validationData as never,
    });
    return [model.getWeights(), history.loss, history.val_loss, random.uniform([1]).item()];
  };
  expect(await trained([row(5), labels])).toEqual(await trained([row(3), labels]));
});

it("a built Sequential refuses a symbolic input of another width where it is connected, as Keras does", () => {
  const inner = () =>
    new Sequential([Input({ shape: [5] }), new layers.Dropout(0.5), new layers.Dense(2)], { name: "inner" });
  const fault = { code: "ERR_SHAPE" };
  expect(() => inner().apply(Input({ shape: [3] }))).toThrow(expect.objectContaining(fault));
  const outer = new Sequential([Input({ shape: [5] }), inner()]);
  expect(() => outer.apply(Input({ shape: [3] }))).toThrow(expect.objectContaining(fault));
  // Its layer takes any width, the model does not.
  const any = new Sequential([Input({ shape: [4] }), new layers.Activation("relu")]);
  expect(() => any.apply(Input({ shape: [9] }))).toThrow(expect.objectContaining(fault));
  expect(inner().apply(Input({ shape: [5] })).shape).toEqual([null, 2]);
  const column = new Sequential([Input({ shape: [1] }), new layers.Dense(2)]);
  expect(column.apply(Input({ shape: [] })).shape).toEqual([null, 2]);
});
