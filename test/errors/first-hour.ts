/**
 * Mistakes that people new to gradstep make in their first hour, and the messages that they get.
 * Over 300 lines: a table, of one row for each mistake.
 */

import {
  Adam,
  callbacks,
  type ErrorCode,
  ForwardAccumulator,
  GradientTape,
  Input,
  initializers,
  layers,
  losses,
  Model,
  metrics,
  ops,
  random,
  Sequential,
  SGD,
  schedules,
  tensor,
  Variable,
} from "../../ts/index.js";
import { known } from "../support/known-names.js";
import type { Row, Rows } from "./row.js";

const X = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const Y = [0, 1, 1, 0];
const QUIET = { verbose: 0 } as const;

/** A model of 2 inputs with a last layer of these units, called `last`. */
function network(units: number, activation: "softmax" | "sigmoid" | "linear", loss: unknown, metrics: string[] = []) {
  const last = new layers.Dense(units, { activation, inputShape: [2], name: "last" });
  const model = new Sequential([last], { name: "model" });
  model.compile({ optimizer: "sgd", loss, metrics } as never);
  return model;
}

/** Names that types do not have. */
interface Foreign {
  save(path: string): unknown;
  train_on_batch(...given: unknown[]): unknown;
  readonly trainable_variables: object;
  stop_training: boolean;
}

const value = (code: ErrorCode, message: string, call: () => unknown): Row => [call, "ValueError", code, message];
const type = (code: ErrorCode, message: string, call: () => unknown): Row => [call, "TypeError", code, message];

export const labels: Rows = [
  value(
    "ERR_SHAPE",
    "categoricalCrossentropy: labels of the shape [4] do not fit predictions of the shape [4, 3]. For labels that are class numbers use sparseCategoricalCrossentropy.",
    () => network(3, "softmax", "categorical_crossentropy").fit(X, [0, 1, 2, 0], QUIET),
  ),
  value(
    "ERR_SHAPE",
    "categoricalCrossentropy: labels of the shape [4, 1] do not fit predictions of the shape [4, 3]. For labels that are class numbers use sparseCategoricalCrossentropy.",
    () => network(3, "softmax", "categoricalCrossentropy", ["accuracy"]).fit(X, [[0], [1], [2], [0]], QUIET),
  ),
  value(
    "ERR_SHAPE",
    "categoricalFocalCrossentropy: labels of the shape [4] do not fit predictions of the shape [4, 3]. For labels that are class numbers use sparseCategoricalCrossentropy.",
    () => network(3, "softmax", "categorical_focal_crossentropy").evaluate(X, Uint8Array.of(0, 1, 2, 0), QUIET),
  ),
  value(
    "ERR_SHAPE",
    "sparseCategoricalCrossentropy: labels of the shape [4, 2] do not fit predictions of the shape [4, 2]. For one-hot labels use categoricalCrossentropy.",
    () => network(2, "softmax", "sparse_categorical_crossentropy").fit(X, ops.oneHot(Y, 2), QUIET),
  ),
  value(
    "ERR_SHAPE",
    "binaryCrossentropy: labels of the shape [4] do not fit predictions of the shape [4, 2]. For one label per sample, 0 or 1, the last layer has 1 unit; for class numbers use sparseCategoricalCrossentropy.",
    () => network(2, "softmax", "binary_crossentropy").fit(X, Y, QUIET),
  ),
  value(
    "ERR_SHAPE",
    "meanSquaredError: labels of the shape [4, 2] do not fit predictions of the shape [4, 3]. For labels of width 2 the last layer has 2 units.",
    () => network(3, "linear", "mse").fit(X, X, QUIET),
  ),
  value(
    "ERR_SHAPE",
    "categoricalCrossentropy: labels of the shape [1, 1] do not fit predictions of the shape [1, 1, 2]. For labels that are class numbers use sparseCategoricalCrossentropy.",
    () => losses.categoricalCrossentropy([[1]], [[[0.5, 0.5]]]),
  ),
  value(
    "ERR_SHAPE",
    "sparseCategoricalCrossentropy: labels of the shape [2] do not fit predictions of the shape [2, 6, 6, 3]. There is a prediction for each position: put a Flatten layer before the last Dense layer.",
    () => {
      const model = new Sequential([
        new layers.Conv2D(2, 3, { inputShape: [8, 8, 1] }),
        new layers.Dense(3, "softmax"),
      ]);
      model.compile("adam", "sparse_categorical_crossentropy");
      return model.fit(new Uint8Array(128), [0, 1], QUIET);
    },
  ),
  value(
    "ERR_SHAPE",
    "meanAbsoluteError: labels of the shape [2] do not fit predictions of the shape [2, 4, 3]. There is a prediction for each position: put a Flatten layer before the last Dense layer.",
    () => losses.meanAbsoluteError([1, 2], new layers.Dense(3).apply(ops.zeros([2, 4, 1]))),
  ),
  value(
    "ERR_INDEX_RANGE",
    'fit: "y": label 1 at sample 1 is out of range: there are 1 classes, counted from 0 to 0. For two classes in one output use binaryCrossentropy.',
    () => network(1, "sigmoid", "sparse_categorical_crossentropy").fit(X, Y, QUIET),
  ),
  value(
    "ERR_INDEX_RANGE",
    'fit: "y": label 3 at sample 2 is out of range: there are 3 classes, counted from 0 to 2.',
    () => network(3, "softmax", "sparse_categorical_crossentropy").fit(X, [1, 2, 3, 1], QUIET),
  ),
  value("ERR_SHAPE", 'model: there are no labels. Pass "y", or batches [x, y].', () =>
    network(1, "linear", "mse").fit(X),
  ),
];

