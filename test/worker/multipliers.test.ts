/** Multipliers of rates and decays, and options that are schedules, in a worker, in a remote optimizer and on replicas. */

import {
  Adam,
  type AdamOptions,
  ExponentialDecay,
  Lookahead,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  ScheduleFree,
  Sequential,
  SGD,
  SWA,
  setRandomSeed,
} from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload, RemoteOptimizer } from "gradstep/worker";
import { describe, expect, it } from "vitest";
import { bits, x, y } from "./training.js";

const decay = (initialLearningRate: number) =>
  new ExponentialDecay({ initialLearningRate, decaySteps: 2, decayRate: 0.5 });
const scheduled = (): AdamOptions => ({ beta1: decay(0.9), weightDecay: decay(0.5), clipnorm: decay(0.5) });
const made = (multipliers: AdamOptions) => new Adam({ learningRate: 0.1, weightDecay: 0.5, ...multipliers });

/** By pattern, and by layer. */
const kinds: [string, (base: layers.Layer) => Optimizer][] = [
  ["patterns", () => made({ learningRateMultipliers: { "base/.*": 0.25 }, weightDecayMultipliers: { ".*/bias": 0 } })],
  [
    "a layer, in loss scaling",
    (base) =>
      new LossScaleOptimizer(made({ learningRateMultipliers: [[base, 0]], weightDecayMultipliers: [[base, 2]] })),
  ],
  [
    "several optimizers",
    () => new MultiOptimizer(new OptimizerMap(made({}), { "base/.*": new SGD({ learningRate: decay(0.1) }) })),
  ],
  ["Lookahead", () => new Lookahead(made({}), { syncPeriod: 2 })],
  ["ScheduleFree", () => new ScheduleFree(made({}))],
  ["SWA", () => new SWA(made({}), { averagePeriod: 2 })],
  ["skipNonfinite, adaptiveClip", () => made({ skipNonfinite: true, adaptiveClip: 0.1 })],
  [
    "gradientCentralization, cautious",
    () => made({ gradientCentralization: true, cautious: true, cautiousWeightDecay: true }),
  ],
  ["schedules", () => made({ ...scheduled(), learningRateMultipliers: { "base/.*": decay(0.25) } })],
  ["schedules, in loss scaling", () => new LossScaleOptimizer(made(scheduled()))],
];

function compiled(optimizerOf: (base: layers.Layer) => Optimizer, distribute?: MirroredStrategy): Sequential {
  setRandomSeed(7);
  const base = new layers.Dense(3, { inputShape: [6], name: "base" });
  const model = new Sequential([base, new layers.Dense(1, { name: "head" })]);
  model.compile({ optimizer: optimizerOf(base), loss: "mse", ...(distribute ? { distribute } : {}) });
  return model;
}

const options = { epochs: 2, batchSize: 32, shuffle: false, verbose: 0 } as const;

describe.each(kinds)("%s", (_, optimizerOf) => {
  it("a model", async () => {
    const [local, plain] = [compiled(optimizerOf), compiled(() => made({}))];
    const remote = await offload(compiled(optimizerOf));
    for (const model of [local, plain, remote]) await model.fit(x, y, options);
    const there = bits(await remote.getWeights());
    expect(there).toEqual(bits(local.getWeights()));
    expect(there).not.toEqual(bits(plain.getWeights()));
    await remote.dispose();
  });

  it("a remote optimizer", async () => {
    const [here, there] = [compiled(optimizerOf), compiled(optimizerOf)];
    const gradients = here.weights.map(({ size }) => new Float32Array(size).fill(0.25));
    const remote = await RemoteOptimizer.create(there.optimizer!, there.weights);
    for (let step = 0; step < 2; step++) {
      here.optimizer!.apply(gradients, here.weights);
      expect(await remote.apply(gradients)).toEqual(here.weights.map((variable) => variable.array()));
    }
    await remote.dispose();
  });

  it("two replicas", async () => {
    const strategy = new MirroredStrategy({ replicas: 2, verify: true });
    const alone = compiled(optimizerOf);
    const replicated = compiled(optimizerOf, strategy);
    for (const model of [alone, replicated]) await model.fit(x, y, options);
    const [one, two] = [alone, replicated].map((model) => model.getWeights().flatMap(({ data }) => [...data]));
    two!.forEach((value, i) => {
      expect(value).toBeCloseTo(one![i]!, 4);
    });
    await strategy.close();
  });
});
