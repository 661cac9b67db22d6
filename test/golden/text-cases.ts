/**
 * Objects whose arguments are whole numbers, for the texts that real Keras reads: `texts.py` checks those, and adds what
 * Keras makes of them.
 *
 * @module
 */

import {
  type CompileOptions,
  constraints,
  initializers,
  layers,
  losses,
  Model,
  metrics,
  optimizers,
  regularizers,
  Sequential,
  schedules,
  stringify,
} from "../../ts/index.js";
import { builtInOptimizers } from "../../ts/optimizers/registry.js";
import { builtInSchedules } from "../../ts/schedules/registry.js";

const slow = new schedules.CosineDecay({ initialLearningRate: 0, decaySteps: 20, warmupTarget: 1, warmupSteps: 2 });
const rate = new schedules.CosineDecay({ initialLearningRate: 0, decaySteps: 100, warmupTarget: 1, warmupSteps: 10 });

/** A compiled model with these layers, the first of which has `inputShape`. */
const compiled = (list: readonly layers.Layer[], options: CompileOptions) => {
  const model = new Sequential(list, { name: "m" });
  model.compile(options);
  return model;
};
const ones = (units: number, options: object = {}) =>
  new layers.Dense(units, { kernelInitializer: "ones", name: `d${units}`, ...options });

/** Models that real Keras also trains: `training/model_texts.py` keeps what they learn. */
export const MODELS: Readonly<Record<string, () => Model>> = {
  "a model with plain SGD": () =>
    compiled([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", name: "d" })], {
      optimizer: new optimizers.SGD({ name: "o" }),
      loss: "mse",
      lossWeights: 1,
    }),
  "a model of whole numbers, trained at rate 1": () =>
    compiled(
      [
        new layers.Conv2D(2, 2, {
          inputShape: [4, 4, 1],
          strides: 1,
          // Before a BatchNormalization, a bias has no gradient but rounding.
          useBias: false,
          kernelInitializer: new initializers.Constant(1),
          kernelRegularizer: new regularizers.L1L2({ l1: 0, l2: 1 }),
          kernelConstraint: new constraints.MaxNorm(2),
          name: "c",
        }),
        new layers.BatchNormalization({
          momentum: 0,
          epsilon: 1,
          betaInitializer: new initializers.Constant(1),
          name: "b",
        }),
        new layers.ReLU({ maxValue: 6, negativeSlope: 1, threshold: 0, name: "r" }),
        new layers.LeakyReLU({ negativeSlope: 1, name: "l" }),
        new layers.AveragePooling2D({ poolSize: 2, strides: 1, name: "p" }),
        new layers.Flatten({ name: "f" }),
        new layers.Dropout(0, { name: "n" }),
        ones(1, { activityRegularizer: new regularizers.L2(1), biasInitializer: new initializers.Constant(2) }),
      ],
      {
        optimizer: new optimizers.Adagrad({ learningRate: 1, initialAccumulatorValue: 1, epsilon: 1, name: "o" }),
        loss: new losses.Huber({ delta: 1 }),
        metrics: ["mae"],
        lossWeights: 2,
      },
    ),
  "a model with a schedule that warms up from 0": () =>
    compiled([ones(2, { inputShape: [3] }), new layers.ELU({ alpha: 1, name: "e" }), ones(1)], {
      optimizer: new optimizers.RMSprop({ learningRate: slow, momentum: 0, rho: 0, epsilon: 1, name: "o" }),
      loss: new losses.LogCosh(),
    }),
  "a model with a schedule that decays from 1": () =>
    compiled(
      [
        ones(2, {
          inputShape: [3],
          kernelConstraint: new constraints.MinMaxNorm({ minValue: 0, maxValue: 1, rate: 1 }),
        }),
        ones(1),
      ],
      {
        optimizer: new optimizers.SGD({
          learningRate: new schedules.ExponentialDecay({ initialLearningRate: 1, decaySteps: 2, decayRate: 0.25 }),
          clipnorm: 1,
          name: "o",
        }),
        loss: "mae",
      },
    ),
  "a model with loss scaling": () =>
    compiled([ones(2, { inputShape: [3] }), ones(1)], {
      optimizer: new optimizers.LossScaleOptimizer(
        new optimizers.SGD({ learningRate: 1, momentum: 0, clipvalue: 1, name: "i" }),
        { initialScale: 8, dynamicGrowthSteps: 1, name: "o" },
      ),
      loss: "mse",
    }),
  "a model with averaged weights and accumulation": () =>
    compiled([ones(2, { inputShape: [3] }), ones(1)], {
      optimizer: new optimizers.SGD({
        learningRate: 1,
        globalClipnorm: 1,
        useEma: true,
        emaMomentum: 0,
        emaOverwriteFrequency: 2,
        gradientAccumulationSteps: 2,
        name: "o",
      }),
      loss: "mse",
    }),
  "a model of a focal loss": () =>
    compiled([ones(2, { inputShape: [3] }), ones(1, { activation: "sigmoid" })], {
      optimizer: new optimizers.Adamax({ learningRate: 1, epsilon: 1, name: "o" }),
      loss: new losses.BinaryFocalCrossentropy({ alpha: 1, gamma: 2, labelSmoothing: 0, applyClassBalancing: true }),
      metrics: [new metrics.BinaryAccuracy({ threshold: 1 })],
    }),
};