export const data: Rows = [
  type(
    "ERR_VALUES_DTYPE",
    'fit: "x": expected numbers (a typed array, a tensor, or nested lists), got an object (ArrayBuffer). Give its bytes a type: new Float32Array(buffer).',
    () => network(1, "linear", "mse").fit(new ArrayBuffer(32) as never, Y),
  ),
  type(
    "ERR_VALUES_DTYPE",
    'fit: "y": expected numbers, got "cat". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
    () => network(2, "softmax", "sparse_categorical_crossentropy").fit(X, ["cat", "dog", "dog", "cat"] as never),
  ),
  type("ERR_VALUES_DTYPE", 'predict: "x": expected numbers, got "0.5". Convert text first: Number(text).', () =>
    network(1, "linear", "mse").predict([[1, "0.5"]] as never),
  ),
  type(
    "ERR_VALUES_DTYPE",
    'fit: "x": expected numbers, got an object (Object). Make a list of each row first: data.map((row) => Object.values(row)).',
    () => network(1, "linear", "mse").fit([{ a: 1, b: 2 }] as never, [1]),
  ),
  type("ERR_VALUES_DTYPE", 'fit: "x": expected numbers, got null. Fill or leave out missing values first.', () =>
    network(1, "linear", "mse").fit([[1, null]] as never, [1]),
  ),
  type(
    "ERR_VALUES_DTYPE",
    'fit: "y": expected numbers (a typed array, a tensor, or nested lists), got an object (Promise). It is a promise: await it first.',
    () => network(1, "linear", "mse").fit(X, Promise.resolve(Y) as never),
  ),
  value("ERR_SHAPE", 'fit: "x" must have the shape samples x 2, got 1 x 3.', () =>
    network(1, "linear", "mse").fit([[1, 2, 3]], [1]),
  ),
];

/** An object of another library, which has this method. */
function made(className: string, method: string): never {
  const Made = { [className]: class {} }[className] as new () => object;
  return Object.assign(new Made(), { [method]: () => [] }) as never;
}

const DATASET =
  "Pass an async function* that yields { xs, ys } as numbers of its batches: docs/tfjs-users.md shows it.";

