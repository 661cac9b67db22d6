/**
 * Multipliers of rates and decays, options that are schedules, and those beyond Keras, in a worker, in a remote optimizer and on replicas.
 */

import {
  Adam,
  type AdamOptions,
  ExponentialDecay,
  GradientTape,
  Lookahead,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  ops,
  ScheduleFree,
  Sequential,
  SGD,
  SWA,
  setRandomSeed,
  type Tensor,
} from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload, RemoteOptimizer } from "gradstep/worker";
import { describe, expect, it } from "vitest";
import { bits, expectSameRemoteSteps, x, y } from "./training.js";

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
    await expectSameRemoteSteps(here, there, gradients, 2);
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

describe("row gradients", () => {
  function words(): Sequential {
    setRandomSeed(7);
    const table = new layers.Embedding(30, 4, { sparseGradient: true, inputShape: [6] });
    const model = new Sequential([table, new layers.Flatten(), new layers.Dense(1)]);
    model.compile({ optimizer: made({ skipNonfinite: true, weightDecay: 0.1 }), loss: "mse" });
    return model;
  }
  const tokens = Int32Array.from(x, (value, i) => (Math.round(value * 8 + 8) + i) % 30);

  it("a model in a worker", async () => {
    const local = words();
    const remote = await offload(words());
    for (const model of [local, remote]) await model.fit(tokens, y, options);
    expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
    await remote.dispose();
  });

  it("a remote optimizer takes them whole", async () => {
    const [here, there] = [words(), words()];
    const gradientsOf = ({ trainableWeights, layers }: Sequential) => {
      const tape = new GradientTape();
      const loss = tape.run(() => ops.sum(layers[0]!.apply(tokens.slice(0, 6)) as Tensor));
      return tape.gradient(loss, trainableWeights.slice(0, 1));
    };
    const rest = here.weights.slice(1).map(() => null);
    const remote = await RemoteOptimizer.create(there.optimizer!, there.weights);
    const [table] = await remote.apply([...gradientsOf(there), ...rest]);
    const [gradient] = gradientsOf(here);
    here.optimizer!.apply([gradient!.array(), ...rest], here.weights);
    expect(table).toEqual(here.weights[0]!.array());
    await remote.dispose();
  });
});
