/**
 * Normalization: the statistics that `adapt` computes. The first three are the examples of Keras's page, with its
 * results.
 */

import { describe, expect, it } from "vitest";
import { layers, modelFromJSON, Sequential, stringify, tensor, Variable } from "../../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../../ts/saving/index.js";

const ROWS = [
  [0, 7, 4],
  [2, 9, 6],
  [0, 7, 4],
  [2, 9, 6],
];

const statistics = (layer: layers.Normalization) => [layer.mean!.array(), layer.variance!.array()].map((a) => [...a]);

describe("adapt", () => {
  it("finds one mean and variance of all numbers without an axis", () => {
    const layer = new layers.Normalization({ axis: null });
    layer.adapt([1, 2, 3, 4, 5]);
    expect([...layer.apply([1, 2, 3]).array()]).toEqual([-Math.SQRT2, -Math.SQRT1_2, 0].map(Math.fround));
    // Keras broadcasts them to any shape.
    expect(layer.apply([[3], [4]]).array()).toEqual(Float32Array.of(0, Math.SQRT1_2));
  });

  it("finds those of each index of the last axis", () => {
    const layer = new layers.Normalization();
    layer.adapt(ROWS);
    expect(layer.apply([[0, 7, 4]]).array()).toEqual(Float32Array.of(-1, -1, -1));
    expect(layer.weights.map(({ name, shape }) => [name.split("/")[1], shape])).toEqual([
      ["mean", [3]],
      ["variance", [3]],
      ["count", []],
    ]);
    expect(layer.trainableWeights).toEqual([]);
  });

  it("turns normalized numbers back", () => {
    const layer = new layers.Normalization({ invert: true });
    layer.adapt(ROWS);
    expect(layer.apply([[1, 2, 3]]).array()).toEqual(Float32Array.of(2, 10, 8));
  });

  const float = ROWS.map((row) => Float32Array.from(row));
  const batches = [ROWS.slice(0, 1), ROWS.slice(1)];
  const FORMS: Readonly<Record<string, () => unknown>> = {
    "a tensor": () => tensor(ROWS),
    "a variable": () => new Variable(ROWS),
    "typed arrays": () => float,
    "a list of tensors": () => batches.map((batch) => tensor(batch)),
    "a list of batches of other lengths": () => batches,
    "tuples of tensors": () => batches.map((batch) => [tensor(batch), tensor([1])]),
    "tuples of lists": () => batches.map((batch) => [batch, batch.map(() => 1)]),
    "pairs of TensorFlow.js": () => batches.map((xs) => ({ xs, ys: [1] })),
    "a generator": () =>
      (function* () {
        yield* batches;
      })(),
    "a function that makes a generator": () =>
      function* () {
        for (const batch of batches) yield [tensor(batch), tensor([1])];
      },
    "a set": () => new Set(batches),
    "an asynchronous generator": () =>
      (async function* () {
        yield* batches;
      })(),
    "a function that makes an asynchronous generator": () =>
      async function* () {
        yield* batches;
      },
    "a stream": () =>
      new ReadableStream({
        start(controller) {
          for (const batch of batches) controller.enqueue(batch);
          controller.close();
        },
      }),
  };

  it.each(Object.entries(FORMS))("takes %s", async (_, make) => {
    const layer = new layers.Normalization();
    await layer.adapt(make() as never);
    expect(statistics(layer)).toEqual([
      [1, 8, 5],
      [1, 1, 1],
    ]);
  });

  it("keeps several axes, in any order", () => {
    const data = [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [3, 2],
        [5, 0],
      ],
    ];
    for (const axis of [
      [1, 2],
      [-1, 1],
    ]) {
      const layer = new layers.Normalization(axis);
      layer.adapt(data);
      expect(layer.mean!.shape).toEqual([2, 2]);
      expect(statistics(layer)).toEqual([
        [2, 2, 4, 2],
        [1, 0, 1, 4],
      ]);
      // A variance of 0 counts as a deviation of 1e-7, as in Keras.
      expect(
        layer
          .apply([
            [
              [2, 2],
              [4, 4],
            ],
          ])
          .array(),
      ).toEqual(Float32Array.of(0, 0, 0, 1));
    }
    const rows = new layers.Normalization(1);
    rows.adapt(data);
    expect(statistics(rows)).toEqual([
      [2, 3],
      [0.5, 3.5],
    ]);
  });

  it("replaces earlier statistics, and is accurate for many batches far from 0", () => {
    const layer = new layers.Normalization();
    layer.adapt([[100], [200]]);
    layer.adapt(
      (function* () {
        for (let i = 0; i < 1000; i++) yield [[10000], [10001]];
      })(),
    );
    expect(statistics(layer)).toEqual([[10000.5], [0.25]]);
  });

  it("changes nothing when refused", async () => {
    const layer = new layers.Normalization();
    const failing = function* () {
      yield ROWS;
      throw new RangeError("no more");
    };
    expect(() => layer.adapt(failing)).toThrow(RangeError);
    expect(() => layer.adapt([[1, Number.POSITIVE_INFINITY]])).toThrow("must be finite");
    expect(layer.built).toBe(false);
    layer.adapt(ROWS);
    const before = layer.getWeights();
    expect(() => layer.adapt([[1, 2]])).toThrow("expected inputs of 3 on the last axis, got 2");
    await expect(
      layer.adapt(async function* () {
        yield ROWS;
        yield [["no"]] as never;
      }),
    ).rejects.toThrow("expected numbers");
    expect(layer.getWeights()).toEqual(before);
  });

  it("closes an iterator that it leaves", () => {
    let isClosed = false;
    const data = function* () {
      try {
        yield ROWS;
        yield [[1]];
        yield ROWS;
      } finally {
        isClosed = true;
      }
    };
    expect(() => new layers.Normalization().adapt(data)).toThrow("got 1 (1 x 1)");
    expect(isClosed).toBe(true);
  });
});