export const libraries: Rows = [
  type(
    "ERR_VALUES_DTYPE",
    `fit: "x": expected numbers (a typed array, a tensor, or nested lists), got an object (Dataset). ${DATASET}`,
    () => network(1, "linear", "mse").fit(made("Dataset", "forEachAsync"), { epochs: 2 }),
  ),
  type(
    "ERR_VALUES_DTYPE",
    `evaluate: "x": expected numbers (a typed array, a tensor, or nested lists), got an object (Dataset). ${DATASET}`,
    () => network(1, "linear", "mse").evaluate(made("Dataset", "forEachAsync")),
  ),
  type(
    "ERR_VALUES_DTYPE",
    'fit: "y": expected numbers (a typed array, a tensor, or nested lists), got an object (Tensor). Pass its numbers: t.arraySync().',
    () => network(1, "linear", "mse").fit(X, made("Tensor", "arraySync")),
  ),
  type(
    "ERR_VALUES_DTYPE",
    'predict: "x": expected numbers, got an object (Vector). Pass its numbers: x.toArray().',
    () => network(1, "linear", "mse").predict([made("Vector", "toArray")]),
  ),
  type(
    "ERR_VALUES_DTYPE",
    'predict: "x": expected numbers (a typed array, a tensor, or nested lists), got an object (Canvas). Pass its pixels: canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).',
    () => network(1, "linear", "mse").predict(made("Canvas", "getContext")),
  ),
  type(
    "ERR_VALUES_DTYPE",
    'fit: "x": expected numbers, got an object (Date). Pass a number, such as date.getTime() / 86400000, in days.',
    () => network(1, "linear", "mse").fit([[1, new Date(0)]] as never, [1]),
  ),
  type("ERR_VALUES_DTYPE", 'fit: "x": expected numbers, got an object (Set). Pass a list: [...set].', () =>
    network(1, "linear", "mse").fit([new Set([1, 2])] as never, [1]),
  ),
  type("ERR_VALUES_DTYPE", 'fit: "x": expected numbers, got an object (Map). Pass a list: [...map.values()].', () =>
    network(1, "linear", "mse").fit([new Map([["a", 1]])] as never, [1]),
  ),
];

export const arithmetic: Rows = [
  type(
    "ERR_OPTION_TYPE",
    "JavaScript's operators take numbers, got a tensor [2]. Write ops.multiply(a, b) for a * b, or item() for a single value.",
    () => Number(tensor([1, 2])),
  ),
  type(
    "ERR_OPTION_TYPE",
    'JavaScript\'s operators take numbers, got the symbolic tensor "x". Write ops.multiply(a, b) for a * b, or use a layer, such as new layers.Multiply().apply([a, b]).',
    () => Number(Input({ shape: [2], name: "x" })),
  ),
];

export const texts: Rows = [
  type(
    "ERR_VALUES_DTYPE",
    "sum: expected numbers, got the text of a tensor, such as a + b makes. Write ops.add(a, b).",
    () => ops.sum(`${tensor([1, 2])}${tensor([1, 2])}` as never),
  ),
];

