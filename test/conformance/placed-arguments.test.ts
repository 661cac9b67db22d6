/**
 * Constructors take Keras's first arguments by position, in Keras's order, as well as by name: every class is made in both
 * ways from the signatures of real Keras, and both give one config.
 */

import { describe, expect, it } from "vitest";
import {
  Adam,
  constraints,
  Input,
  initializers,
  layers,
  losses,
  Model,
  metrics,
  optimizers,
  regularizers,
  Sequential,
  SGD,
  schedules,
} from "../../ts/index.js";
import { fromKeras } from "../../ts/keras-names.js";
import { kerasArguments } from "../support/keras-signatures.js";
import { type AnyClass, MADE_CLASSES } from "../support/public-classes.js";
import { refusal } from "../support/refusal.js";

/** A value for each argument, other than its default; those that differ by class have the class in front. */
const VALUES: Readonly<Record<string, unknown>> = {
  activation: "relu",
  alpha: 0.4,
  alphaInitializer: "ones",
  "CategoricalFocalCrossentropy.alpha": 0.3,
  amsgrad: true,
  applyClassBalancing: true,
  average: "micro",
  "metrics.FBetaScore.beta": 2,
  axis: -2,
  "losses.BinaryCrossentropy.axis": -2,
  baseline: 0.5,
  beta: 0.3,
  beta1: 0.8,
  beta2: 0.95,
  beta2Decay: -0.7,
  boundaries: [3],
  center: false,
  centered: true,
  classAggregation: "variance_weighted_average",
  classId: 1,
  clipThreshold: 2,
  cooldown: 1,
  curve: "PR",
  cycle: true,
  dataFormat: "channels_last",
  decayRate: 0.5,
  decaySteps: 7,
  delta: 2,
  depthMultiplier: 2,
  dims: [2, 1],
  distribution: "uniform",
  endLearningRate: 0.01,
  epsilon: 0.01,
  epsilon1: 1e-20,
  epsilon2: 0.01,
  factor: 0.5,
  filters: 3,
  firstDecaySteps: 5,
  fromLogits: true,
  gain: 2,
  gamma: 3,
  ignoreClass: 1,
  initialAccumulatorValue: 0.2,
  initialLearningRate: 0.2,
  inputDim: 5,
  k: 3,
  keepdims: true,
  kernelSize: 3,
  l1: 0.1,
  l1RegularizationStrength: 0.1,
  l2: 0.2,
  l2RegularizationStrength: 0.2,
  l2ShrinkageRegularizationStrength: 0.3,
  labelSmoothing: 0.1,
  learningRate: 0.3,
  learningRatePower: -0.4,
  mMul: 0.9,
  maxValue: 3,
  maxval: 0.5,
  mean: 0.1,
  "Normalization.mean": 2,
  "Normalization.axis": 1,
  variance: 3,
  invert: true,
  minDelta: 0.1,
  minLr: 0.1,
  minValue: 0.5,
  minval: -0.5,
  mode: "min",
  "VarianceScaling.mode": "fan_avg",
  "OrthogonalRegularizer.mode": "columns",
  momentum: 0.8,
  monitor: "loss",
  n: 3,
  name: "it",
  negativeSlope: 0.1,
  nesterov: true,
  numClasses: 3,
  offset: -1,
  "Rescaling.scale": 2,
  numRegressors: 1,
  numThresholds: 50,
  outputDim: 4,
  outputPadding: 1,
  padding: "same",
  "ZeroPadding2D.padding": 2,
  patience: 2,
  poolSize: 3,
  power: 2,
  rate: 0.4,
  reduction: "sum",
  relativeStep: false,
  restoreBestWeights: true,
  rho: 0.8,
  scale: false,
  "VarianceScaling.scale": 2,
  seed: 4,
  staircase: true,
  startFromEpoch: 1,
  swapOnEpoch: true,
  stddev: 0.1,
  strides: 2,
  summationMethod: "majoring",
  tMul: 3,
  targetClassIds: [1],
  targetShape: [4],
  threshold: 0.3,
  thresholds: 0.3,
  topK: 2,
  units: 3,
  useBias: false,
  value: 2,
  values: [0.1, 0.2],
  verbose: 1,
  warmupSteps: 3,
  warmupTarget: 0.4,
  weightDecay: 0.1,
  adamBeta1: 0.8,
  adamBeta2: 0.9,
  adamWeightDecay: 0.1,
};

