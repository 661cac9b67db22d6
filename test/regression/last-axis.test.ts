/**
 * Data with or without a last axis of 1: Keras adds it or drops it, in every call of a model. The results equal those
 * of data with the declared shape.
 */

import { describe, expect, it } from "vitest";
import { GradientTape, Input, layers, Model, ops, Sequential, tensor } from "../../ts/index.js";

const count = 4;
const side = 3;
const pixels = Float32Array.from({ length: count * side * side }, (_, i) => ((i * 7) % 11) / 11);
const images = Array.from({ length: count }, (_, n) =>
  Array.from({ length: side }, (_, i) => [...pixels.slice((n * side + i) * side, (n * side + i + 1) * side)]),
);
const columns = images.map((rows) => rows.map((row) => row.map((value) => [value])));
const labels = [[0], [1], [0], [1]];

function convolution(): Sequential {
  const model = new Sequential([
    Input([side, side, 1]),
    new layers.Conv2D(2, 2, { kernelInitializer: "ones" }),
    new layers.Flatten(),
    new layers.Dense(1, { kernelInitializer: "ones" }),
  ]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
}

/** The same images in the forms that people hold. */
const forms = {
  "nested lists": images,
  "lists of typed rows": images.map((rows) => rows.map((row) => new Float32Array(row))),
  "typed arrays, one for each image": images.map((rows) => new Float32Array(rows.flat())),
  tensors: images.map((rows) => tensor(rows)),
  "one tensor": tensor(pixels, [count, side, side]),
  "a surplus axis": tensor(pixels, [count, side, side, 1, 1]),
};

describe("images of 3 x 3 for an input of 3 x 3 x 1", () => {
  for (const [name, x] of Object.entries(forms)) {
    it(`as ${name}`, async () => {
      const [model, wanted] = [convolution(), convolution()];
      expect((await model.predict(x)).array()).toEqual((await wanted.predict(columns)).array());
      expect(await model.evaluate(x, labels)).toEqual(await wanted.evaluate(columns, labels));
      const run = await model.fit(x, labels, { epochs: 2, validationData: [x, labels], shuffle: false, verbose: 0 });
      const options = { epochs: 2, validationData: [columns, labels] as const, shuffle: false, verbose: 0 } as const;
      expect(run.history).toEqual((await wanted.fit(columns, labels, options)).history);
      expect(model.getWeights()).toEqual(wanted.getWeights());
    });
  }

  it("in batches, trainOnBatch and apply", async () => {
    const [model, wanted] = [convolution(), convolution()];
    expect(model.apply(images).array()).toEqual(model.apply(columns).array());
    await model.fit([[images, labels]], { verbose: 0 });
    await wanted.fit([[columns, labels]], { verbose: 0 });
    expect(model.trainOnBatch(images, labels)).toEqual(wanted.trainOnBatch(columns, labels));
  });

  it("not for one image, nor for three channels", async () => {
    await expect(convolution().predict(images[0]!)).rejects.toMatchObject({ code: "ERR_SHAPE" });
    const model = new Sequential([Input([side, side, 3]), new layers.Flatten()]);
    await expect(model.predict(images)).rejects.toMatchObject({ code: "ERR_SHAPE" });
  });
});

describe("other shapes", () => {
  it("a surplus axis is dropped: 3 x 3 x 1 for 3 x 3", async () => {
    const model = new Sequential([Input([side, side]), new layers.Flatten(), new layers.Dense(1)]);
    expect((await model.predict(columns)).array()).toEqual((await model.predict(images)).array());
    model.compile({ loss: "mse" });
    const losses = await model.fit(columns, labels, { validationData: [columns, labels], verbose: 0 });
    expect(losses.history.val_loss).toHaveLength(1);
  });

  it("numbers for an input of one, and columns for numbers", async () => {
    const model = new Sequential([Input([1]), new layers.Dense(1)]);
    const wanted = model.apply([[1], [2]]).array();
    for (const x of [[1, 2], tensor([1, 2]), [[[1]], [[2]]]]) expect(model.apply(x).array()).toEqual(wanted);
    const scalars = new Sequential([Input([]), new layers.Reshape([1]), new layers.Dense(1)]);
    expect((await scalars.predict([[1], [2]])).array()).toEqual((await scalars.predict([1, 2])).array());
  });

  it("series of any length, also as validation data", async () => {
    const model = new Sequential([Input([null, 1]), new layers.GlobalAveragePooling1D()]);
    const x = [
      [1, 2, 3],
      [4, 5, 9],
    ];
    expect([...(await model.predict(x)).array()]).toEqual([2, 6]);
    model.compile({ loss: "mse" });
    expect((await model.fit(x, [2, 6], { validationData: [x, [2, 6]], verbose: 0 })).history.val_loss).toEqual([0]);
    const words = new Sequential([Input([null]), new layers.Embedding(10, 4)]);
    expect((await words.predict([[[1], [2], [3]]])).shape).toEqual([1, 3, 4]);
  });

  it("each of several inputs", async () => {
    const [image, more] = [Input([side, side, 1]), Input([1])];
    const output = new layers.Concatenate().apply([new layers.Flatten().apply(image), more]);
    const model = new Model({ inputs: [image, more], outputs: output });
    const wanted = (await model.predict([columns, [[1], [2], [3], [4]]])).array();
    expect((await model.predict([images, [1, 2, 3, 4]])).array()).toEqual(wanted);
    expect(model.apply([tensor(images), tensor([1, 2, 3, 4])]).array()).toEqual(wanted);
  });

  it("a model built by data, and one inside of another; gradients flow through", async () => {
    const built = new Sequential([new layers.GlobalAveragePooling1D()]);
    built.apply([[[1], [2]]]);
    expect([...(await built.predict([[3, 5]])).array()]).toEqual([4]);

    const end = Input([2]);
    const outer = new Model({ inputs: end, outputs: new Sequential([Input([2, 1]), new layers.Flatten()]).apply(end) });
    const x = tensor([[1, 2]]);
    const tape = new GradientTape();
    const loss = tape.run(() => {
      tape.watch(x);
      return ops.sum(ops.square(outer.apply(x)));
    });
    expect([...tape.gradient(loss, x)!.array()]).toEqual([2, 4]);
  });
});