export const calls: Rows = [
  type("ERR_OPTION_TYPE", "Pass the tape itself, not a proxy (toRaw, markRaw).", () =>
    new Proxy(new GradientTape(), {}).run(() => 1),
  ),
  type("ERR_OPTION_TYPE", "Pass the accumulator itself, not a proxy (toRaw, markRaw).", () =>
    new Proxy(new ForwardAccumulator(new Variable([1]), [1]), {}).run(() => 1),
  ),
  type("ERR_OPTION_TYPE", "Pass the callback itself, not a proxy (toRaw, markRaw).", () =>
    new Proxy(new callbacks.History(), {}).setParams({} as never),
  ),
  type("ERR_OPTION_TYPE", "Pass the initializer itself, not a proxy (toRaw, markRaw).", () =>
    new Proxy(new initializers.GlorotUniform(), {}).getConfig(),
  ),
  type("ERR_OPTION_TYPE", "Pass the metric itself, not a proxy (toRaw, markRaw).", () =>
    new Proxy(new metrics.Mean(), {}).updateState([1]),
  ),
  type(
    "ERR_OPTION_TYPE",
    "Pass the generator itself, not a proxy (toRaw, markRaw).",
    () => new Proxy(new random.SeedGenerator(1), {}).seed,
  ),
  type("ERR_OPTION_TYPE", "Pass the schedule itself, not a proxy (toRaw, markRaw).", () =>
    new Proxy(new schedules.ExponentialDecay(1, 1, 1), {}).at(0),
  ),
  type("ERR_OPTION_TYPE", "Pass the schedule itself, not a proxy (toRaw, markRaw).", () =>
    new Proxy(new schedules.ExponentialDecay(1, 1, 1), {}).getConfig(),
  ),
  type("ERR_OPTION_TYPE", "Pass the model itself, not a proxy (toRaw, markRaw).", () =>
    new Proxy(network(1, "linear", "mse"), {}).predict(X),
  ),
  type("ERR_OPTION_TYPE", "Pass the optimizer itself, not a proxy (toRaw, markRaw).", () =>
    new Proxy(new SGD(), {}).apply([[1]], [new Variable([1])]),
  ),
  type("ERR_OPTION_TYPE", 'fit: "y" is missing. Options come after it: fit(x, y, { epochs: ... }).', () =>
    network(1, "linear", "mse").fit(X, { epochs: 2 }),
  ),
  type("ERR_OPTION_TYPE", 'evaluate: "y" is missing. Options come after it: evaluate(x, y, { batchSize: ... }).', () =>
    network(1, "linear", "mse").evaluate(X, { batchSize: 2 }),
  ),
  value(
    "ERR_OPTION_UNKNOWN",
    'fit: a callback has "onepochend", which is not a hook. Did you mean "onEpochEnd"? Hooks are: onTrainBegin, onTrainEnd, onEpochBegin, onEpochEnd, onTrainBatchBegin, onTrainBatchEnd, onTestBegin, onTestEnd, onTestBatchBegin, onTestBatchEnd, onPredictBegin, onPredictEnd, onPredictBatchBegin, onPredictBatchEnd.',
    () => network(1, "linear", "mse").fit(X, Y, { callbacks: [{ onepochend() {} } as never] }),
  ),
  type(
    "ERR_OPTION_TYPE",
    "Sequential takes a list of layers, such as new Sequential([first, second]), got an object (Dense) and more.",
    () => new Sequential(new layers.Dense(4) as never, new layers.Dense(1) as never),
  ),
  type(
    "ERR_OPTION_TYPE",
    "Sequential takes a list of layers, such as new Sequential([first, second]), got an object (Object).",
    () => new Sequential({ layers: [new layers.Dense(1)] } as never),
  ),
  type("ERR_OPTION_TYPE", "model: add takes a layer, got the class Dense: make a layer with new Dense(...).", () =>
    new Sequential([], { name: "model" }).add(layers.Dense as never),
  ),
  type("ERR_OPTION_TYPE", 'Concatenate "both" takes several inputs in one list: apply([a, b]).', () =>
    new layers.Concatenate({ name: "both" }).apply(Input([2]) as never, Input([3]) as never),
  ),
  type("ERR_OPTION_TYPE", 'Add "sum" takes several inputs in one list: apply([a, b]).', () =>
    (new layers.Add({ name: "sum" }).apply as (...given: unknown[]) => unknown).call(
      new layers.Add({ name: "sum" }),
      tensor([1]),
      tensor([2]),
      tensor([3]),
    ),
  ),
  type(
    "ERR_VALUES_DTYPE",
    "dropout: expected numbers, got a symbolic tensor, which has none. In a functional model use a layer, or call it in a custom layer.",
    () => ops.dropout(Input({ shape: [2] }) as never, 0.5),
  ),
  type(
    "ERR_OPTION_TYPE",
    'model: "inputs" must be symbolic tensors, from Input() and layer.apply(), got an object (InputLayer).',
    () =>
      new Model({
        inputs: new layers.InputLayer({ shape: [2] }) as never,
        outputs: new layers.Dense(1) as never,
        name: "model",
      }),
  ),
  type(
    "ERR_ARGUMENT_COUNT",
    "fit takes at most 3 arguments, got 4. Options are named: fit(x, y, { batchSize: 32, epochs: 10 }).",
    () => (network(1, "linear", "mse").fit as (...given: unknown[]) => unknown)(X, Y, 32, 10),
  ),
  type("ERR_ARGUMENT_COUNT", "fit takes at most 3 arguments, got 4.", () =>
    (network(1, "linear", "mse").fit as (...given: unknown[]) => unknown)(X, Y, {}, 10),
  ),
  type(
    "ERR_OPTION_TYPE",
    'fit: "callbacks" must be objects, got the class EarlyStopping: make one with new EarlyStopping(...).',
    () => network(1, "linear", "mse").fit(X, Y, { callbacks: [callbacks.EarlyStopping as never] }),
  ),
  type(
    "ERR_OPTION_TYPE",
    'fit: "callbacks" must be a list of callbacks or objects with hooks such as onEpochEnd, got a function in it.',
    () => network(1, "linear", "mse").fit(X, Y, { callbacks: [(() => {}) as never] }),
  ),
  type("ERR_OPTION_TYPE", "fit: a callback must have hooks, such as onEpochEnd, got an object (Object).", () =>
    network(1, "linear", "mse").fit(X, Y, { callbacks: [{ epochEnd() {} } as never] }),
  ),
  value(
    "ERR_OPTION_UNKNOWN",
    'fit: a callback has "set_model", which nothing calls. The method is setModel of Callback; in subclasses, the model is this.model.',
    () =>
      network(1, "linear", "mse").fit(X, Y, {
        callbacks: [
          new (class extends callbacks.Callback {
            set_model() {}
          })(),
        ],
      }),
  ),
];