describe("in a model", () => {
  const adapted = () => {
    const layer = new layers.Normalization({ inputShape: [3], name: "norm" });
    layer.adapt(ROWS);
    const model = new Sequential([layer, new layers.Dense(2, { name: "head" })]);
    model.compile({ optimizer: "adam", loss: "mse" });
    return model;
  };
  const y = ROWS.map(([a, b]) => [a!, b!]);

  it("is not changed by training", async () => {
    const model = adapted();
    await model.fit(ROWS, y, { epochs: 2, verbose: 0 });
    expect([...model.getWeights()[0]!.data]).toEqual([1, 8, 5]);
  });

  it.each(["keras", "safetensors", "npz", "weights.h5"] as const)("is saved and loaded: %s", async (format) => {
    const model = adapted();
    await model.fit(ROWS, y, { epochs: 1, verbose: 0 });
    let again: Awaited<ReturnType<typeof loadModel>>;
    if (format === "keras") again = await loadModel(await saveModel(model, { format }), { format });
    else {
      again = modelFromJSON(stringify(model));
      await loadWeights(again, await saveWeights(model, { format }), { format });
    }
    expect(again.getWeights()).toEqual(model.getWeights());
    expect((await again.predict(ROWS)).array()).toEqual((await model.predict(ROWS)).array());
    expect(await again.trainOnBatch(ROWS, y)).toBe(await model.trainOnBatch(ROWS, y));
  });

  it("has its arguments in JSON, as floats", () => {
    const layer = new layers.Normalization({ name: "n", axis: [1, 2], mean: Float32Array.of(1, 2), variance: [3, 4] });
    expect(stringify(layer)).toContain('"axis":[1,2],"invert":false,"mean":[1.0,2.0],"variance":[3.0,4.0]');
    const again = layers.deserialize(JSON.parse(stringify(layer))) as layers.Normalization;
    expect(again.getConfig()).toEqual(layer.getConfig());
    // As NumPy arrays are written in Keras 3's files, and their shape.
    const saved = { class_name: "__numpy__", config: { value: [[1], [2]], dtype: "float64" } };
    const config = { ...layer.getConfig(), mean: saved, variance: saved };
    expect(layers.Normalization.fromConfig(config).inputMean).toEqual([[1], [2]]);
  });
});
