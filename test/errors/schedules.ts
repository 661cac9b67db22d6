/**
 * Refusals of schedules and callbacks: ts/schedules/, ts/callbacks/. Ranges are in test/conformance/ranges.test.ts.
 * Over 300 lines: a table, of one row for each fault.
 */

import { callbacks, layers, Sequential, SGD, schedules } from "../../ts/index.js";
import { known } from "../support/known-names.js";
import type { Rows } from "./row.js";

const steps = (boundaries: unknown, values: unknown) => () =>
  new schedules.PiecewiseConstantDecay({ boundaries, values } as never);

const written = () => {
  throw new Error("a refused row was written");
};

class Bare extends schedules.LearningRateSchedule {}

export const rates: Rows = [
  [steps(1, [1]), "TypeError", "ERR_OPTION_TYPE", 'PiecewiseConstantDecay: "boundaries" must be an array, got 1.'],
  [steps([1], 1), "TypeError", "ERR_OPTION_TYPE", 'PiecewiseConstantDecay: "values" must be an array, got 1.'],
  [
    steps([], [1]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'PiecewiseConstantDecay: "boundaries" must be a list of at least one step (for a constant rate pass a number), got an array of 0.',
  ],
  [
    steps([1], [1]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'PiecewiseConstantDecay: "values" must have one more number than "boundaries" has, 2, got 1.',
  ],
  [
    steps([2, 1], [1, 2, 3]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'PiecewiseConstantDecay: "boundaries[1]" must be above 2, the boundary before it, got 1.',
  ],
  [
    steps([1], [1, "x"]),
    "TypeError",
    "ERR_OPTION_TYPE",
    'PiecewiseConstantDecay: "values[1]" must be a number, got "x".',
  ],
  [
    () => new Bare().at(3),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    "The schedule Bare returns no rate for step 3: it must override at(step).",
  ],
  [
    () => new Bare().getConfig(),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    "The schedule Bare cannot be saved: it must override getConfig().",
  ],
  [
    () => new schedules.CosineDecay({ decaySteps: 1 } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'CosineDecay: "initialLearningRate" must be a number, got undefined.',
  ],
  [
    () => new schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'CosineDecay: "decaySteps" must be above 0, got 0.',
  ],
  [
    () => new schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 1, warmup: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'CosineDecay does not know "warmup" (did you mean "warmupTarget"?). Its options are: initialLearningRate, decaySteps, alpha, name, warmupTarget, warmupSteps.',
  ],
  [
    () => new schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 1, name: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'CosineDecay: "name" must be a string, got 1.',
  ],
  [
    () =>
      new schedules.ExponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 1, staircase: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'ExponentialDecay: "staircase" must be true or false, got 1.',
  ],
  [
    () => new schedules.PolynomialDecay({ initialLearningRate: 1, decaySteps: 1, cycle: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'PolynomialDecay: "cycle" must be true or false, got 1.',
  ],
  [
    () =>
      new schedules.InverseTimeDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 1, staircase: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'InverseTimeDecay: "staircase" must be true or false, got 1.',
  ],
  [
    () =>
      new schedules.WarmupStableDecay({
        peakLearningRate: 1,
        warmupSteps: 1,
        stableSteps: 1,
        decaySteps: 1,
        cooldown: "sqrt" as never,
      }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'WarmupStableDecay: "cooldown" must be "cosine", "linear", "1-sqrt" or "1-square", got "sqrt".',
  ],
  [
    () => new schedules.LinearWarmup("cosine" as never, { warmupSteps: 1 }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'LinearWarmup: "inner" must be a schedule or a number, got "cosine".',
  ],
  [
    () => new schedules.ReduceOnPlateau(0.1).update("1" as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'ReduceOnPlateau: "value" must be a number, got "1".',
  ],
  [
    () => new schedules.SequentialSchedule(0.1 as never, []),
    "TypeError",
    "ERR_OPTION_TYPE",
    'SequentialSchedule: "schedules" must be an array, got 0.1.',
  ],
  [
    () => new schedules.SequentialSchedule([], []),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SequentialSchedule: "schedules" must be a list of at least one schedule, got an array of 0.',
  ],
  [
    () => new schedules.SequentialSchedule([1, 2, 3], [1]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SequentialSchedule: "boundaries" must be a list of 2, one less than "schedules" has, got an array of 1.',
  ],
  [
    () => new schedules.SequentialSchedule([1, 2, 3], [4, 4]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SequentialSchedule: "boundaries[1]" must be above 4, the boundary before it, got 4.',
  ],
  [
    () => new schedules.SequentialSchedule([1, 2], [0]),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SequentialSchedule: "boundaries[0]" must be above 0, got 0.',
  ],
  [
    () => new schedules.Cyclic(1, 2, { mode: "triangle" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Cyclic: "mode" must be "triangular", "triangular2" or "exp_range", got "triangle".',
  ],
  [
    () => new schedules.OneCycle(1, 10, { annealStrategy: "cosine" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'OneCycle: "annealStrategy" must be "cos" or "linear", got "cosine".',
  ],
  [
    () => new schedules.OneCycle(1, 10, { pctStart: 0.6, threePhase: true }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'OneCycle: "pctStart" must be 0.5 at most with three phases, got 0.6.',
  ],
  [
    () => schedules.get("cosine_decai"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No schedule is called "cosine_decai". Did you mean "CosineDecay"? Known: ${known("schedule")}. Pass a custom class in customObjects.`,
  ],
];

const monitored = (hook: (callback: callbacks.EarlyStopping) => unknown, options: object) => () => {
  const callback = new callbacks.EarlyStopping(options);
  callback.setModel({ metricDirection: () => undefined } as never);
  return hook(callback);
};

export const hooks: Rows = [
  [
    () => new callbacks.Callback().model,
    "ValueError",
    "ERR_NOT_BUILT",
    "A callback has a model only after fit, evaluate or predict began.",
  ],
  [
    () => new callbacks.Callback().setModel(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "setModel takes the model of a run, got 1.",
  ],
  [
    () => new callbacks.Callback().setParams(null as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "setParams takes { verbose, epochs, steps }, got null.",
  ],
  [
    () => new callbacks.CSVLogger(() => undefined).onEpochEnd(0, 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'CSVLogger: "logs" must be an object of numbers by name, such as { loss: 0.5 }, got 1.',
  ],
  [
    // A list with holes takes no memory, but its text would pass the limit of every engine.
    () => new callbacks.CSVLogger(written).onEpochEnd(0, { loss: Array(1_000_001) as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'CSVLogger: "logs" must be lists of at most 1000000 values, got 1000001.',
  ],
  [
    () => new callbacks.EarlyStopping().onEpochEnd("last" as never, {}),
    "TypeError",
    "ERR_OPTION_TYPE",
    'EarlyStopping: "epoch" must be a number, got "last".',
  ],
  [
    () => new callbacks.EarlyStopping({ mode: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'EarlyStopping: "mode" must be "auto", "min" or "max", got "x".',
  ],
  [
    () => new callbacks.EarlyStopping({ patience: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'EarlyStopping: "patience" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new callbacks.EarlyStopping({ monitor: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'EarlyStopping: "monitor" must be a string, got 1.',
  ],
  [
    () => new callbacks.EarlyStopping({ minDelta: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'EarlyStopping: "minDelta" must be a number, got "x".',
  ],
  [
    () => new callbacks.EarlyStopping({ restoreBestWeights: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'EarlyStopping: "restoreBestWeights" must be true or false, got 1.',
  ],
  [
    () => new callbacks.EarlyStopping({ baseline: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'EarlyStopping: "baseline" must be a number, got "x".',
  ],
  [
    () => new callbacks.EarlyStopping({ startFromEpoch: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'EarlyStopping: "startFromEpoch" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new callbacks.EarlyStopping({ verbose: 3 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'EarlyStopping: "verbose" must be 2 or below, got 3.',
  ],
  [
    () => new callbacks.EarlyStopping({ patient: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'EarlyStopping does not know "patient" (did you mean "patience"?). Its options are: monitor, minDelta, patience, verbose, mode, baseline, restoreBestWeights, startFromEpoch.',
  ],
  [
    monitored(
      (callback) => {
        callback.onTrainBegin();
        callback.onEpochEnd(0, { quux: 1 });
      },
      { monitor: "quux" },
    ),
    "ValueError",
    "ERR_OPTION_RANGE",
    'EarlyStopping: "mode" must be "max" or "min" for "quux", whose better direction is unknown, got "auto".',
  ],
  [
    () => new callbacks.ReduceLROnPlateau({ factor: 1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'ReduceLROnPlateau: "factor" must be 0 or above, and below 1, got 1.',
  ],
  [
    () => new callbacks.ReduceLROnPlateau({ cooldown: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'ReduceLROnPlateau: "cooldown" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new callbacks.ReduceLROnPlateau({ minLr: -1 } as never),
    "ValueError",
    "ERR_OPTION_RANGE",
    'ReduceLROnPlateau: "minLr" must be 0 or above, got -1.',
  ],
  [
    () => new callbacks.ModelCheckpoint(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'ModelCheckpoint takes a function that stores a checkpoint, or null to keep it in memory, got 1. Files are written by the ModelCheckpoint of "gradstep/saving".',
  ],
  [
    () => new callbacks.ModelCheckpoint(null, { saveBestOnly: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'ModelCheckpoint: "saveBestOnly" must be true or false, got 1.',
  ],
  [
    () => new callbacks.ModelCheckpoint(null, { saveFreq: 0 as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'ModelCheckpoint: "saveFreq" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new callbacks.ModelCheckpoint(null, { initialValueThreshold: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'ModelCheckpoint: "initialValueThreshold" must be a number, got "x".',
  ],
  [
    () => new callbacks.CSVLogger(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'CSVLogger: "target" must be a string, got 1.',
  ],
  [
    () => new callbacks.CSVLogger(() => {}, { separator: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'CSVLogger: "separator" must be a string, got 1.',
  ],
  [
    () => new callbacks.CSVLogger(() => {}, { separator: "" }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'CSVLogger: "separator" must be one character, neither a quote nor a line break, got "".',
  ],
  [
    () => new callbacks.CSVLogger(() => {}, { separator: ", " }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'CSVLogger: "separator" must be one character, neither a quote nor a line break, got ", ".',
  ],
  [
    () => new callbacks.CSVLogger(() => {}, { append: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'CSVLogger: "append" must be true or false, got 1.',
  ],
  [
    () => new callbacks.LearningRateScheduler(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "LearningRateScheduler takes a function (epoch, learningRate) => number, got 1.",
  ],
  [
    () => new callbacks.LearningRateScheduler(() => 1, { verbose: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'LearningRateScheduler: "verbose" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => {
      const callback = new callbacks.LearningRateScheduler(() => Number.NaN);
      callback.setModel({ optimizer: { learningRate: 1 } } as never);
      callback.onEpochBegin(3);
    },
    "ValueError",
    "ERR_OPTION_RANGE",
    "LearningRateScheduler: the schedule must return a finite number, got NaN for epoch 3.",
  ],
  [
    () => new callbacks.LambdaCallback({ on_epoch_end() {} } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'LambdaCallback: a callback has "on_epoch_end", which is not a hook. Did you mean "onEpochEnd"? Hooks are: onTrainBegin, onTrainEnd, onEpochBegin, onEpochEnd, onTrainBatchBegin, onTrainBatchEnd, onTestBegin, onTestEnd, onTestBatchBegin, onTestBatchEnd, onPredictBegin, onPredictEnd, onPredictBatchBegin, onPredictBatchEnd.',
  ],
  [
    () => new callbacks.LambdaCallback({ onEpochEnd: 5 } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'LambdaCallback: the hook "onEpochEnd" of a callback must be a function, got 5.',
  ],
  [
    () => new callbacks.LambdaCallback(5 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "LambdaCallback takes one object with options, such as { onTrainBegin: ... }, got 5.",
  ],
  [
    () => schedules.CosineDecay.fromConfig(1 as never),
    "TypeError",
    "ERR_CONFIG_INVALID",
    "fromConfig takes the object that getConfig returns, got number.",
  ],
  [
    () => {
      const model = new Sequential([new layers.Dense(1, { name: "averaged", inputShape: [1] })], { name: "averaged" });
      model.compile({ optimizer: new SGD({ name: "averaging" }), loss: "mse" });
      return model.evaluate([[1]], [[1]], { callbacks: [new callbacks.SwapEMAWeights()], verbose: 0 });
    },
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "SwapEMAWeights needs averages of the weights: give the optimizer the option useEma: true.",
  ],
];