/** One object of each class, by its name or a description. */
export const OBJECTS: Readonly<Record<string, () => object>> = {
  ...Object.fromEntries(
    (["SGD", "RMSprop", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "Nadam", "Ftrl", "Lion"] as const).map(
      (name) => [`${name}, rate 1`, () => new optimizers[name]({ learningRate: 1, weightDecay: 0, name: "o" })],
    ),
  ),
  "SGD, defaults": () => new optimizers.SGD({ name: "o" }),
  "SGD, all": () =>
    new optimizers.SGD({ learningRate: 2, momentum: 1, clipnorm: 1, useEma: true, emaMomentum: 1, name: "o" }),
  "SGD, clipvalue": () =>
    new optimizers.SGD({ clipvalue: 2, lossScaleFactor: 4, gradientAccumulationSteps: 2, name: "o" }),
  "SGD, schedule": () => new optimizers.SGD({ learningRate: rate, globalClipnorm: 3, name: "o" }),
  Adafactor: () => new optimizers.Adafactor({ learningRate: 1, clipThreshold: 1, name: "o" }),
  Muon: () => new optimizers.Muon({ learningRate: 1, rmsRate: 1, adamLrRatio: 1, name: "o" }),
  ScheduleFreeAdamW: () => new optimizers.ScheduleFreeAdamW({ learningRate: 1, warmupSteps: 3, name: "o" }),
  LossScaleOptimizer: () =>
    new optimizers.LossScaleOptimizer(new optimizers.SGD({ learningRate: 1, name: "i" }), {
      initialScale: 8,
      name: "o",
    }),
  CosineDecay: () => rate,
  "CosineDecay, plain": () => new schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 50, alpha: 0 }),
  CosineDecayRestarts: () => new schedules.CosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 10 }),
  ExponentialDecay: () => new schedules.ExponentialDecay({ initialLearningRate: 1, decaySteps: 10, decayRate: 0.5 }),
  "ExponentialDecay, rate 1": () =>
    new schedules.ExponentialDecay({ initialLearningRate: 1, decaySteps: 10, decayRate: 1, staircase: true }),
  InverseTimeDecay: () => new schedules.InverseTimeDecay({ initialLearningRate: 1, decaySteps: 10, decayRate: 2 }),
  PiecewiseConstantDecay: () => new schedules.PiecewiseConstantDecay({ boundaries: [10, 20], values: [1, 0.5, 0] }),
  PolynomialDecay: () =>
    new schedules.PolynomialDecay({ initialLearningRate: 1, decaySteps: 10, endLearningRate: 0, power: 2 }),
  ...Object.fromEntries(
    [
      new layers.Dropout(0, { seed: 1 }),
      new layers.GaussianNoise(1, { seed: 1 }),
      new layers.ReLU({ maxValue: 6, negativeSlope: 0, threshold: 1 }),
      new layers.LeakyReLU({ negativeSlope: 1 }),
      new layers.ELU({ alpha: 1 }),
      new layers.Softmax({ axis: -1 }),
      new layers.BatchNormalization({ momentum: 1 }),
      new layers.LayerNormalization({ epsilon: 1 }),
      new layers.Dense(4, {
        kernelInitializer: new initializers.Constant(1),
        kernelRegularizer: new regularizers.L1L2({ l1: 1, l2: 2 }),
        kernelConstraint: new constraints.MaxNorm(2),
      }),
      new layers.Conv2D(2, 3, { strides: 2, kernelInitializer: new initializers.RandomNormal({ mean: 0, stddev: 1 }) }),
      new layers.Embedding(5, 2, { embeddingsInitializer: new initializers.Orthogonal({ gain: 2 }) }),
      new losses.Huber({ delta: 1 }),
      new losses.BinaryFocalCrossentropy({ alpha: 1, gamma: 2, labelSmoothing: 0 }),
      new losses.CategoricalCrossentropy({ labelSmoothing: 1 }),
      new losses.Tversky({ alpha: 1, beta: 1 }),
      new metrics.BinaryAccuracy({ threshold: 1 }),
      new metrics.TopKCategoricalAccuracy({ k: 3 }),
      new metrics.Precision({ thresholds: [0, 1], topK: 2 }),
      new metrics.FBetaScore({ beta: 1, threshold: 1 }),
      new metrics.AUC({ numThresholds: 3 }),
      new metrics.MeanIoU({ numClasses: 2 }),
      new initializers.RandomUniform({ minval: -1, maxval: 1, seed: 3 }),
      new initializers.TruncatedNormal({ mean: 0, stddev: 1, seed: 3 }),
      new initializers.VarianceScaling({ scale: 2, seed: 3 }),
      new regularizers.L2(1),
      new regularizers.L1(1),
      new regularizers.OrthogonalRegularizer({ factor: 1 }),
      new constraints.MinMaxNorm({ minValue: 0, maxValue: 1, rate: 1 }),
      new constraints.UnitNorm({ axis: 0 }),
    ].map((object) => [(object as { className: string }).className, () => object]),
  ),
  ...MODELS,
  "a model with call arguments": () => {
    const x = layers.Input({ shape: [1], name: "x" });
    const frozen = new layers.BatchNormalization({ momentum: 0.5, name: "b" }).apply(x, { training: false });
    const y = new layers.Dropout(0.5, { name: "n" }).apply(frozen, { training: true });
    const model = new Model({ inputs: x, outputs: y, name: "m" });
    model.compile({ optimizer: new optimizers.SGD({ learningRate: 1, name: "o" }), loss: "mse" });
    return model;
  },
};