export const names: Rows = [
  value(
    "ERR_OPTION_UNKNOWN",
    'LeakyReLU does not know "alpha" (did you mean "negativeSlope"?). Its options are: negativeSlope, name, trainable, inputShape, activityRegularizer, dtype.',
    () => new layers.LeakyReLU({ alpha: 0.1 } as never),
  ),
  value(
    "ERR_OPTION_UNKNOWN",
    'SGD does not know "lr" (did you mean "learningRate"?). Its options are: learningRate, weightDecay, clipnorm, clipvalue, globalClipnorm, useEma, emaMomentum, emaOverwriteFrequency, lossScaleFactor, gradientAccumulationSteps, name, learningRateMultipliers, weightDecayMultipliers, adaptiveClip, skipNonfinite, gradientCentralization, cautious, cautiousWeightDecay, momentum, nesterov.',
    () => new SGD({ lr: 0.1 } as never),
  ),
  value(
    "ERR_OPTION_UNKNOWN",
    'BinaryCrossentropy does not know "from_logits" (did you mean "fromLogits"?). Its options are: reduction, name, dtype, fromLogits, labelSmoothing, axis.',
    () => new losses.BinaryCrossentropy({ from_logits: true } as never),
  ),
  value(
    "ERR_OPTION_UNKNOWN",
    'ExponentialDecay does not know "decay_steps" (did you mean "decaySteps"?). Its options are: initialLearningRate, decaySteps, decayRate, staircase, name.',
    () => new schedules.ExponentialDecay({ initialLearningRate: 0.1, decay_steps: 10, decayRate: 0.9 } as never),
  ),
  value(
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No optimizer is called "adma". Did you mean "Adam"? Known: ${known("optimizer")}. Pass a custom class in customObjects.`,
    () => new Sequential().compile({ optimizer: "adma" as never, loss: "mse" }),
  ),
  type(
    "ERR_OPTION_TYPE",
    'compile: "metrics" must be a list, such as ["accuracy"], or an object by output, got "accuracy".',
    () => new Sequential().compile({ loss: "mse", metrics: "accuracy" as never }),
  ),
];

export const foreign: Rows = [
  type(
    "ERR_NOT_IMPLEMENTED",
    "model: there is no save. Models are saved by saveModel of gradstep/saving: await saveModel(model, path).",
    () => (network(1, "linear", "mse") as unknown as Foreign).save("model.keras"),
  ),
  type("ERR_NOT_IMPLEMENTED", "model: there is no train_on_batch. It is called trainOnBatch.", () =>
    (network(1, "linear", "mse") as unknown as Foreign).train_on_batch(X, Y),
  ),
  type("ERR_NOT_IMPLEMENTED", "model: there is no trainable_variables. It is called trainableVariables.", () =>
    Object.entries((network(1, "linear", "mse") as unknown as Foreign).trainable_variables),
  ),
  type("ERR_NOT_IMPLEMENTED", "model: there is no stop_training. It is called stopTraining.", () => {
    (network(1, "linear", "mse") as unknown as Foreign).stop_training = true;
  }),
  value(
    "ERR_OPTION_UNKNOWN",
    'sgd: nothing reads its "lr", which was set. Set optimizer.learningRate, and delete optimizer.lr.',
    () => {
      const model = network(1, "linear", "mse");
      model.compile({ optimizer: new (class extends SGD {})({ name: "sgd" }), loss: "mse" });
      Object.assign(model.optimizer as object, { lr: 0.1 });
      return model.fit(X, Y, QUIET);
    },
  ),
  value(
    "ERR_OPTION_UNKNOWN",
    'compile does not know "strategy". A strategy is given as "distribute": compile({ ..., distribute: strategy }).',
    () => network(1, "linear", "mse").compile({ loss: "mse", strategy: {} } as never),
  ),
];

export const gradients: Rows = [
  type(
    "ERR_OPTION_TYPE",
    "adam: minimize takes a function that computes the loss, or with { tape } a tensor that this tape recorded, got an object (Tensor).",
    () => new Adam({ name: "adam" }).minimize(tensor(1) as never, [new Variable([1])]),
  ),
  type("ERR_OPTION_TYPE", "adam: the loss of minimize must be a float32 tensor, made by operations, got 3.", () =>
    new Adam({ name: "adam" }).minimize(() => tensor(3).item() as never, [new Variable([1])]),
  ),
  type(
    "ERR_TAPE",
    "gradient: sources are variables or tensors, such as model.trainableWeights, got an object (Object).",
    () => {
      const model = network(1, "linear", "mse");
      const tape = new GradientTape();
      const loss = tape.run(() => ops.sum(model.apply(X)));
      return tape.gradient(loss, model.getWeights() as never);
    },
  ),
  type(
    "ERR_PAIRS_MALFORMED",
    "applyGradients: entry 0 must be a [gradient, variable] pair, as of zip(gradients, variables), got an object (Tensor).",
    () => new SGD().applyGradients([tensor([1])] as never),
  ),
  type(
    "ERR_OPTION_TYPE",
    'The loss "loss" must return a float32 tensor, made by operations from its arguments, got NaN.',
    () => network(1, "linear", () => Number.NaN).fit(X, Y, QUIET),
  ),
  type(
    "ERR_OPTION_TYPE",
    "JavaScript's operators take numbers, got a tensor [4, 1]. Write ops.multiply(a, b) for a * b, or item() for a single value.",
    () =>
      network(1, "linear", (y: unknown, p: unknown) => (y as number) - (p as number)).fit(
        X,
        [[0], [1], [1], [0]],
        QUIET,
      ),
  ),
  value("ERR_NOT_COMPILED", "model: call compile({ optimizer, loss }) before fit.", () =>
    new Sequential([new layers.Dense(1)], { name: "model" }).fit(X, Y),
  ),
];
