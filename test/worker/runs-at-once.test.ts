/**
 * Simultaneous runs of a model in a worker behave like those of a local model: each has separate numbers, and reads
 * data in the same way.
 */

import { callbacks, layers, Sequential, SGD } from "gradstep";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";

/** y = w x, from w = 0. */
function linear(rate = 0) {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer: new SGD({ learningRate: rate }), loss: "mse", metrics: ["mae"] });
  return model;
}

const QUIET = { verbose: 0, batchSize: 1, shuffle: false } as const;
const ones = [[1], [1], [1], [1]];

it("evaluate during fit, and beside another one", async () => {
  await using remote = await offload(linear());
  expect(await Promise.all([1, 10].map((y) => remote.evaluate([[1]], [[y]], { verbose: 0 })))).toEqual([
    [1, 1],
    [100, 10],
  ]);
  const seen: unknown[] = [];
  class Inside extends callbacks.Callback {
    override async onTrainBatchEnd() {
      seen.push(await remote.evaluate([[1]], [[5]], { verbose: 0 }));
    }
  }
  const { history } = await remote.fit(ones, ones, { ...QUIET, callbacks: [new Inside()] });
  expect(history).toEqual({ loss: [1], mae: [1] });
  expect(seen).toEqual(new Array(4).fill([25, 5]));
});

it("validation data, steps and predictions", async () => {
  await using remote = await offload(linear(0.1));
  const x = [[1], [2], [3], [4]];
  const list = x.map((row) => [[row], [row]] as const);
  // Real Keras 3.15.1.
  const wanted = [1.78, 0.246272, 0.1411515];
  for (const [data, y] of [
    [x, x],
    [list, undefined],
    [new Set(list), undefined],
  ] as const) {
    await remote.setWeights([[[0]]]);
    const { history } = await remote.fit(data as never, y as never, { ...QUIET, stepsPerEpoch: 2, epochs: 3 });
    history.loss?.forEach((loss, i) => expect(loss).toBeCloseTo(wanted[i] as number, 4));
  }
  await remote.setWeights([[[0]]]);
  for (const [validationData, expected] of [
    [
      [
        [[1], [2]],
        [[3], [6]],
      ],
      22.5,
    ],
    [
      [
        [[1], [2], [3]],
        [[3], [6], [9]],
      ],
      42,
    ],
    [
      [
        [[[1]], [[3]]],
        [[[2]], [[6]]],
      ],
      22.5,
    ],
  ]) {
    const { history } = await remote.fit([[0]], [[0]], { ...QUIET, validationData: validationData as never });
    expect(history.val_loss).toEqual([expected]);
  }
  await remote.setWeights([[[2]]]);
  const batches = function* () {
    yield [[1], [2]];
    yield Float32Array.of(3);
    yield [[[4]]];
  };
  expect([...(await remote.predict(batches as never, { verbose: 0 })).array()]).toEqual([2, 4, 6, 8]);
});

it("a model built by its first data reads batches like one that is built before", async () => {
  const model = new Sequential([new layers.Dense(1, { kernelInitializer: "ones", useBias: false })]);
  model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "mse" });
  await using remote = await offload(model);
  const x = [[[1], [2]]];
  await remote.fit(x, [[[1], [2]]], { verbose: 0 });
  const batches = function* () {
    yield x;
    yield [x];
  };
  expect((await remote.predict(batches as never, { verbose: 0 })).shape).toEqual([2, 2, 1]);
});

it("a bad label is found before the first step", async () => {
  const model = new Sequential([new layers.Dense(4, { inputShape: [1], activation: "softmax" })]);
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy" });
  await using remote = await offload(model);
  const before = await remote.getWeights();
  const labels = [0, 1, 2, 3, 0, 1, 2, 9];
  const refused = remote.fit(new Float32Array(8), labels, { ...QUIET, batchSize: 2 });
  await expect(refused).rejects.toMatchObject({ code: "ERR_INDEX_RANGE" });
  expect(remote.lastIteration).toBe(0);
  expect(await remote.getWeights()).toEqual(before);
});

it("one callback in runs of two models is refused, and free afterwards", async () => {
  await using remote = await offload(linear());
  const stopping = new callbacks.EarlyStopping({ monitor: "loss", patience: 9 });
  const options = { ...QUIET, epochs: 2, callbacks: [stopping] };
  const running = remote.fit(ones, ones, options);
  await expect(linear().fit(ones, ones, options)).rejects.toMatchObject({ code: "ERR_BUSY" });
  await running;
  const local = linear().fit(ones, ones, options);
  await expect(remote.fit(ones, ones, options)).rejects.toMatchObject({ code: "ERR_BUSY" });
  await local;
  expect((await remote.fit(ones, ones, options)).epoch).toEqual([0, 1]);
});