/** The text of each. */
export const texts = (): { id: string; text: string }[] =>
  Object.entries(OBJECTS).map(([id, make]) => ({ id, text: stringify(make()) }));

const classNamesOf = (members: object) =>
  Object.entries(members)
    .filter(
      ([name, member]) =>
        typeof member === "function" && Object.hasOwn(member, "className") && member.className === name,
    )
    .map(([name]) => name)
    // Wraps a function, which is its argument.
    .filter((name) => name !== "MeanMetricWrapper")
    .sort();

/** The built-in classes of every family, by Keras's module and name. */
export const CLASSES: Readonly<Record<string, readonly string[]>> = {
  "keras.optimizers": [...builtInOptimizers.keys()],
  "keras.optimizers.schedules": [...builtInSchedules.keys()],
  "keras.layers": classNamesOf(layers),
  "keras.losses": classNamesOf(losses),
  "keras.metrics": classNamesOf(metrics),
  "keras.initializers": classNamesOf(initializers),
  "keras.regularizers": classNamesOf(regularizers),
  "keras.constraints": classNamesOf(constraints),
};

/** For texts.py, which adds what kinds of numbers their arguments are. */
export const classNames = (): { module: string; name: string }[] =>
  Object.entries(CLASSES).flatMap(([module, names]) => names.map((name) => ({ module, name })));