/** These take a function or an optimizer first, or nothing by position. */
const OTHERWISE =
  /^(callbacks\.(CSVLogger|History|LambdaCallback|LearningRateScheduler|ModelCheckpoint|ProgressBar|TerminateOnNaN)|losses\.FunctionLoss|metrics\.MeanMetricWrapper|(optimizers\.)?(LossScaleOptimizer|MultiOptimizer|OptimizerMap)|Model|Sequential|Variable|GradientTape|MirroredStrategy|layers\.InputLayer|random\.\w+|layers\.(Identity|Lambda|Add|Subtract|Multiply|Average|Maximum|Minimum)|initializers\.(Zeros|Ones)|constraints\.NonNeg)$/;

const argument = (path: string, name: string): unknown => {
  const parts = path.split(".");
  const found = [path, parts.at(-1)].map((owner) => `${owner}.${name}`).find((key) => key in VALUES);
  return VALUES[found ?? name];
};

/** A config without drawn names, or the public properties of what has none. */
function told(made: object): unknown {
  const { getConfig } = made as { getConfig?: () => Record<string, unknown> };
  const { name: _, ...config } = getConfig?.call(made) ?? { ...made };
  return JSON.parse(JSON.stringify(config));
}

/** Keras's names, up to the first one that we lack: later arguments have no position. */
function placesOf(path: string, made: AnyClass): string[] {
  const names: string[] = [];
  for (const [keras] of kerasArguments(path) ?? []) {
    const name = fromKeras(keras as string);
    if (argument(path, name) === undefined || names.includes(name)) break;
    const placed = [...names, name].map((one) => argument(path, one));
    if (/ takes one object with options|^\w+ takes /.test(said(() => new made(...placed)))) break;
    names.push(name);
  }
  return names;
}

