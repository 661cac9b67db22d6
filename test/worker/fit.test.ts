/** Training in a worker has the same bits as on this thread. */

import {
  AdamW,
  type FitOptions,
  Input,
  initializers,
  layers,
  Model,
  Muon,
  random,
  Sequential,
  setRandomSeed,
  tensor,
} from "gradstep";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";
import { batches, bits, nestedX, SAMPLES, seededModel, x, y } from "./training.js";

const RUN: FitOptions = { epochs: 3, batchSize: 20, validationSplit: 0.25 };

const MADE = {
  NorMuon: () => new Muon({ learningRate: 0.01, polarExpress: true, normuonBeta2: 0.95 }),
  "clipped AdamW": () => new AdamW({ clipThreshold: 0.5 }),
};
const optimizerOf = (name: string) => MADE[name as keyof typeof MADE]?.() ?? name;

it.each(["sgd", "adam", "muon", "lamb", ...Object.keys(MADE)])(
  "fit with %s: history and weights are those of a fit here",
  async (name) => {
    const local = seededModel({ optimizer: optimizerOf(name) });
    const { history } = await local.fit(x, y, RUN);
    const remote = await offload(seededModel({ optimizer: optimizerOf(name) }));
    const result = await remote.fit(x, y, RUN);
    expect(result.history).toEqual(history);
    expect(result.epoch).toEqual([0, 1, 2]);
    expect(remote.history).toBe(result);
    expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
    await remote.dispose();
  },
);

it("a trained model continues with the states of its optimizer and generators", async () => {
  const local = seededModel();
  await local.fit(x, y, RUN);
  await local.fit(x, y, RUN);
  const half = seededModel();
  await half.fit(x, y, RUN);
  const before = bits(half.getWeights());
  const remote = await offload(half);
  await remote.fit(x, y, RUN);
  expect(remote.lastIteration).toBe(local.optimizer?.iterations);
  expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
  expect(bits(half.getWeights())).toEqual(before);
  await remote.dispose();
});

it("a model with several outputs inside another", async () => {
  const make = () => {
    setRandomSeed(3);
    const i = Input({ shape: [4] });
    const hidden = new layers.Dense(3, { activation: "tanh" }).apply(i);
    const inner = new Model({ inputs: i, outputs: { a: hidden, b: new layers.Dense(3).apply(hidden) } });
    const x = Input({ shape: [4] });
    const { a, b } = inner.apply<Record<"a" | "b", layers.SymbolicTensor>>(x);
    const model = new Model({ inputs: x, outputs: [new layers.Add().apply([a, b]), b] });
    model.compile({ optimizer: "adam", loss: ["mse", "mse"] });
    return model;
  };
  const data = Array.from({ length: 12 }, (_, i) => [i, 1, -i, i / 2].map((value) => value / 12));
  const labels = [0, 1].map((by) => data.map(([a, b, c]) => [a! + by, b!, c!]));
  const run: FitOptions = { epochs: 3, batchSize: 5 };
  const local = make();
  const { history } = await local.fit(data, labels, run);
  const remote = await offload(make());
  // Names of layers count on.
  expect(Object.values((await remote.fit(data, labels, run)).history)).toEqual(Object.values(history));
  expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
  await remote.dispose();
});

it("an unbuilt model is built by its first data, with the same weights for the same seed", async () => {
  const runs = [];
  for (let run = 0; run < 2; run++) {
    const remote = await offload(seededModel({ built: false }));
    expect(await remote.getWeights()).toEqual([]);
    runs.push((await remote.fit(nestedX, y, RUN)).history);
    expect(await remote.getWeights()).toHaveLength(4);
    await remote.dispose();
  }
  expect(runs[1]).toEqual(runs[0]);
});

it("a layer that was built by hand keeps its weights in a model that is not built", async () => {
  const model = seededModel({ built: false });
  model.layers[0]!.build([null, 6]);
  const remote = await offload(model);
  expect(await remote.getWeights()).toEqual(model.getWeights());
  await remote.fit(nestedX, y, RUN);
  await model.fit(nestedX, y, RUN);
  expect(bits(await remote.getWeights())).toEqual(bits(model.getWeights()));
  await remote.dispose();
});

it("initializers draw the same numbers as here, from seeds and from given generators", async () => {
  const seeds = [() => 5, () => new random.SeedGenerator(5), () => null, () => undefined];
  for (const seed of seeds) {
    const make = () => {
      setRandomSeed(3);
      const kernelInitializer = new initializers.RandomNormal({ stddev: 0.5, seed: seed() as never });
      const model = new Sequential([new layers.Dense(2, { kernelInitializer }), new layers.Dense(1)]);
      model.compile({ optimizer: "sgd", loss: "mse" });
      return model;
    };
    const local = make();
    await local.fit(nestedX, y, { shuffle: false });
    const remote = await offload(make());
    await remote.fit(nestedX, y, { shuffle: false });
    expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
    await remote.dispose();
  }
});

