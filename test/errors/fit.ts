/**
 * Refusals of fit, evaluate, predict and similar methods: ts/models/, ts/callbacks/known-hooks.ts.
 * Over 300 lines: a table, of one row for each fault.
 */

import { callbacks, Input, layers, Model, metrics, ops, Sequential, tensor } from "../../ts/index.js";
import { compiled, linear } from "./linear.js";
import type { Rows } from "./row.js";

const X = [[1], [2], [3], [4]];
const QUIET = { verbose: 0 } as const;
const asked =
  (options: object, x: unknown = X, y: unknown = X) =>
  () =>
    compiled().fit(x as never, y as never, { ...QUIET, ...options } as never);

function* once() {
  yield [[[1]], [[1]]] as const;
}
async function* odd(batch: unknown) {
  yield batch;
}

function pair() {
  const [a, b] = [Input({ shape: [1], name: "a" }), Input({ shape: [1], name: "b" })];
  const model = new Model({ inputs: [a, b], outputs: new layers.Add().apply([a, b]), name: "model" });
  model.compile({ loss: "mse" });
  return model;
}

/** A classifier with 2 classes. */
function classifier() {
  const model = new Sequential([new layers.Dense(2, { inputShape: [1], activation: "softmax", name: "dense" })], {
    name: "model",
  });
  model.compile({ optimizer: "sgd", loss: "sparse_categorical_crossentropy" });
  return model;
}

