/**
 * Behaviour of single layers beyond Keras's vectors: state, several inputs and randomness.
 */

import { describe, expect, it } from "vitest";
import { GradientTape, Input, layers, memoryUse, ops, type Tensor, tensor, tidy } from "../../../ts/index.js";

const image = (...shape: number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

describe("batch normalization", () => {
  const x = [
    [1, 10],
    [3, 30],
  ];

  it("moves its statistics in training only, and not when it is frozen", () => {
    const layer = new layers.BatchNormalization({ momentum: 0.5 });
    layer.apply(x);
    expect([...(layer.movingMean?.array() ?? [])]).toEqual([0, 0]);
    layer.apply(x, { training: true });
    expect([...(layer.movingMean?.array() ?? [])]).toEqual([1, 10]);
    expect([...(layer.movingVariance?.array() ?? [])]).toEqual([1, 50.5]);
    layer.trainable = false;
    layer.apply(x, { training: true });
    expect([...(layer.movingMean?.array() ?? [])]).toEqual([1, 10]);
  });

  it("has moving statistics that stay untrained, whatever trainable is set to", () => {
    const layer = new layers.BatchNormalization({ name: "norm" });
    layer.build([null, 2]);
    layer.trainable = false;
    expect(layer.trainableWeights).toEqual([]);
    layer.trainable = true;
    expect(layer.trainableWeights.map(({ name }) => name)).toEqual(["norm/gamma", "norm/beta"]);
    expect(layer.nonTrainableWeights.map(({ name }) => name)).toEqual(["norm/moving_mean", "norm/moving_variance"]);
  });
});

describe("layers of several inputs", () => {
  const [a, b] = [[[1, 8]], [[2, 4]]];

  it.each([
    ["Add", [3, 12]],
    ["Subtract", [-1, 4]],
    ["Multiply", [2, 32]],
    ["Average", [1.5, 6]],
    ["Maximum", [2, 8]],
    ["Minimum", [1, 4]],
  ] as const)("%s", (name, expected) => {
    const layer = new layers[name]();
    expect([...layer.apply([a, b]).array()]).toEqual(expected);
    expect([...layer.apply([tensor(a), tensor(b)]).array()]).toEqual(expected);
    const inputs = [Input({ shape: [2] }), Input({ shape: [2] })];
    expect(layer.apply(inputs).shape).toEqual([null, 2]);
    expect(layer.apply(inputs).node.isList).toBe(true);
  });

  it("get axes of 1 where they have fewer", () => {
    const layer = new layers.Add();
    expect(layer.apply([image(2, 3), image(2, 4, 3)]).shape).toEqual([2, 4, 3]);
    expect(
      layer.computeOutputShape([
        [null, 3],
        [null, 4, 3],
      ]),
    ).toEqual([null, 4, 3]);
  });

  it("concatenate lengths that are not known", () => {
    const layer = new layers.Concatenate({ axis: 1 });
    expect(
      layer.computeOutputShape([
        [null, null, 3],
        [null, 4, 3],
      ]),
    ).toEqual([null, null, 3]);
    expect(
      layer.computeOutputShape([
        [null, 2, 3],
        [8, 4, null],
      ]),
    ).toEqual([8, 6, 3]);
  });
});

describe("embedding", () => {
  it("gives each row the gradients of all its places", () => {
    const layer = new layers.Embedding(3, 1, { embeddingsInitializer: "ones" });
    const tape = new GradientTape();
    const y = tape.run(() => ops.sum(layer.apply([[2, 0, 2]])));
    expect([...(tape.gradient(y, layer.weights)[0]?.array() ?? [])]).toEqual([1, 0, 2]);
  });

  it("takes whole numbers in any form", () => {
    const layer = new layers.Embedding(3, 2);
    expect(layer.apply(tensor(Int32Array.of(0, 1), [1, 2])).shape).toEqual([1, 2, 2]);
    expect(layer.apply(tensor([0, 1], [2])).shape).toEqual([2, 2]);
    const input = Input({ shape: [null], dtype: "int32" });
    expect(layer.apply(input).shape).toEqual([null, null, 2]);
  });
});

describe("small layers", () => {
  it("permute, and repeat", () => {
    expect([
      ...new layers.Permute([2, 1])
        .apply([
          [
            [1, 2],
            [3, 4],
          ],
        ])
        .array(),
    ]).toEqual([1, 3, 2, 4]);
    expect(new layers.Permute([2, 1]).computeOutputShape([null, 3, null])).toEqual([null, null, 3]);
    expect(new layers.RepeatVector(3).apply([[1, 2]]).shape).toEqual([1, 3, 2]);
    expect(new layers.RepeatVector(3).computeOutputShape([null, 2])).toEqual([null, 3, 2]);
  });

  it("add noise in training only", () => {
    const layer = new layers.GaussianNoise(0.5, { seed: 2 });
    const zeros = image(1, 500);
    expect(
      layer
        .apply(zeros)
        .array()
        .every((value) => value === 0),
    ).toBe(true);
    const noise = layer.apply(zeros, { training: true }).array();
    const variance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    expect(variance).toBeGreaterThan(0.15);
    expect(variance).toBeLessThan(0.35);
  });

  it("take a layer as activation, and save it", () => {
    const layer = new layers.Dense(1, {
      kernelInitializer: "ones",
      activation: new layers.LeakyReLU({ negativeSlope: 0.5 }),
    });
    expect([...layer.apply([[-4], [4]]).array()]).toEqual([-2, 4]);
    const again = layers.deserialize(JSON.parse(JSON.stringify(layers.serialize(layer))));
    again.build([null, 1]);
    again.setWeights(layer.getWeights());
    expect([...again.apply([[-4], [4]]).array()]).toEqual([-2, 4]);
  });
});

describe("the shapes of layers over images", () => {
  it("leave open what is not known", () => {
    expect(new layers.Conv2D(8, 3).computeOutputShape([null, null, 28, 1])).toEqual([null, null, 26, 8]);
    expect(new layers.DepthwiseConv2D(3).computeOutputShape([null, null, 28, 2])).toEqual([null, null, 26, 2]);
    expect(new layers.Conv2DTranspose(8, 3).computeOutputShape([4, 5, null, 2])).toEqual([4, 7, null, 8]);
    expect(new layers.MaxPooling2D().computeOutputShape([null, 7, null, 2])).toEqual([null, 3, null, 2]);
    expect(new layers.ZeroPadding2D().computeOutputShape([null, null, 5, 2])).toEqual([null, null, 7, 2]);
    expect(new layers.Flatten().computeOutputShape([null, null, 5])).toEqual([null, null]);
    expect(new layers.Reshape([-1, 5]).computeOutputShape([null, null, 5])).toEqual([null, null, 5]);
  });
});

describe("pooling over sequences", () => {
  const sequence = tensor([1, 10, 5, 20, 3, 60], [1, 3, 2]);

  it.each([
    ["MaxPooling1D", {}, [1, 1, 2], [5, 20]],
    ["MaxPooling1D", { padding: "same" }, [1, 2, 2], [5, 20, 3, 60]],
    ["AveragePooling1D", { poolSize: 2, strides: 1 }, [1, 2, 2], [3, 15, 4, 40]],
    ["GlobalMaxPooling1D", {}, [1, 2], [5, 60]],
    ["GlobalAveragePooling1D", { keepdims: true }, [1, 1, 2], [3, 30]],
  ] as const)("%s %o", (name, options, shape, expected) => {
    const layer: layers.Layer = new layers[name](options);
    const y = layer.apply(sequence);
    expect(y.shape).toEqual(shape);
    expect([...y.array()]).toEqual(expected);
    expect(layer.computeOutputShape([null, 3, 2])).toEqual([null, ...shape.slice(1)]);
    const saved = JSON.parse(JSON.stringify(layers.serialize(layer)));
    expect(layers.deserialize(saved).getConfig()).toEqual(layer.getConfig());
    expect(saved.build_config).toBe(undefined);
  });
});

describe("memory", () => {
  it("does not grow with the steps of a model of all kinds", () => {
    const all = [
      new layers.Conv2D(4, 3, { activation: "relu", groups: 2 }),
      new layers.BatchNormalization({ axis: 1 }),
      new layers.DepthwiseConv2D(2),
      new layers.MaxPooling2D(),
      new layers.LayerNormalization({ axis: [1, 2] }),
      new layers.Dropout(0.5),
      new layers.Flatten(),
      new layers.Dense(3, { activation: "gelu", kernelRegularizer: "l2", activityRegularizer: "l1" }),
    ];
    const x = image(2, 9, 9, 2);
    const step = () =>
      tidy(() => {
        const tape = new GradientTape();
        const loss = tape.run(() => {
          const y = all.reduce<Tensor<"float32">>((input, layer) => layer.apply(input, { training: true }), x);
          return all.flatMap((layer) => layer.regularizationLosses()).reduce((a, b) => ops.add(a, b), ops.sum(y));
        });
        const weights = all.flatMap(({ trainableWeights }) => trainableWeights);
        expect(tape.gradient(loss, weights).every((gradient) => gradient !== null)).toBe(true);
      });
    for (let i = 0; i < 6; i++) step();
    const { inUse } = memoryUse();
    for (let i = 0; i < 20; i++) step();
    expect(memoryUse().inUse).toBe(inUse);
  });
});
