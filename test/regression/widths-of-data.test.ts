/** Arrays of another width than those that build the model are refused before the first step, not after an epoch. */

import { describe, expect, it } from "vitest";
import { layers, Model, Sequential, type Tensor } from "../../ts/index.js";

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

  it("of which nothing is known but by a call trains first, as in Keras", async () => {
    class Own extends Model {
      dense = new layers.Dense(1);
      override call(x: Tensor) {
        return this.dense.apply(x);
      }
    }
    const model = new Own();
    model.compile({ optimizer: "sgd", loss: "mse" });
    if (state !== "not built") await model.fit(row(3), labels, { verbose: 0 });
    const before = model.optimizer?.iterations ?? 0;
    const run = model.fit(row(3), labels, { verbose: 0, validationData: [row(5), labels] });
    await expect(run).rejects.toMatchObject({ code: "ERR_SHAPE" });
    expect(model.optimizer?.iterations).toBe(before + 1);
  });
});
