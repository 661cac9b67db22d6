/**
 * updateBatchNormalization: means over batches, against torch's `update_bn` (test/golden/wrappers.py); the other tests follow from its
 * definition.
 */

import { expect, it, vi } from "vitest";
import {
  Adam,
  ArgumentTypeError,
  Input,
  layers,
  Model,
  Sequential,
  SGD,
  SWA,
  tensor,
  updateBatchNormalization,
} from "../../../ts/index.js";
import { float32s } from "../../support/bytes.js";
import { goldenFile } from "../../support/golden.js";

interface Golden {
  readonly updated_statistics: {
    readonly batches: readonly string[];
    readonly kernel: string;
    readonly statistics: readonly string[];
  };
}

const X = [[1], [2], [3], [6], [8], [10]];
const Y = [[0], [1], [1], [2], [3], [3]];

/** A normalization with statistics that no data has. */
const normalized = (options: object = {}) =>
  new layers.BatchNormalization({
    movingMeanInitializer: "ones",
    movingVarianceInitializer: "zeros",
    name: "norm",
    ...options,
  });
const alone = (options: object = {}) => new Sequential([normalized({ inputShape: [1], ...options })]);
const statistics = (model: Model | Sequential, name = "norm") => {
  const layer = model.getLayer(name) as layers.BatchNormalization;
  return [layer.movingMean, layer.movingVariance].map((moving) => Array.from(moving?.array() ?? []));
};
const inOrder = { batchSize: 3, shuffle: false } as const;

it("is torch's update_bn, but for the divisor of variances", async () => {
  const { batches, kernel, statistics: expected } = goldenFile<Golden>("wrappers.json").updated_statistics;
  const model = new Sequential([
    normalized({ inputShape: [3], name: "first", momentum: 0.9 }),
    new layers.Dense(2, { useBias: false, activation: "relu", name: "dense" }),
    normalized({ name: "second" }),
  ]);
  model.getLayer("dense").setWeights([tensor(float32s(kernel), [3, 2])]);
  const x = batches.flatMap((batch) =>
    Array.from({ length: 4 }, (_, i) => Array.from(float32s(batch)).slice(i * 3, i * 3 + 3)),
  );
  await updateBatchNormalization(model, x, { batchSize: 4, shuffle: false });
  const got = [...statistics(model, "first"), ...statistics(model, "second")];
  expected.forEach((text, i) => {
    // torch divides the squares of 4 samples by 3.
    const factor = i % 2 === 1 ? 3 / 4 : 1;
    float32s(text).forEach((value, j) => {
      expect(Math.abs(got[i]![j]! - value * factor), `${i}, ${j}`).toBeLessThan(2e-6 * Math.max(1, Math.abs(value)));
    });
  });
});

it("counts each batch the same, a smaller last one too; whatever the momentum and the first statistics", async () => {
  for (const momentum of [0, 0.5, 1]) {
    const model = alone({ momentum });
    await updateBatchNormalization(model, X, { batchSize: 4, shuffle: false });
    // Means 3 and 9, variances 3.5 and 1.
    expect(statistics(model)).toEqual([[6], [2.25]]);
  }
  const broken = alone();
  broken.layers[0]?.setWeights([tensor([1]), tensor([0]), tensor([Number.NaN]), tensor([Number.NaN])]);
  await updateBatchNormalization(broken, X, inOrder);
  expect(statistics(broken)[0]).toEqual([5]);
});

it("takes batches from generators, some steps of them, and inputs by name", async () => {
  const model = alone();
  const batches = function* () {
    for (let i = 0; i < 6; i += 2) yield [X.slice(i, i + 2), Y.slice(i, i + 2)] as const;
  };
  await updateBatchNormalization(model, batches as never);
  expect(statistics(model)[0]).toEqual([5]);
  await updateBatchNormalization(model, batches as never, { steps: 2 });
  expect(statistics(model)[0]).toEqual([3]);
  const input = Input({ shape: [1], name: "x" });
  const named = new Model(input, normalized().apply(input));
  await updateBatchNormalization(named, { x: X }, inOrder);
  expect(statistics(named)[0]).toEqual([5]);
});