/** The message of the error that a call throws, "" where it throws none. */
function said(call: () => unknown): string {
  try {
    call();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const WALKED = MADE_CLASSES.filter(([path]) => !OTHERWISE.test(path) && kerasArguments(path) !== undefined);

describe("by position and by name", () => {
  it("covers the classes", () => {
    expect(WALKED.length).toBeGreaterThan(100);
  });

  it.each(WALKED)("%s", (path, _, made) => {
    const names = placesOf(path, made);
    expect(names.length).toBeGreaterThan(0);
    const values = names.map((name) => argument(path, name));
    for (let count = 1; count <= names.length; count++) {
      const rest = Object.fromEntries(names.slice(count).map((name) => [name, argument(path, name)]));
      const all = Object.fromEntries(names.map((name) => [name, argument(path, name)]));
      expect(told(new made(...values.slice(0, count), rest)), `${count} by position`).toEqual(told(new made(all)));
    }
    // An argument that is passed twice is refused.
    const error = refusal(() => new made(...values, { [names[0] as string]: values[0] }));
    expect(error.code).toBe("ERR_OPTION_CONFLICT");
  });
});

describe("the first lines of a Keras user", () => {
  const config = (made: { getConfig(): object }) => made.getConfig();
  const rows: readonly (readonly [string, { getConfig(): object }, { getConfig(): object }])[] = [
    ["MaxPooling2D(2)", new layers.MaxPooling2D(2, { name: "a" }), new layers.MaxPooling2D({ poolSize: 2, name: "a" })],
    [
      "LeakyReLU(0.2)",
      new layers.LeakyReLU(0.2, { name: "a" }),
      new layers.LeakyReLU({ negativeSlope: 0.2, name: "a" }),
    ],
    ["Adam(0.01)", new Adam(0.01, { name: "a" }), new Adam({ learningRate: 0.01, name: "a" })],
    ["SGD(0.01, 0.9)", new SGD(0.01, 0.9, { name: "a" }), new SGD({ learningRate: 0.01, momentum: 0.9, name: "a" })],
    [
      "Dense(3, relu)",
      new layers.Dense(3, "relu", { name: "a" }),
      new layers.Dense({ units: 3, activation: "relu", name: "a" }),
    ],
    ["Huber(1.5)", new losses.Huber(1.5), new losses.Huber({ delta: 1.5 })],
    ["TopK(3)", new metrics.TopKCategoricalAccuracy(3), new metrics.TopKCategoricalAccuracy({ k: 3 })],
    ["Mean(loss)", new metrics.Mean("loss"), new metrics.Mean({ name: "loss" })],
    ["RandomNormal(0, 0.05)", new initializers.RandomNormal(0, 0.1), new initializers.RandomNormal({ stddev: 0.1 })],
    ["L2(0.02)", new regularizers.L2(0.02), new regularizers.L2({ l2: 0.02 })],
    ["MaxNorm(3)", new constraints.MaxNorm(3), new constraints.MaxNorm({ maxValue: 3 })],
    [
      "ExponentialDecay(0.1, 1000, 0.9)",
      new schedules.ExponentialDecay(0.1, 1000, 0.9),
      new schedules.ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.9 }),
    ],
    [
      "Adam(schedule)",
      new Adam(new schedules.ExponentialDecay(0.1, 1000, 0.9), { name: "a" }),
      new Adam({ learningRate: new schedules.ExponentialDecay(0.1, 1000, 0.9), name: "a" }),
    ],
  ];

  it.each(rows)("%s", (_, placed, named) => {
    expect(config(placed)).toEqual(config(named));
  });

  it("Model(inputs, outputs), Input([2])", () => {
    const x = Input([2], 3);
    expect(x.shape).toEqual([3, 2]);
    const model = new Model(x, new layers.Dense(1).apply(x), "it");
    expect([model.name, model.countParams()]).toEqual(["it", 3]);
    // Outputs by name are not options.
    const outputs = { price: new layers.Dense(1).apply(x), kind: new layers.Dense(2).apply(x) };
    const both = new Model(x, outputs, "both", { trainable: false });
    expect([both.outputNames, both.name, both.trainable]).toEqual([["kind", "price"], "both", false]);
    expect(new Model(x, { outputs: outputs.price }).countParams()).toBe(3);
    expect(new Model(x, { outputs, name: "c" }).outputNames).toEqual(["kind", "price"]);
    expect(refusal(() => new Model(x, { outptus: 1 } as never)).message).toContain('(did you mean "outputs"?)');
  });

  it("compile(optimizer, loss), with metrics in the third place too", () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
    const given = (): unknown => JSON.parse(JSON.stringify(model)).compile_config;
    model.compile({ optimizer: new SGD({ learningRate: 0.1, name: "s" }), loss: "mse", metrics: ["mae"] });
    const wanted = given();
    model.compile(new SGD(0.1, { name: "s" }), "mse", ["mae"]);
    expect(given()).toEqual(wanted);
    model.compile(new SGD(0.1, { name: "s" }), "mse", { metrics: ["mae"] });
    expect(given()).toEqual(wanted);
    model.compile("adam", "mse", [0.5]);
    expect(given()).toMatchObject({ loss: "mse", loss_weights: [0.5] });
  });

  it("a fraction as the axis is refused with the line that is meant", () => {
    expect(refusal(() => new layers.BatchNormalization(0.9)).message).toBe(
      'BatchNormalization: the first argument is "axis", as in Keras, got 0.9. Write new BatchNormalization({ momentum: 0.9 }).',
    );
    expect(refusal(() => new layers.LayerNormalization(1e-5)).message).toContain(
      "Write new LayerNormalization({ epsilon: 0.00001 }).",
    );
  });

  it("undefined and null are as in Python", () => {
    expect(told(new optimizers.Adam(undefined, 0.8))).toEqual(told(new optimizers.Adam({ beta1: 0.8 })));
    expect(told(new layers.Dense(3, null))).toEqual(told(new layers.Dense(3)));
  });
});
