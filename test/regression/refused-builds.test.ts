/**
 * Refused calls used up random numbers, and the layers that they had built stayed built.
 */

import { expect, it } from "vitest";
import {
  GradientTape,
  Input,
  initializers,
  layers,
  losses,
  Model,
  ops,
  random,
  Sequential,
  SGD,
  setRandomSeed,
  type Tensor,
} from "../../ts/index.js";
import { sharedGenerator } from "../../ts/random/generator.js";
import { refusal } from "../support/refusal.js";

const NORMAL = { gammaInitializer: "normal" } as const;

it.each<[string, () => unknown]>([
  ["Dense", () => new layers.Dense(-1)],
  ["Dense, by a later option", () => new layers.Dense(1, { biasRegularizer: "nonsense" as never })],
  ["Dense, by the bias's initializer", () => new layers.Dense(1, { biasInitializer: "nonsense" })],
  ["Conv1D", () => new layers.Conv1D(2, 0)],
  ["Conv2D", () => new layers.Conv2D(3, 2, { groups: 2 })],
  ["Conv2DTranspose", () => new layers.Conv2DTranspose(2, 2, { outputPadding: 2 })],
  ["DepthwiseConv2D", () => new layers.DepthwiseConv2D(2, { depthMultiplier: 0 })],
  ["Embedding", () => new layers.Embedding(3, 0)],
  ["Embedding, by its last option", () => new layers.Embedding(3, 1, { sparseGradient: 1 as never })],
  [
    "Embedding, by two options",
    () => new layers.Embedding(3, 1, { sparseGradient: true, embeddingsRegularizer: "l2" }),
  ],
  ["Dropout", () => new layers.Dropout(2)],
  ["GaussianNoise", () => new layers.GaussianNoise(-1)],
  ["BatchNormalization", () => new layers.BatchNormalization({ ...NORMAL, axis: 0.5 })],
  [
    "BatchNormalization, by the last initializer",
    () => new layers.BatchNormalization({ ...NORMAL, movingVarianceInitializer: "nonsense" }),
  ],
  ["LayerNormalization", () => new layers.LayerNormalization({ ...NORMAL, axis: 0.5 })],
  ["RandomUniform", () => new initializers.RandomUniform({ maxval: Number.NaN })],
  ["RandomNormal", () => new initializers.RandomNormal({ stddev: Number.NaN })],
  ["VarianceScaling", () => new initializers.VarianceScaling({ mode: "inwards" as never })],
  ["Orthogonal", () => new initializers.Orthogonal({ gain: Number.NaN })],
  ["uniform", () => random.uniform([-1])],
  ["normal", () => random.normal([2], { stddev: Number.POSITIVE_INFINITY })],
  ["randint", () => random.randint([2], 5, 5)],
  ["permutation", () => random.permutation(0.5)],
  ["dropout", () => random.dropout([1, 2], 2)],
  ["a seed that is none", () => random.uniform([2], { seed: -1 })],
])("a refused %s draws nothing", (_, call) => {
  setRandomSeed(1);
  const { state } = sharedGenerator();
  expect(refusal(call)).toHaveProperty("code");
  expect(sharedGenerator().state).toEqual(state);
});

/** A layer that builds a part, then another that refuses its input. */
class Two extends layers.Layer {
  readonly first = new layers.Dense(2, { activation: "relu" });
  readonly second = new layers.Conv1D(2, 9);
  override call(x: Tensor) {
    return this.second.apply(this.first.apply(x));
  }
}

/** Drops, then refuses what has three rows. */
class DropsFirst extends layers.Layer {
  readonly dropout = new layers.Dropout(0.5);
  override call(x: Tensor, { training }: { training: boolean }) {
    const dropped = this.dropout.apply(x, { training });
    return x.shape[0] === 3 ? ops.add(dropped, new Float32Array(99)) : dropped;
  }
}

const image = (side: number) => ops.keep(random.uniform([1, side, side, 2], { seed: 3 }));

const REFUSED: Record<
  string,
  () => { layer: layers.Layer; bad: ops.TensorLike; good: ops.TensorLike; training?: boolean }
> = {
  "Embedding, by an index": () => ({ layer: new layers.Embedding(3, 2), bad: [[3]], good: [[2]] }),
  "Conv1D, by a short input": () => ({
    layer: new layers.Conv1D(2, 4),
    bad: [[[1], [2]]],
    good: [[[1], [2], [3], [4]]],
  }),
  "Conv2D, by a small image": () => ({ layer: new layers.Conv2D(2, 5), bad: image(3), good: image(5) }),
  "Conv2DTranspose, by a size that overflows": () => ({
    layer: new layers.Conv2DTranspose(1, 2 ** 16),
    bad: image(2),
    good: image(1),
  }),
  "a model, by its second layer": () => ({
    layer: new Sequential([new layers.Embedding(9, 4), new layers.Conv1D(3, 4, { kernelInitializer: "normal" })]),
    bad: [[1, 2]],
    good: [[1, 2, 3, 4]],
  }),
  "a layer of layers": () => ({ layer: new Two(), bad: [[[1], [2]]], good: new Float32Array(10).fill(1) }),
  "dropout before the fault": () => ({
    layer: new DropsFirst(),
    bad: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    good: [
      [1, 2],
      [3, 4],
    ],
    training: true,
  }),
};