it("evaluate, predict, trainOnBatch and testOnBatch return the same as here", async () => {
  const local = seededModel();
  const remote = await offload(seededModel());
  expect(await remote.trainOnBatch(x, y)).toEqual(await local.trainOnBatch(x, y));
  expect(await remote.testOnBatch(x, y, { returnDict: true })).toEqual(
    await local.testOnBatch(x, y, { returnDict: true }),
  );
  expect(await remote.evaluate(x, y)).toEqual(await local.evaluate(x, y));
  expect(await remote.evaluate(x, y, { returnDict: true })).toEqual(await local.evaluate(x, y, { returnDict: true }));
  const [there, here] = [await remote.predict(x, { batchSize: 7 }), await local.predict(x, { batchSize: 7 })];
  expect(there.shape).toEqual([SAMPLES, 1]);
  expect(there.array()).toEqual(here.array());
  await remote.dispose();
});

it("takes data in every form in which a model takes them", async () => {
  const sampleWeight = Float32Array.from(y, (value) => value * value);
  const forms: [unknown, unknown, FitOptions][] = [
    [nestedX, [...y], {}],
    [tensor(nestedX), tensor(y, [SAMPLES, 1]), { sampleWeight, validationData: [nestedX, y] }],
    [x.subarray(0, 60), y.slice(0, 10), { classWeight: new Map([[0, 2]]) }],
    [batches(16), undefined, { validationData: batches(32) }],
    [() => batches(16), undefined, { epochs: 2 }],
    [() => asynchronous(16), undefined, { epochs: 2, validationData: asynchronous(48), validationSteps: 1 }],
    [generator(16), undefined, { epochs: 2, stepsPerEpoch: 3 }],
    [new Set(batches(24)), undefined, { epochs: 2 }],
  ];
  const fresh = (form: number) => {
    // Generators are used up by going through them.
    const [data, labels, options] = forms[form] as (typeof forms)[number];
    if (form === 5) return [data, labels, { ...options, validationData: asynchronous(48) }] as const;
    return [form === 6 ? generator(16) : data, labels, options] as const;
  };
  for (const form of forms.keys()) {
    const [local, remote] = [seededModel(), await offload(seededModel())];
    const [dataHere, labelsHere, optionsHere] = fresh(form);
    const { history } = await local.fit(dataHere as never, labelsHere as never, optionsHere);
    const [dataThere, labelsThere, optionsThere] = fresh(form);
    const result = await remote.fit(dataThere as never, labelsThere as never, optionsThere);
    expect(result.history, `form ${form}`).toEqual(history);
    await remote.dispose();
  }
});

it("the caller keeps its arrays, unless it transfers them", async () => {
  const remote = await offload(seededModel());
  const [mine, labels] = [x.slice(), y.slice()];
  await remote.fit(mine, labels);
  expect(mine).toEqual(x);
  expect(labels).toEqual(y);
  await remote.dispose();

  const giving = await offload(seededModel(), { transfer: true });
  const part = x.slice().subarray(6);
  await giving.predict(part);
  expect(part).toHaveLength(x.length - 6);
  await giving.fit(mine, labels);
  expect([mine.length, labels.length]).toEqual([0, 0]);
  await giving.dispose();
});

it("one array as data and labels is moved once", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  model.compile({ loss: "mse", optimizer: "sgd" });
  const remote = await offload(model, { transfer: true });
  const both = y.slice();
  expect((await remote.fit(both, both)).history.loss).toHaveLength(1);
  await remote.dispose();
});

it("setWeights accepts the same values as a model's", async () => {
  const remote = await offload(seededModel());
  const weights = (await remote.getWeights()).map(({ data, shape, dtype }) => ({
    data: data.map(() => 0.5),
    shape,
    dtype,
  }));
  await remote.setWeights(weights);
  expect(bits(await remote.getWeights())).toEqual(bits(weights));
  expect(weights[0]?.data.length).toBeGreaterThan(0);
  await remote.setWeights([tensor(weights[0]?.data ?? [], [6, 8]), new Float32Array(8), Array(8).fill([0]), [1]]);
  expect((await remote.getWeights())[3]?.data).toEqual(new Float32Array([1]));
  await remote.dispose();
});

async function* asynchronous(size: number) {
  yield* batches(size);
}

function* generator(size: number) {
  yield* batches(size);
}

const row = (width: number) => [Array<number>(width).fill(1), Array<number>(width).fill(2)];
const narrow = [row(3), [[1], [2]]] as const;
const wide = [row(5), [[1], [2]]] as const;

it.each([
  ["validation data", narrow, { validationData: wide }, "fit: validationData"],
  ["a validation batch", narrow, { validationData: [wide] }, "fit: validationData: batch 0"],
  ["a later batch", [[narrow, wide]], {}, "fit: batch 1"],
] as const)("%s of another width are refused before the first step", async (_, data, options, owner) => {
  const model = new Sequential([new layers.Dense(1, { name: "last" })], { name: "stack" });
  model.compile({ optimizer: "adam", loss: "mse" });
  const remote = await offload(model);
  let steps = 0;
  const callbacks = [{ onTrainBatchEnd: () => void steps++ }];
  const run = remote.fit(data[0] as never, data[1] as never, { ...(options as FitOptions), verbose: 0, callbacks });
  await expect(run).rejects.toMatchObject({
    code: "ERR_SHAPE",
    message: `${owner}: "x" does not fit stack: Dense "last": expected inputs of 3 on the last axis, got 5 (? x 5).`,
  });
  expect(steps).toBe(0);
  const { epoch } = await remote.fit(...(narrow as unknown as [number[][], number[][]]), { verbose: 0 });
  expect(epoch).toEqual([0]);
  await remote.dispose();
});
