/** A model that was saved within a run and loaded continues with the bits of the uninterrupted run. */

import { describe, expect, it } from "vitest";
import {
  callbacks as callbackClasses,
  layers,
  losses,
  type Model,
  optimizers,
  random,
  Sequential,
  setRandomSeed,
} from "../../ts/index.js";
import type { FitOptions } from "../../ts/models/fit-options.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";
import { expectSameBits } from "../support/bytes.js";
import { CLASS_NAMES } from "../support/optimizers.js";

const x = Array.from({ length: 11 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 11, 1 - i / 7]);
const y = Array.from({ length: 11 }, (_, i) => [Math.sin(2 * i), i % 3]);

function network(optimizer: unknown): Sequential {
  const model = new Sequential([
    new layers.Dense(5, { inputShape: [4], activation: "tanh" }),
    new layers.Dropout(0.3),
    new layers.BatchNormalization(),
    new layers.GaussianNoise(0.1),
    new layers.Dense(2),
  ]);
  model.compile({ optimizer: optimizer as "adam", loss: new losses.MeanSquaredError(), metrics: ["mae"] });
  return model;
}

const numbersOf = (model: Model) =>
  [...model.getWeights(), ...(model.optimizer?.getWeights() ?? [])].map(({ data }) => data as Float32Array);

/** Trains through, saving after epoch 2; then the rest with what was loaded. */
async function goesOn(make: () => unknown, fit: FitOptions = {}, train = { x: x as unknown, y: y as unknown }) {
  setRandomSeed(11);
  const options = { epochs: 5, batchSize: 4, verbose: 0, validationData: [x, y], ...fit } as const;
  const model = network(make());
  const files: Uint8Array[] = [];
  const saving = {
    async onEpochEnd(epoch: number) {
      if (epoch === 1) files.push(await saveModel(model, { format: "keras" }));
    },
  };
  const data = [train.x, train.y] as [number[][], number[][]];
  const whole = await model.fit(...data, { ...options, callbacks: [fit.callbacks ?? [], saving].flat() } as FitOptions);
  // Other work in between.
  setRandomSeed(5);
  const again = await loadModel(files[0]!, { format: "keras" });
  random.normal([3]);
  const rest = await again.fit(...data, { ...options, initialEpoch: 2 } as FitOptions);
  numbersOf(model).forEach((numbers, i) => {
    expectSameBits(`array ${i}`, numbersOf(again)[i]!, numbers);
  });
  expect(rest.history.loss).toEqual(whole.history.loss.slice(2));
  expect(rest.history.val_mae).toEqual(whole.history.val_mae!.slice(2));
}

const classes = optimizers as never as Record<string, new (options?: object) => unknown>;

describe("to the same bits", () => {
  it.each(CLASS_NAMES.filter((name) => name !== "LossScaleOptimizer"))("%s", async (name) => {
    await goesOn(() => new classes[name]!());
  });

  it.each(CLASS_NAMES.filter((name) => name !== "LossScaleOptimizer"))("%s in a loss scale", async (name) => {
    const inner = () => new classes[name]!() as optimizers.Optimizer;
    await goesOn(() => new optimizers.LossScaleOptimizer(inner(), { initialScale: 64, dynamicGrowthSteps: 3 }));
  });

  it("accumulated gradients, averages, clipping", async () => {
    // 3 batches an epoch: one accumulated step spans the end of an epoch.
    await goesOn(() => new optimizers.Adam({ gradientAccumulationSteps: 2, globalClipnorm: 1, weightDecay: 0.01 }));
    await goesOn(() => new optimizers.SGD({ useEma: true, emaMomentum: 0.5, emaOverwriteFrequency: 4, momentum: 0.9 }));
    await goesOn(() => new optimizers.AdamW({ useEma: true }));
  });

  it("NorMuon, which has state for outputs, and clipped updates", async () => {
    await goesOn(() => new optimizers.Muon({ polarExpress: true, normuonBeta2: 0.95 }));
    await goesOn(() => new optimizers.Adam({ clipThreshold: 0.5 }));
  });

  it("a growing loss scale", async () => {
    const make = () => new optimizers.LossScaleOptimizer(new optimizers.Adam(), { dynamicGrowthSteps: 2 });
    await goesOn(make);
  });

  it("a schedule, and a rate that a callback set", async () => {
    const learningRate = { initialLearningRate: 0.1, decaySteps: 4, decayRate: 0.5 };
    await goesOn(() => new optimizers.SGD(new optimizers.schedules.ExponentialDecay(learningRate)));
    const halving = new callbackClasses.LearningRateScheduler((epoch, rate) => (epoch === 1 ? rate / 2 : rate));
    await goesOn(() => new optimizers.SGD(0.1), { callbacks: [halving] });
  });

  it("epochs that end within the data", async () => {
    await goesOn(() => "adam", { stepsPerEpoch: 2 });
    await goesOn(() => "adam", { stepsPerEpoch: 2, shuffle: false });
  });

  it("with part of the data kept for validation, and without shuffling", async () => {
    await goesOn(() => "adam", { validationData: null, validationSplit: 0.25 });
    await goesOn(() => "adam", { shuffle: false });
  });

  it("batches of a function", async () => {
    const batches = () => [0, 4, 8].map((at) => [x.slice(at, at + 4), y.slice(at, at + 4)] as const);
    await goesOn(() => "adam", { batchSize: null }, { x: batches, y: undefined });
  });
});

it("the delta of Huber", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros" })]);
  model.compile({ optimizer: "sgd", loss: new losses.Huber({ delta: 0.5 }) });
  const again = await loadModel(await saveModel(model, { format: "keras" }), { format: "keras" });
  // By hand: 0.5 * 20 - 0.5^2 / 2; with a delta of 1 it would be 19.5.
  expect(await again.trainOnBatch([[1]], [[20]])).toBe(9.875);
});

it("a seed set after loading takes effect, one set before does not", async () => {
  setRandomSeed(1);
  const model = network("adam");
  await model.fit(x, y, { verbose: 0 });
  const bytes = await saveModel(model, { format: "keras" });
  const trained = async (before: number, after?: number) => {
    setRandomSeed(before);
    const again = await loadModel(bytes, { format: "keras" });
    if (after !== undefined) setRandomSeed(after);
    await again.fit(x, y, { batchSize: 3, verbose: 0 });
    return numbersOf(again).map((numbers) => [...numbers]);
  };
  expect(await trained(2)).toEqual(await trained(3));
  expect(await trained(2, 8)).toEqual(await trained(3, 8));
  expect(await trained(2, 8)).not.toEqual(await trained(2));
});

it("a fit that is refused leaves the random numbers for the next one", async () => {
  setRandomSeed(1);
  const model = network("adam");
  await model.fit(x, y, { verbose: 0 });
  const bytes = await saveModel(model, { format: "keras" });
  const [first, second] = [await loadModel(bytes, { format: "keras" }), await loadModel(bytes, { format: "keras" })];
  await expect(first.fit(x, y.slice(1))).rejects.toThrow();
  for (const each of [first, second]) await each.fit(x, y, { batchSize: 3, verbose: 0 });
  expect(numbersOf(first)).toEqual(numbersOf(second));
});

it("loading draws no random numbers: the saved model continues independently of the loaded one", async () => {
  setRandomSeed(1);
  const model = network("adam");
  await model.fit(x, y, { verbose: 0 });
  const again = await loadModel(await saveModel(model, { format: "keras" }), { format: "keras" });
  for (const each of [model, again]) await each.fit(x, y, { batchSize: 3, verbose: 0 });
  expect(numbersOf(again)).toEqual(numbersOf(model));
});