it.each(Object.entries(REFUSED))("a refused apply leaves the layer as it was: %s", (name, make) => {
  const shaped = (x: ops.TensorLike) =>
    name === "a layer of layers" && !Array.isArray(x) ? ops.reshape(x, [1, 10, 1]) : x;
  const values = (x: Tensor) => [...x.array()];
  setRandomSeed(2);
  const fresh = make();
  const options = { training: fresh.training ?? false };
  const isTooLarge = name.startsWith("Conv2DTranspose");
  const expected = isTooLarge ? [] : values(fresh.layer.apply(shaped(fresh.good), options));

  setRandomSeed(2);
  const { layer, bad, good } = make();
  const { state } = sharedGenerator();
  expect(refusal(() => layer.apply(bad, options))).toHaveProperty("code");
  expect([layer.built, layer.weights.length]).toEqual([false, 0]);
  expect(sharedGenerator().state).toEqual(state);
  if (!isTooLarge) expect(values(layer.apply(shaped(good), options))).toEqual(expected);
});

it("a refused layer leaves the layers before it unbuilt, in every way to put models together", () => {
  const first = () => new layers.Dense(2, { inputShape: [3] });
  const wrong = () => new layers.Conv2D(1, 2);
  const all: layers.Layer[] = [];
  const kept = <T extends layers.Layer>(layer: T): T => {
    all.push(layer);
    return layer;
  };
  expect(refusal(() => new Sequential([kept(first()), wrong()]))).toHaveProperty("code", "ERR_SHAPE");
  expect(refusal(() => wrong().apply(Input({ shape: [3] })))).toHaveProperty("code", "ERR_SHAPE");
  const model = new Sequential([kept(new layers.Dense(2)), kept(wrong())]);
  expect(refusal(() => model.build([null, 3]))).toHaveProperty("code", "ERR_SHAPE");
  expect(refusal(() => model.add(new layers.Dense(1)) ?? model.apply([[1, 2, 3]]))).toHaveProperty("code", "ERR_SHAPE");
  expect([model.built, model.inputShape, model.outputShape]).toEqual([false, undefined, undefined]);
  const empty = new Sequential();
  expect(refusal(() => empty.add(new layers.Conv2D(1, 2, { inputShape: [1, 1, 1] })))).toHaveProperty("code");
  empty.add(kept(new layers.Dense(1)));
  expect(empty.inputShape).toBeUndefined();
  expect(all.map((layer) => layer.built)).toEqual(all.map(() => false));
});

it("a refused first batch fixes neither weights nor metrics", async () => {
  const twin = () => {
    setRandomSeed(4);
    const model = new Sequential([new layers.Dense(3, { activation: "softmax" })]);
    model.compile({ optimizer: "sgd", loss: "categorical_crossentropy", metrics: ["accuracy"] });
    return model;
  };
  const x = [
    [1, 2],
    [3, 4],
  ];
  const y = [
    [1, 0, 0],
    [0, 0, 1],
  ];
  const [model, untouched] = [twin(), twin()];
  const expected = await untouched.trainOnBatch(x, y);
  setRandomSeed(4);
  const again = twin();
  await expect(again.trainOnBatch(x, [[0], [9]])).rejects.toHaveProperty("code");
  expect(again.built).toBe(false);
  expect(await again.trainOnBatch(x, y)).toEqual(expected);
  await expect(model.predict([[[1, 2]], [[3]]] as never)).rejects.toHaveProperty("code");
  expect(model.built).toBe(false);
});

it("minimize puts back what the loss drew, when the step is refused", () => {
  const layer = new layers.Dropout(0.5, { seed: 1 });
  const dense = new layers.Dense(1);
  const optimizer = new SGD();
  const { state } = layer.seedGenerator;
  const loss = () => losses.meanSquaredError([[1]], dense.apply(layer.apply([[1, 2]], { training: true })));
  expect(refusal(() => optimizer.minimize(loss, [3] as never))).toHaveProperty("code");
  expect(layer.seedGenerator.state).toEqual(state);
  expect([dense.built, optimizer.built]).toEqual([false, false]);
});

it("a functional model that is called for the first time, and refused, is as it was", () => {
  const input = Input({ shape: [null] as never });
  const embedding = new layers.Embedding(4, 2);
  const model = new Model({ inputs: input, outputs: embedding.apply(input) });
  const tape = new GradientTape();
  expect(refusal(() => tape.run(() => model.apply([[4]])))).toHaveProperty("code", "ERR_INDEX_RANGE");
  expect(embedding.built).toBe(true);
});
