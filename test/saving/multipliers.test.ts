/** Multipliers of rates and decays, options that are schedules, and those beyond Keras, in files and JSON: training continues with the same bits. */

import { expect, it } from "vitest";
import {
  Adam,
  ExponentialDecay,
  LossScaleOptimizer,
  layers,
  type Model,
  type Optimizer,
  type OptimizerOptions,
  optimizers,
  Sequential,
  setRandomSeed,
} from "../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";
import { Momentum } from "../support/custom-optimizers.js";

const x = Array.from({ length: 11 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 11]);
const y = Array.from({ length: 11 }, (_, i) => [Math.sin(2 * i)]);
const options = { epochs: 1, batchSize: 4, shuffle: false, verbose: 0 } as const;

type Make = (multipliers: OptimizerOptions) => Optimizer;
const OPTIMIZERS: Readonly<Record<string, Make>> = {
  Adam: (multipliers) => new Adam({ weightDecay: 0.1, useEma: true, ...multipliers }),
  "Adam in loss scaling": (multipliers) => new LossScaleOptimizer(new Adam({ weightDecay: 0.1, ...multipliers })),
  "a custom optimizer": (multipliers) => new Momentum({ weightDecay: 0.1, ...multipliers }),
};

const decay = (initialLearningRate: number) =>
  new ExponentialDecay({ initialLearningRate, decaySteps: 2, decayRate: 0.5 });

/** By pattern, by schedules, beyond Keras, and by layer. */
const MULTIPLIERS: Readonly<Record<string, (base: layers.Layer) => OptimizerOptions>> = {
  patterns: () => ({ learningRateMultipliers: { "base/.*": 0.1 }, weightDecayMultipliers: { ".*/bias": 0 } }),
  schedules: () => ({
    weightDecay: decay(0.5),
    emaMomentum: decay(0.75),
    learningRateMultipliers: { "base/.*": decay(2) },
  }),
  "options beyond Keras": () => ({
    skipNonfinite: true,
    gradientCentralization: true,
    adaptiveClip: decay(0.05),
    cautious: true,
    cautiousWeightDecay: true,
  }),
  layers: (base) => ({ learningRateMultipliers: [[base, 0]], weightDecayMultipliers: [[base, 0.5]] }),
};

function compiled(make: Make, multipliersOf: (base: layers.Layer) => OptimizerOptions): Sequential {
  setRandomSeed(3);
  const base = new layers.Dense(4, { inputShape: [3], name: "base" });
  const model = new Sequential([base, new layers.Dense(1, { name: "head" })]);
  model.compile({ optimizer: make(multipliersOf(base)), loss: "mse" });
  return model;
}

const state = (model: Model) => [model.getWeights(), model.optimizer?.getWeights()];
const FORMATS = ["keras", "safetensors"] as const;

it.each(
  Object.entries(OPTIMIZERS).flatMap(([name, make]) =>
    Object.entries(MULTIPLIERS).flatMap(([kind, of]) =>
      FORMATS.map((format) => [name, kind, format, make, of] as const),
    ),
  ),
)("%s with %s, by %s", async (_, __, format, make, of) => {
  const model = compiled(make, of);
  await model.fit(x, y, options);
  let again: Model;
  if (format === "keras") {
    again = await loadModel(await saveModel(model, { format }), { format, customObjects: { Momentum } });
    expect(again.optimizer?.getConfig()).toEqual(model.optimizer?.getConfig());
  } else {
    again = compiled(make, of);
    await loadWeights(again, await saveWeights(model, { format }), { format });
  }
  const plain = compiled(make, () => ({}));
  plain.setWeights(model.getWeights());
  for (const one of [model, again, plain]) await one.fit(x, y, options);
  expect(state(again)).toEqual(state(model));
  expect(plain.getWeights()).not.toEqual(model.getWeights());
});

it.each(Object.entries(OPTIMIZERS))("%s from JSON, a layer as the paths of its weights", async (_, make) => {
  const model = compiled(make, MULTIPLIERS.layers!);
  await model.fit(x, y, options);
  const json = JSON.parse(JSON.stringify(optimizers.serialize(model.optimizer!)));
  const again = compiled(
    () => optimizers.deserialize(json, { Momentum }),
    () => ({}),
  );
  again.setWeights(model.getWeights());
  again.optimizer?.build(again.trainableWeights);
  again.optimizer?.setWeights(model.optimizer!.getWeights());
  for (const one of [model, again]) await one.fit(x, y, options);
  expect(state(again)).toEqual(state(model));
  const { config } = json;
  expect((config.inner_optimizer?.config ?? config).learning_rate_multipliers).toEqual({
    "base/kernel": 0,
    "base/bias": 0,
  });
});