it("shuffles, as fit does, unless told not to", async () => {
  const found = new Set<number>();
  for (let i = 0; i < 20; i++) {
    const model = alone();
    await updateBatchNormalization(model, X, { batchSize: 3 });
    expect(statistics(model)[0]?.[0]).toBeCloseTo(5, 5);
    found.add(statistics(model)[1]?.[0] as number);
  }
  expect(found.size).toBeGreaterThan(1);
});

it("counts each call of a layer that is used twice", async () => {
  const input = Input({ shape: [1] });
  const norm = normalized();
  const model = new Model(input, norm.apply(new layers.Rescaling({ scale: 1, offset: 4 }).apply(norm.apply(input))));
  await updateBatchNormalization(model, X, inOrder);
  // The second call sees mean 4 always; the first the means 2 and 8.
  expect(statistics(model)[0]?.[0]).toBeCloseTo((2 + 4 + 8 + 4) / 4, 5);
});

it("measures with the averages of SWA, and leaves all weights as they are", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], name: "dense" }), normalized()]);
  model.compile({ optimizer: new SWA(new SGD({ learningRate: 0.1 }), { averagePeriod: 1 }), loss: "mse" });
  await model.fit(X, Y, { batchSize: 3, epochs: 3, verbose: 0 });
  const dense = () =>
    model
      .getLayer("dense")
      .getWeights()
      .flatMap(({ data }) => Array.from(data));
  const [kernel, bias] = dense() as [number, number];
  // A step of a custom loop, after which the weights are not the averages.
  await model.trainOnBatch(X, Y);
  expect(dense()).not.toEqual([kernel, bias]);
  const iterations = model.optimizer?.iterations;
  await updateBatchNormalization(model, X, inOrder);
  const [k, b] = dense() as [number, number];
  expect(statistics(model)[0]?.[0]).toBeCloseTo(5 * k + b, 5);
  expect(model.optimizer?.iterations).toBe(iterations);
  const [first] = Array.from((await model.predict(X)).array());
  const [[mean], [variance]] = statistics(model) as [[number], [number]];
  const [gamma, beta] = model
    .getLayer("norm")
    .getWeights()
    .flatMap(({ data }) => Array.from(data)) as [number, number];
  expect(first).toBeCloseTo(((k + b - mean) / Math.sqrt(variance + 1e-3)) * gamma + beta, 4);
});

it("trains on afterwards, with moving averages", async () => {
  const model = alone({ momentum: 0.5 });
  model.compile({ optimizer: new Adam(), loss: "mse" });
  await updateBatchNormalization(model, X, inOrder);
  await model.trainOnBatch([[1], [1]], [[0], [0]]);
  expect(statistics(model)[0]).toEqual([3]);
});

it("builds a model, and leaves frozen layers alone", async () => {
  const model = new Sequential([normalized(), normalized({ name: "frozen", trainable: false })]);
  await updateBatchNormalization(model, X, inOrder);
  expect(statistics(model)[0]).toEqual([5]);
  expect(statistics(model, "frozen")).toEqual([[1], [0]]);
});

it("warns if there is nothing to measure", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })], { name: "plain" });
  await updateBatchNormalization(model, X);
  expect(warn.mock.calls).toEqual([
    ['updateBatchNormalization: "plain" has no BatchNormalization layer that is trainable; nothing was changed.'],
  ]);
  warn.mockRestore();
});

it("changes no statistics when it fails in the middle, or is aborted", async () => {
  const model = alone();
  const before = statistics(model);
  const failing = function* () {
    yield [X];
    throw new RangeError("lost");
  };
  await expect(updateBatchNormalization(model, failing as never)).rejects.toThrow("lost");
  const controller = new AbortController();
  const aborting = function* () {
    yield [X];
    controller.abort(new RangeError("enough"));
    yield [X];
  };
  await expect(updateBatchNormalization(model, aborting as never, { signal: controller.signal })).rejects.toThrow(
    "enough",
  );
  await expect(updateBatchNormalization(model, () => [[X], [["a"]]] as never)).rejects.toThrow(ArgumentTypeError);
  expect(statistics(model)).toEqual(before);
});