export const options: Rows = [
  [
    () => {
      const model = new Sequential([new layers.Dense(1, { name: "dense" })], { name: "model" });
      model.compile({ optimizer: "sgd", loss: "mse" });
      return model.fit(X, X, { ...QUIET, validationData: [[[1, 2]], [[1]]] });
    },
    "ValueError",
    "ERR_SHAPE",
    'fit: validationData: "x" does not fit model: Dense "dense": expected inputs of 1 on the last axis, got 2 (? x 2).',
  ],
  [() => linear().fit(X, X), "ValueError", "ERR_NOT_COMPILED", "model: call compile({ optimizer, loss }) before fit."],
  [
    () => linear().evaluate(X, X),
    "ValueError",
    "ERR_NOT_COMPILED",
    "model: call compile({ optimizer, loss }) before evaluate.",
  ],
  [
    () => linear().trainOnBatch(X, X),
    "ValueError",
    "ERR_NOT_COMPILED",
    "model: call compile({ optimizer, loss }) before trainOnBatch.",
  ],
  [
    () => linear().testOnBatch(X, X),
    "ValueError",
    "ERR_NOT_COMPILED",
    "model: call compile({ optimizer, loss }) before testOnBatch.",
  ],
  [
    () => {
      const model = linear();
      model.compile({ optimizer: "sgd" });
      return model.fit(X, X, QUIET);
    },
    "ValueError",
    "ERR_NOT_COMPILED",
    'model: no loss to train for. Pass one to compile, such as compile({ loss: "mse" }).',
  ],
  [
    asked({ epoch: 3 }),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'fit does not know "epoch" (did you mean "epochs"?). Its options are: batchSize, epochs, shuffle, validationSplit, validationData, validationBatchSize, validationSteps, validationFreq, callbacks, verbose, classWeight, sampleWeight, initialEpoch, stepsPerEpoch, signal.',
  ],
  [
    () => compiled().fit(X, X, 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "fit takes one object with options, such as { batchSize: ... }, got 1.",
  ],
  [
    asked({ epochs: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "epochs" must be a whole number, 0 or above, got -1.',
  ],
  [
    asked({ epochs: 0.5 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "epochs" must be a whole number, 0 or above, got 0.5.',
  ],
  [
    asked({ batchSize: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "batchSize" must be a whole number, 1 or above, got 0.',
  ],
  [asked({ batchSize: "x" }), "TypeError", "ERR_OPTION_TYPE", 'fit: "batchSize" must be a number, got "x".'],
  [
    asked({ initialEpoch: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "initialEpoch" must be a whole number, 0 or above, got -1.',
  ],
  [
    asked({ stepsPerEpoch: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "stepsPerEpoch" must be a whole number, 1 or above, got 0.',
  ],
  [
    asked({ validationSteps: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "validationSteps" must be a whole number, 1 or above, got 0.',
  ],
  [
    asked({ validationBatchSize: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "validationBatchSize" must be a whole number, 1 or above, got 0.',
  ],
  [
    asked({ validationFreq: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "validationFreq" must be a whole number, 1 or above, got 0.',
  ],
  [asked({ shuffle: 1 }), "TypeError", "ERR_OPTION_TYPE", 'fit: "shuffle" must be true or false, got 1.'],
  [asked({ verbose: 3 }), "ValueError", "ERR_OPTION_RANGE", 'fit: "verbose" must be 0, 1, 2 or "auto", got 3.'],
  [asked({ signal: 1 }), "TypeError", "ERR_OPTION_TYPE", 'fit: "signal" must be an AbortSignal, got 1.'],
  [asked({ callbacks: 1 }), "TypeError", "ERR_OPTION_TYPE", 'fit: "callbacks" must be a list, got 1.'],
  [
    asked({ callbacks: [3] }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'fit: "callbacks" must be a list of callbacks or objects with hooks such as onEpochEnd, got 3 in it.',
  ],
  [
    asked({ callbacks: [{ onBatchEnd() {} }] }),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'fit: a callback has "onBatchEnd", which is not a hook. Did you mean "onTrainBatchEnd"? Hooks are: onTrainBegin, onTrainEnd, onEpochBegin, onEpochEnd, onTrainBatchBegin, onTrainBatchEnd, onTestBegin, onTestEnd, onTestBatchBegin, onTestBatchEnd, onPredictBegin, onPredictEnd, onPredictBatchBegin, onPredictBatchEnd.',
  ],
  [
    asked({ callbacks: [new Map()] }),
    "TypeError",
    "ERR_OPTION_TYPE",
    "fit: a callback must have hooks, such as onEpochEnd, got an object (Map).",
  ],
  [
    asked({ callbacks: [{ onEpochEnd: 5 }] }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'fit: the hook "onEpochEnd" of a callback must be a function, got 5.',
  ],
  [
    asked({ validationSplit: 1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "validationSplit" must be from 0 to below 1, got 1.',
  ],
  [
    asked({ validationSplit: "x" }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "validationSplit" must be from 0 to below 1, got "x".',
  ],
  [
    asked({ validationSplit: 0.999 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "validationSplit" must leave samples on both sides, got 0.999 of 4 samples.',
  ],
  [
    asked({ validationData: 1 }),
    "ValueError",
    "ERR_OPTION_TYPE",
    'fit: "validationData" must be [x, y], [x, y, sampleWeight] or an iterable of batches, got 1.',
  ],
  [
    asked({ validationData: [] }),
    "ValueError",
    "ERR_OPTION_TYPE",
    'fit: "validationData" must be [x, y], [x, y, sampleWeight] or an iterable of batches, got an array of 0.',
  ],
  [
    asked({ classWeight: 1 }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'fit: "classWeight" must be an object or a Map of weights by class number, such as { 0: 1, 1: 5 }, got 1.',
  ],
  [
    asked({
      classWeight: new Map<unknown, number>([
        [1, 1],
        ["1", 2],
      ]) as never,
    }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'fit: "classWeight" has two weights for one class.',
  ],
  [
    asked({ classWeight: { "01": 1 } }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "classWeight" must have weights by class number, such as { 0: 1, 1: 5 }, got the class "01".',
  ],
  [
    asked({ classWeight: { a: 1 } }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "classWeight" must have weights by class number, such as { 0: 1, 1: 5 }, got the class "a".',
  ],
  [
    asked({ classWeight: { 0: "x" } }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'fit: "classWeight[0]" must be a number, got "x".',
  ],
  [
    asked({ classWeight: { 0: -1 } }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "classWeight[0]" must be 0 or above, got -1.',
  ],
  [
    asked({ classWeight: { 0: 1 }, sampleWeight: [1, 1, 1, 1] }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'fit: "classWeight" and "sampleWeight" cannot be used together.',
  ],
  [
    () => compiled().evaluate(X, X, { ...QUIET, steps: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'evaluate: "steps" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => compiled().evaluate(X, X, { ...QUIET, batchSize: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'evaluate: "batchSize" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => compiled().evaluate(X, X, { step: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'evaluate does not know "step" (did you mean "steps"?). Its options are: batchSize, verbose, steps, callbacks, signal, sampleWeight, returnDict.',
  ],
  [
    () => compiled().evaluate(X, X, { returnDict: 1 } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'evaluate: "returnDict" must be true or false, got 1.',
  ],
  [
    () => compiled().predict(X, { step: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'predict does not know "step" (did you mean "steps"?). Its options are: batchSize, verbose, steps, callbacks, signal.',
  ],
  [
    () => compiled().predict(X, { batchSize: 0, ...QUIET }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'predict: "batchSize" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => compiled().trainOnBatch(X, X, { sampleWeights: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'trainOnBatch does not know "sampleWeights" (did you mean "sampleWeight"?). Its options are: sampleWeight, classWeight, returnDict.',
  ],
  [
    () => compiled().testOnBatch(X, X, 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "testOnBatch takes one object with options, such as { sampleWeight: ... }, got 1.",
  ],
];

/** One input, and two outputs with a loss each. */
function twoOutputs() {
  const input = Input({ shape: [1], name: "in" });
  const outputs = ["one", "two"].map((name) => new layers.Dense(1, { name }).apply(input));
  const model = new Model({ inputs: input, outputs, name: "model" });
  model.compile({ loss: "mse" });
  return model;
}

const GONE =
  "the array is detached: its memory was transferred, or is WebAssembly memory that has grown. Copy it first: array.slice().";

/** A call with an array that is transferred at the end of the first batch. */
const losing = (call: (x: Float32Array, callbacks: object[]) => unknown) => () => {
  const x = new Float32Array([1, 2, 3, 4]);
  const give = () => void structuredClone(x.buffer, { transfer: [x.buffer] });
  return call(x, [{ onTrainBatchEnd: give, onTestBatchEnd: give, onPredictBatchEnd: give }]);
};

export const data: Rows = [
  [asked({}, null), "TypeError", "ERR_OPTION_TYPE", 'fit: "x" is missing.'],
  [
    asked({}, "x"),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'fit: "x": expected numbers (a typed array, a tensor, or nested lists), got "x". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    asked({}, Promise.resolve(X)),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'fit: "x": expected numbers (a typed array, a tensor, or nested lists), got an object (Promise). It is a promise: await it first.',
  ],
  [
    asked({}, X, new Date(0)),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'fit: "y": expected numbers (a typed array, a tensor, or nested lists), got an object (Date). Pass a number, such as date.getTime() / 86400000, in days.',
  ],
  [
    asked({}, X, "x"),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'fit: "y": expected numbers (a typed array, a tensor, or nested lists), got "x". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    asked(
      {},
      [
        [1, 2],
        [3, 4],
      ],
      [[1], [2]],
    ),
    "ValueError",
    "ERR_SHAPE",
    'fit: "x" must have the shape samples x 1, got 2 x 2.',
  ],
  [
    asked({}, X, X.slice(1)),
    "ValueError",
    "ERR_SHAPE",
    "fit: all arrays must have the same number of samples, got 4, 3.",
  ],
  [
    asked({ sampleWeight: [1] }),
    "ValueError",
    "ERR_SHAPE",
    "fit: all arrays must have the same number of samples, got 4, 4, 1.",
  ],
  [
    asked({ sampleWeight: "x" }),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'fit: "sampleWeight": expected numbers (a typed array, a tensor, or nested lists), got "x". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    asked({}, new Float32Array(0), new Float32Array(0)),
    "ValueError",
    "ERR_SHAPE",
    'fit: there are no samples: "x" is empty.',
  ],
  [
    () => compiled().fit(X, undefined, QUIET),
    "ValueError",
    "ERR_SHAPE",
    'model: there are no labels. Pass "y", or batches [x, y].',
  ],
  [
    () => {
      const model = new Sequential([new layers.Dense(1, { inputShape: [3] })], { name: "model" });
      model.compile({ loss: "mse" });
      return model.fit(new Float32Array(7), new Float32Array(2), QUIET);
    },
    "ValueError",
    "ERR_SHAPE",
    'fit: "x": expected samples of 3 values (3), got 7 values, which is not a multiple.',
  ],
  [
    asked({}, 1, 1),
    "ValueError",
    "ERR_SHAPE",
    'fit: "x": expected samples along the first axis, got a single number. One sample is a list: [x].',
  ],
  [
    asked({}, tensor(1), X),
    "ValueError",
    "ERR_SHAPE",
    'fit: "x": expected samples along the first axis, got a single number. One sample is a list: [x].',
  ],
  [
    () => pair().fit([X], X, QUIET),
    "ValueError",
    "ERR_SHAPE",
    'fit: "x" must be a list of 2 arrays, for "a", "b", got a list of 1.',
  ],
  [
    () => pair().fit([X, X, X], X, QUIET),
    "ValueError",
    "ERR_SHAPE",
    'fit: "x" must be a list of 2 arrays, for "a", "b", got a list of 3.',
  ],
  [() => pair().fit({ a: X } as never, X, QUIET), "ValueError", "ERR_SHAPE", 'fit: "x" has "a", but not "b".'],
  [
    () => pair().fit({ a: X, c: X } as never, X, QUIET),
    "ValueError",
    "ERR_SHAPE",
    'fit: "x" has "a", "c", but not "b".',
  ],
  [
    () => pair().fit(X as never, X, QUIET),
    "ValueError",
    "ERR_SHAPE",
    'fit: "x" must be a list of 2 arrays, for "a", "b", got a list of 4.',
  ],
  [
    () => pair().predict([X, X.slice(1)], QUIET),
    "ValueError",
    "ERR_SHAPE",
    "predict: all arrays must have the same number of samples, got 4, 3.",
  ],
  [
    () => pair().predict([X, [[1, 2]]] as never, QUIET),
    "ValueError",
    "ERR_SHAPE",
    'predict: "x" for "b" must have the shape samples x 1, got 1 x 2.',
  ],
  [
    () => pair().predict([X] as never, QUIET),
    "ValueError",
    "ERR_SHAPE",
    'predict: "x" must be a list of 2 arrays, for "a", "b", got a list of 1.',
  ],
  [
    () => pair().predict([X, "x"] as never, QUIET),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'predict: "x" for "b": expected numbers (a typed array, a tensor, or nested lists), got "x". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    losing((x, callbacks) => compiled().fit(x, X, { batchSize: 1, callbacks, ...QUIET })),
    "ValueError",
    "ERR_VALUES_DETACHED",
    `fit: "x": ${GONE}`,
  ],
  [
    losing((x, callbacks) => compiled().evaluate(X, x, { batchSize: 1, callbacks, ...QUIET })),
    "ValueError",
    "ERR_VALUES_DETACHED",
    `evaluate: "y": ${GONE}`,
  ],
  [
    losing((x, callbacks) => compiled().predict(x, { batchSize: 1, callbacks, ...QUIET })),
    "ValueError",
    "ERR_VALUES_DETACHED",
    `predict: "x": ${GONE}`,
  ],
  [
    () => classifier().fit(X, [0, 1, 2, 0], QUIET),
    "ValueError",
    "ERR_INDEX_RANGE",
    'fit: "y": label 2 at sample 2 is out of range: there are 2 classes, counted from 0 to 1.',
  ],
  [
    () => classifier().fit(X, [0, 1, 0.5, 0], QUIET),
    "ValueError",
    "ERR_VALUES_DTYPE",
    'fit: "y": expected whole numbers, got 0.5 at sample 2.',
  ],
  [
    () => classifier().fit(X, [0, 1, 0, 0], { ...QUIET, validationData: [X, [0, 1, 2, 3]] }),
    "ValueError",
    "ERR_INDEX_RANGE",
    'fit: validationData: "y": label 2 at sample 2 is out of range: there are 2 classes, counted from 0 to 1.',
  ],
  [
    () => {
      const model = new Sequential([new layers.Embedding(2, 1, { inputShape: [1], name: "embedding" })], {
        name: "model",
      });
      model.compile({ loss: "mse" });
      return model.fit([[0], [2]], [[[1]], [[1]]], QUIET);
    },
    "ValueError",
    "ERR_INDEX_RANGE",
    'fit: "x": index 2 at sample 1 is out of range: there are 2 rows, counted from 0 to 1.',
  ],
  [
    () => twoOutputs().fit(X, [X, X], { ...QUIET, classWeight: { 0: 1 } }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'fit: "classWeight" is for models with one output and labels.',
  ],
  [
    () => twoOutputs().fit(X, [X] as never, QUIET),
    "ValueError",
    "ERR_SHAPE",
    'fit: "y" must be a list of 2 arrays, for "one", "two", got a list of 1.',
  ],
  [
    () => twoOutputs().trainOnBatch(X, { one: X } as never),
    "ValueError",
    "ERR_SHAPE",
    'trainOnBatch: "y" has "one", but not "two".',
  ],
];

export const batches: Rows = [
  [
    () => {
      const data = once();
      for (const _ of data);
      return compiled().fit(data, undefined, QUIET);
    },
    "ValueError",
    "ERR_SHAPE",
    'fit: the data is used up. A generator can be iterated only once: pass a function that returns a new one for each epoch, or "stepsPerEpoch".',
  ],
  [
    () => compiled().fit(odd(1) as never, undefined, QUIET),
    "TypeError",
    "ERR_OPTION_TYPE",
    "fit: the data must yield batches as [x, y], [x, y, sampleWeight] or { xs, ys }, got 1.",
  ],
  [
    () => compiled().fit(odd([]) as never, undefined, QUIET),
    "TypeError",
    "ERR_OPTION_TYPE",
    "fit: the data must yield batches as [x, y], [x, y, sampleWeight] or { xs, ys }, got an array of 0.",
  ],
  [
    () => compiled().fit(odd([X, X, X, X]) as never, undefined, QUIET),
    "TypeError",
    "ERR_OPTION_TYPE",
    "fit: the data must yield batches as [x, y], [x, y, sampleWeight] or { xs, ys }, got an array of 4.",
  ],
  [
    () => compiled().fit(odd([X]) as never, undefined, QUIET),
    "ValueError",
    "ERR_SHAPE",
    'model: there are no labels. Pass "y", or batches [x, y].',
  ],
  [
    () => compiled().fit(odd([X, X.slice(1)]) as never, undefined, QUIET),
    "ValueError",
    "ERR_SHAPE",
    "fit: all arrays must have the same number of samples, got 4, 3.",
  ],
  [
    // As all iterators of newer engines.
    () => compiled().fit(Object.assign(once(), { toArray: () => [] }), X as never, QUIET),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'fit: "y" cannot be given beside batches: each batch is [x, y] or [x, y, sampleWeight].',
  ],
  [
    () => compiled().fit(once(), undefined, { ...QUIET, sampleWeight: [1] } as never),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'fit: "sampleWeight" cannot be given beside batches: each batch is [x, y] or [x, y, sampleWeight].',
  ],
  [
    () => compiled().fit(once(), undefined, { ...QUIET, validationSplit: 0.5 }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'fit: "validationSplit" needs arrays, not batches. Pass "validationData".',
  ],
  [
    () => compiled().evaluate(odd(1) as never, undefined, QUIET),
    "TypeError",
    "ERR_OPTION_TYPE",
    "evaluate: the data must yield batches as [x, y], [x, y, sampleWeight] or { xs, ys }, got 1.",
  ],
  [
    () => compiled().predict(odd("x") as never, QUIET),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'predict: "x": expected numbers (a typed array, a tensor, or nested lists), got "x". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    () => compiled().fit((() => 1) as never, undefined, QUIET),
    "TypeError",
    "ERR_OPTION_TYPE",
    "fit: the function that makes the data must return an iterable of batches, got 1.",
  ],
];

/** The result of `call` while the model is being fitted. */
const during = (call: (model: Sequential) => unknown) => async () => {
  const model = compiled();
  let thrown: unknown;
  await model.fit(X, X, {
    ...QUIET,
    callbacks: [
      {
        async onTrainBatchEnd() {
          try {
            await call(model);
          } catch (error) {
            thrown = error;
          }
        },
      },
    ],
  });
  throw thrown;
};

export const underWay: Rows = [
  [
    () => {
      const own = Object.assign(new metrics.Mean({ name: "own" }), {
        updateState() {},
        result: () => tensor([[1, 2]]),
      });
      return compiled({ metrics: [own as never] }).evaluate(X, X, QUIET);
    },
    "TypeError",
    "ERR_OPTION_TYPE",
    'The metric "own": result must return a number or a list of numbers, got an object (Tensor).',
  ],
  [
    during((model) => model.fit(X, X)),
    "ValueError",
    "ERR_BUSY",
    "model: fit cannot start while fit runs on the same model. Wait for its promise first.",
  ],
  [
    during((model) => model.compile({ loss: "mse" })),
    "ValueError",
    "ERR_BUSY",
    "model: compile cannot start while fit runs on the same model. Wait for its promise first.",
  ],
  [
    during((model) => model.trainOnBatch(X, X)),
    "ValueError",
    "ERR_BUSY",
    "model: trainOnBatch cannot start while fit runs on the same model. Wait for its promise first.",
  ],
  [
    () => compiled().fit(X, X, { ...QUIET, callbacks: [new Proxy(new callbacks.EarlyStopping(), {})] }),
    "TypeError",
    "ERR_OPTION_TYPE",
    "Pass the callback itself, not a proxy (toRaw, markRaw).",
  ],
  [
    () => {
      const shared = new callbacks.EarlyStopping({ monitor: "loss" });
      const other = compiled();
      const inside = { onEpochEnd: () => other.evaluate(X, X, { ...QUIET, callbacks: [shared] }) as never };
      return compiled().fit(X, X, { ...QUIET, callbacks: [shared, inside] });
    },
    "ValueError",
    "ERR_BUSY",
    "model.evaluate: this EarlyStopping is in use by a run of model, and has the state of one run. Make one for each run: new EarlyStopping(...).",
  ],
  [
    during((model) => model.add(new layers.Flatten())),
    "ValueError",
    "ERR_BUSY",
    "model: add cannot change the model while it runs: fit, evaluate, predict, a step or a call. Wait for its promise, or its end, first.",
  ],
  [
    during((model) => model.pop()),
    "ValueError",
    "ERR_BUSY",
    "model: pop cannot change the model while it runs: fit, evaluate, predict, a step or a call. Wait for its promise, or its end, first.",
  ],
  [
    () => {
      const model = linear();
      model.compile({
        loss: (y, p) => {
          model.compile({ loss: "mse" });
          return ops.subtract(y, p);
        },
      });
      return model.trainOnBatch(X, X);
    },
    "ValueError",
    "ERR_BUSY",
    "model is in the middle of a call, and cannot be changed inside of it, by a getter, a schedule, a constraint or a loss.",
  ],
];
