/**
 * Refusals while models are built, compiled and saved: ts/models/.
 * Over 300 lines: a table, of one row for each fault.
 */

import {
  cloneModel,
  Input,
  layers,
  Model,
  modelFromJSON,
  ops,
  Sequential,
  type Tensor,
  tensor,
  updateBatchNormalization,
} from "../../ts/index.js";
import { known } from "../support/known-names.js";
import { linear } from "./linear.js";
import type { Rows } from "./row.js";

const dense = (name = "dense", shape: number[] = [2]) => new layers.Dense(1, { name, inputShape: shape });
const NAMED = { name: "model" };

function twoInputs() {
  const [a, b] = [Input({ shape: [1], name: "a" }), Input({ shape: [1], name: "b" })];
  const sum = new layers.Add({ name: "sum" }).apply([a, b]);
  return { a, b, sum, model: new Model({ inputs: [a, b], outputs: [sum, a], name: "model" }) };
}

/** A layer in a model, whose call returns another number of outputs than its computeOutputShape has shapes. */
function unequal(shapes: number, outputs: number): Model {
  class Odd extends layers.Layer {
    static override readonly className = "Odd";
    override computeOutputShape(shape: layers.LayerShape) {
      return (shapes === 1 ? shape : Array(shapes).fill(shape)) as layers.LayerShape;
    }
    override call(x: Tensor) {
      return outputs === 1 ? x : Array<Tensor>(outputs).fill(x);
    }
  }
  const x = Input({ shape: [1] });
  const made: unknown = new Odd({ name: "odd" }).apply(x);
  return new Model({ ...NAMED, inputs: x, outputs: made as never });
}

export const building: Rows = [
  [
    () => new layers.Dense(1, { name: "dense" }).output,
    "ValueError",
    "ERR_NOT_BUILT",
    'Dense "dense" has no "output" yet: apply it to a symbolic tensor, such as Input({ shape }), or build its Sequential.',
  ],
  [
    () => new Sequential([], NAMED).inputs,
    "ValueError",
    "ERR_NOT_BUILT",
    'model has no "inputs": a custom model has no graph, and a Sequential has one when it is built.',
  ],
  [
    () => new Sequential(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "Sequential takes a list of layers, such as new Sequential([first, second]), got 1.",
  ],
  [() => new Sequential([1 as never], NAMED), "TypeError", "ERR_OPTION_TYPE", "model: add takes a layer, got 1."],
  [
    () => new Sequential([], { nam: "x" } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Sequential does not know "nam" (did you mean "name"?). Its options are: name, trainable.',
  ],
  [
    () => new Sequential([dense()], NAMED).add(dense()),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'model: there is a layer called "dense" already. Names must differ in a model.',
  ],
  [
    () => new Sequential([dense()], NAMED).add(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: add takes a layer, got 1.",
  ],
  [
    () => new Sequential([dense()], NAMED).add(Input({ shape: [2] }) as never),
    "ValueError",
    "ERR_SHAPE",
    "model: an Input must be the first layer, and there can be only one.",
  ],
  [
    () => {
      const model = new Sequential([dense()], NAMED);
      model.add(model);
    },
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "model: a model cannot be a layer of itself.",
  ],
  [
    () => new Sequential([], NAMED).pop(),
    "ValueError",
    "ERR_SHAPE",
    "model: there is no layer to remove. Call add(layer) first.",
  ],
  [
    () => new Sequential([], NAMED).apply(tensor([[1]])),
    "ValueError",
    "ERR_NOT_BUILT",
    "model has no layers yet: call add(layer) first.",
  ],
  [
    () => new Sequential([dense()], NAMED).getLayer("dens"),
    "ValueError",
    "ERR_OPTION_RANGE",
    'model has no layer called "dens". Did you mean "dense"? It has: dense.',
  ],
  [
    () => new Model({ ...NAMED, inputs: twoInputs().a } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'model: "outputs" must be symbolic tensors, from Input() and layer.apply(), got none.',
  ],
  [
    () => {
      const { a, sum } = twoInputs();
      new Model({ inputs: a, outputs: sum, name: "model" });
    },
    "ValueError",
    "ERR_SHAPE",
    'model: the input "b" is needed for the outputs, but is not among the model\'s inputs ("a").',
  ],
  [
    () => new Model({ ...NAMED, inputs: twoInputs().a, outputs: tensor([1]) as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'model: "outputs" must be symbolic tensors, from Input() and layer.apply(), got an object (Tensor).',
  ],
  [
    () => new Model({ ...NAMED, inputs: twoInputs().a, outputs: [undefined] as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'model: "outputs" must be symbolic tensors, from Input() and layer.apply(), got undefined.',
  ],
  [
    () => new layers.Add({ name: "add" }).apply([twoInputs().a, undefined] as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Add "add": inputs must be all symbolic or all numbers, got undefined beside symbolic tensors.',
  ],
  [
    () => new Model({ ...NAMED, inputs: [], outputs: twoInputs().a }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'model: "inputs" must be symbolic tensors, from Input() and layer.apply(), got none.',
  ],
  [
    () => {
      const input = Input({ shape: [2], name: "in" });
      new Model({ ...NAMED, inputs: input, outputs: dense("same", [1]).apply(dense("same").apply(input)) });
    },
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'model: two layers are called "same". Names must differ in a model.',
  ],
  [
    () => twoInputs().model.apply(tensor([[1]]) as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Functional "model" takes a list of inputs: apply([a, b]), got one input.',
  ],
  [
    () => twoInputs().model.apply([tensor([[1]]), tensor([[1]]), tensor([[1]])]),
    "ValueError",
    "ERR_SHAPE",
    "model: expected 2 inputs, got 3.",
  ],
  [
    () => twoInputs().model.apply(Input({ shape: [1] }) as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Functional "model" takes a list of inputs: apply([a, b]), got one input.',
  ],
  [
    () => new Sequential([dense()], NAMED).apply([tensor([[1, 2]]), tensor([[1, 2]])] as never),
    "ValueError",
    "ERR_SHAPE",
    'Dense "dense" takes one input, got a list of 2. Join tensors first: ops.concatenate(list), ops.stack(list).',
  ],
  [
    () => Model.fromConfig(twoInputs().model.getConfig()),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'Functional.fromConfig does not create the layers of a config. Call modelFromJSON({ class_name: "Functional", config }).',
  ],
  [
    () => Sequential.fromConfig(new Sequential([dense()], NAMED).getConfig()),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'Sequential.fromConfig does not create the layers of a config. Call modelFromJSON({ class_name: "Sequential", config }).',
  ],
  [
    () => twoInputs().model.computeOutputShape([null, 1]),
    "ValueError",
    "ERR_SHAPE",
    "model: expected 2 inputs, got 1.",
  ],
  [
    () =>
      twoInputs().model.computeOutputShape([
        [null, 1],
        [null, 3, 2],
      ] as never),
    "ValueError",
    "ERR_SHAPE",
    'Functional "model": the input "b" takes the shape ? x 1, got ? x 3 x 2.',
  ],
  [
    () => twoInputs().model.apply({ a: [[1]] } as never),
    "ValueError",
    "ERR_SHAPE",
    'Functional "model": the inputs have "a", but not "b".',
  ],
  [
    () => {
      const { sum } = twoInputs();
      const heads = new Model({ inputs: sum, outputs: [sum, new layers.Flatten().apply(sum)], name: "heads" });
      return new Sequential([Input({ shape: [1] }), heads], NAMED);
    },
    "ValueError",
    "ERR_SHAPE",
    'A Sequential passes one tensor from layer to layer, and "heads" has 2 outputs. Use new Model({ inputs, outputs }).',
  ],
  [
    () => new (class Mine extends Model {})({ name: "mine" } as never).apply(tensor([[1]])),
    "TypeError",
    "ERR_NOT_IMPLEMENTED",
    "mine: a model without inputs and outputs must override call(inputs, { training }).",
  ],
  [
    () => new (class Mine extends Model {})({ name: "mine" } as never).getConfig(),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    "mine: a custom model has no config. Override getConfig(), or save its weights with getWeights().",
  ],
  [
    () => new (class Mine extends Model {})({ name: "mine" } as never).toJSON(),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    "mine: a custom model has no config. Override getConfig(), or save its weights with getWeights().",
  ],
  [
    () => new Sequential([dense()], NAMED).setWeights([]),
    "ValueError",
    "ERR_WEIGHTS_COUNT",
    'Sequential "model": setWeights expected 2 arrays (dense/kernel, dense/bias), got 0.',
  ],
  [
    () => new Sequential([dense()], NAMED).summary({ lineLength: 1 } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: summary takes a function that gets the text, got an object (Object).",
  ],
  [
    () => new Sequential([Input({ shape: [2] }), Input({ shape: [2] })] as never, NAMED),
    "ValueError",
    "ERR_SHAPE",
    "model: an Input must be the first layer, and there can be only one.",
  ],
  [
    () => unequal(2, 1).apply([[1]]),
    "ValueError",
    "ERR_SHAPE",
    'Odd "odd": expected 2 outputs, as when it was connected, got 1. Each call must return as many, and computeOutputShape as many shapes.',
  ],
  [
    () => unequal(1, 2).apply([[1]]),
    "ValueError",
    "ERR_SHAPE",
    'Odd "odd": expected 1 output, as when it was connected, got 2. Each call must return as many, and computeOutputShape as many shapes.',
  ],
  [
    () => {
      const x = Input({ shape: [1] });
      const parts = (one: Tensor, { training }: { training: boolean }) => (training ? one : [one, one]);
      const [a, b] = new layers.Lambda(parts, { name: "parts" }).apply<[typeof x, typeof x]>(x);
      new Model({ inputs: x, outputs: ops.add(a, b) }).apply([[1]], { training: true });
    },
    "ValueError",
    "ERR_SHAPE",
    'Lambda "parts": expected 2 outputs, as when it was connected, got 1. Each call must return as many, and computeOutputShape as many shapes.',
  ],
  [
    () => {
      const x = Input({ shape: [null] });
      const split = (one: Tensor) => ops.split(one, one.shape[1] === 4 ? 2 : 1, 1);
      const made: unknown = new layers.Lambda(split, { name: "parts" }).apply(x);
      new Model({ inputs: x, outputs: made as never }).apply(Input({ shape: [4] }));
    },
    "ValueError",
    "ERR_SHAPE",
    'Lambda "parts": expected 1 output, as when it was connected, got 2. Each call must return as many, and computeOutputShape as many shapes.',
  ],
];

export const compiling: Rows = [
  [
    () => linear().compile({ optimizer: "adamm" as never, loss: "mse" }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No optimizer is called "adamm". Did you mean "Adam"? Known: ${known("optimizer")}. Pass a custom class in customObjects.`,
  ],
  [
    () => linear().compile({ optimizer: "sgd", loss: "mze" as never }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No loss is called "mze". Did you mean "mse"? Known: ${known("loss")}. Pass a custom class or function in customObjects.`,
  ],
  [
    () => linear().compile({ optimizer: "sgd", loss: 1 as never }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "losses.get takes a loss, the name of one, a class, a function or { class_name, config }, got 1.",
  ],
  [
    () => linear().compile({ losss: "mse" } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'compile does not know "losss" (did you mean "loss"?). Its options are: optimizer, loss, lossWeights, metrics, weightedMetrics, distribute, stepsPerExecution, jitCompile, stats, trainStep, testStep, predictStep, computeLoss, computeMetrics.',
  ],
  [
    () => linear().compile("sgd", "mse", 1, 5 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "compile takes one object with options, such as { optimizer: ... }, got 5.",
  ],
  [
    () => linear().compile(1 as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "optimizers.get takes an optimizer, the name of one, a class or { class_name, config }, got 1.",
  ],
  [
    () => linear().compile({ loss: "mse", metrics: "accuracy" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'compile: "metrics" must be a list, such as ["accuracy"], or an object by output, got "accuracy".',
  ],
  [
    () => linear().compile({ loss: "mse", metrics: ["acuracy" as never] }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No metric is called "acuracy". Did you mean "Accuracy"? Known: ${known("metric")}. Pass a custom class or function in customObjects.`,
  ],
  [
    () => linear().compile({ loss: "mse", metrics: [1 as never] }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "metrics.get takes a metric, the name of one, a class, a function or { class_name, config }, got 1.",
  ],
  [
    () => linear().compile({ loss: "mse", metrics: new Map([["dense", ["mae"]]]) as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'compile: "metrics" must be a list, such as ["accuracy"], or an object by output, got an object (Map).',
  ],
  [
    () => linear().compile({ loss: "mse", weightedMetrics: "accuracy" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'compile: "weightedMetrics" must be a list, such as ["accuracy"], or an object by output, got "accuracy".',
  ],
  [
    () => linear().compile({ loss: "mse", distribute: 2 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'compile: "distribute" must be a strategy, such as new MirroredStrategy({ replicas: 2 }), or a ReplicaGroup, got 2.',
  ],
  [
    () => linear().compile({ loss: "mse", lossWeights: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'compile: "lossWeights" must be a number, got "x".',
  ],
  [
    () => linear().compile({ loss: "mse", autoScaleLoss: 1 as never } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'compile does not know "autoScaleLoss". Its options are: optimizer, loss, lossWeights, metrics, weightedMetrics, distribute, stepsPerExecution, jitCompile, stats, trainStep, testStep, predictStep, computeLoss, computeMetrics.',
  ],
  [
    () => {
      const { model } = twoInputs();
      model.compile({ loss: ["mse"] });
      return model.trainOnBatch([[[1]], [[1]]], [[[1]], [[1]]]);
    },
    "ValueError",
    "ERR_OPTION_RANGE",
    'compile: "loss" must have one entry for each output (sum, a), got 1.',
  ],
  [
    () => {
      const { model } = twoInputs();
      model.compile({ loss: { quux: "mse" } });
      return model.trainOnBatch([[[1]], [[1]]], [[[1]], [[1]]]);
    },
    "ValueError",
    "ERR_OPTION_RANGE",
    'compile: "loss" names an output "quux" that the model does not have. It has: sum, a.',
  ],
  [
    () => {
      const { model } = twoInputs();
      model.compile({ loss: "mse", lossWeights: [1] });
      return model.trainOnBatch([[[1]], [[1]]], [[[1]], [[1]]]);
    },
    "ValueError",
    "ERR_OPTION_RANGE",
    'compile: "lossWeights" must have one entry for each output (sum, a), got 1.',
  ],
  [
    () => {
      const { model } = twoInputs();
      model.compile({ loss: [null, null] as never });
      return model.trainOnBatch([[[1]], [[1]]], [[[1]], [[1]]]);
    },
    "ValueError",
    "ERR_OPTION_RANGE",
    'compile: no output has a loss. Pass compile({ loss: "mse", ... }).',
  ],
];

const sequential = (config: object) => ({ class_name: "Sequential", config: { name: "model", ...config } });
const functional = (layer: object, others: object = {}) => ({
  class_name: "Functional",
  config: {
    name: "model",
    layers: [
      { class_name: "InputLayer", name: "in", config: { name: "in", batch_shape: [null, 1] }, inbound_nodes: [] },
      { class_name: "Dense", name: "out", config: { name: "out", units: 1 }, ...layer },
    ],
    input_layers: [["in", 0, 0]],
    output_layers: [["out", 0, 0]],
    ...others,
  },
});
const node = (from: string) => ({
  class_name: "__keras_tensor__",
  config: { shape: [null, 1], keras_history: [from, 0, 0] },
});
const call = (from: string, kwargs: object = {}) => ({ inbound_nodes: [{ args: [node(from)], kwargs }] });
const line = () => new Sequential([new layers.Dense(1, { inputShape: [2], name: "only" })], { name: "line" });
const graph = () => {
  const x = Input([2]);
  return new Model(x, new layers.Dense(1).apply(x), { name: "graph" });
};
class Custom extends Model {}

export const cloning: Rows = [
  [() => cloneModel(1 as never), "TypeError", "ERR_OPTION_TYPE", "cloneModel takes a model, got 1."],
  [
    () => updateBatchNormalization(1 as never, [[1]]),
    "TypeError",
    "ERR_OPTION_TYPE",
    "updateBatchNormalization takes a model, got 1.",
  ],
  [
    () => updateBatchNormalization(line(), [[1, 2]], { epochs: 2 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'updateBatchNormalization does not know "epochs". Its options are: batchSize, steps, signal, shuffle.',
  ],
  [
    () => updateBatchNormalization(line(), [[1, 2]], { shuffle: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'updateBatchNormalization: "shuffle" must be true or false, got 1.',
  ],
  [
    () => updateBatchNormalization(line(), [[1]]),
    "ValueError",
    "ERR_SHAPE",
    'updateBatchNormalization: "x" must have the shape samples x 2, got 1 x 1.',
  ],
  [
    () => cloneModel(line(), { cloneFunction: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'cloneModel: "cloneFunction" must be a function, got 1.',
  ],
  [
    () => cloneModel(line(), { cloneFunction: () => 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'cloneModel: "cloneFunction" must return a layer, got 1 for "only".',
  ],
  [
    () => cloneModel(line(), { inputTensors: Input([2]) }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'cloneModel: "inputTensors" is for functional models, got "line". Leave it out.',
  ],
  [
    () => cloneModel(new Custom({ name: "own" }), { cloneFunction: (layer) => layer }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'cloneModel: "cloneFunction" is for functional models, got "own". Leave it out.',
  ],
  [
    () => cloneModel(graph(), { inputTensors: [] }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'cloneModel: expected 1 "inputTensors", as many as "graph" has inputs, got 0.',
  ],
  [
    () => cloneModel(graph(), { inputTensors: [1 as never] }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'cloneModel: "inputTensors" must be symbolic tensors, from Input() and layer.apply(), got 1.',
  ],
  [
    () => cloneModel(graph(), { callFunction: () => 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'cloneModel: results of "callFunction" must be symbolic tensors, from Input() and layer.apply(), got 1.',
  ],
];

/** A functional model's JSON with one operation. */
const operation = (node: object) => {
  const x = Input({ shape: [2], name: "x" });
  const json = JSON.parse(JSON.stringify(new Model({ inputs: x, outputs: ops.sum(x, { axis: -1 }) }).toJSON()));
  Object.assign(json.config.layers[1], node);
  return () => modelFromJSON(json);
};
const ADD = { module: "keras.src.ops.numpy", class_name: "Add", config: { name: "it" }, name: "it" };
const item = (...args: readonly unknown[]) =>
  operation({ ...ADD, class_name: "GetItem", registered_name: "GetItem", inbound_nodes: [{ args, kwargs: {} }] });
const X = {
  class_name: "__keras_tensor__",
  config: { shape: [null, 2], dtype: "float32", keras_history: ["x", 0, 0] },
};
const part = (step: unknown) => ({ class_name: "__slice__", config: { start: null, stop: null, step } });
export const operations: Rows = [
  [
    () => {
      const x = Input({ shape: [2], name: "x" });
      return new Model({ inputs: x, outputs: ops.multiply(x, Number.NaN), name: "it" }).getConfig();
    },
    "ValueError",
    "ERR_CONFIG_INVALID",
    "multiply: JSON cannot hold its argument NaN.",
  ],
  [
    operation({ class_name: "Fft" }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: no operation is called "Fft".',
  ],
  [
    operation({ module: "gradstep.ops", class_name: "shape" }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: no operation is called "shape".',
  ],
  [
    operation({ name: 1, config: {} }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "modelFromJSON: each layer needs a unique name, got 1.",
  ],
  [
    operation({ config: { name: "it", where: 1 } }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: Sum does not know the argument "where".',
  ],
  [
    operation({ ...ADD, inbound_nodes: [{ args: [1, 2], kwargs: {} }] }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "it" is called with no tensor of the model.',
  ],
  [
    operation({ ...ADD, inbound_nodes: [{ args: [1, 2, 3], kwargs: {} }] }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "modelFromJSON: Add takes at most 2 arguments, got 3.",
  ],
  [
    operation({ ...ADD, inbound_nodes: [{ args: [{ class_name: "__slice__", config: {} }, 2], kwargs: {} }] }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "it" is called with "__slice__", which is not supported.',
  ],
  [
    item(X, [part(null), 4]),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "modelFromJSON: GetItem: 4 is outside the axis 1 of 2.",
  ],
  [
    item(X, [0, 0, 0]),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "modelFromJSON: GetItem: 3 indices do not fit a tensor of 2 axes.",
  ],
  [item(X, ["a"]), "ValueError", "ERR_CONFIG_INVALID", 'modelFromJSON: GetItem: "a" is not supported as an index.'],
  [
    item(X, [part(0.5)]),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "modelFromJSON: GetItem: a slice has the end or step 0.5.",
  ],
  [item(X, [part(0)]), "ValueError", "ERR_CONFIG_INVALID", "modelFromJSON: GetItem: a slice has the step 0."],
  [item(1, 0), "ValueError", "ERR_CONFIG_INVALID", 'modelFromJSON: "it" is called with no tensor of the model.'],
];

const read = (json: unknown) => () => modelFromJSON(json as never);

/** The engine's message for a text that is not JSON. */
function jsonFault(text: string): string {
  try {
    return JSON.parse(text);
  } catch (error) {
    return (error as Error).message;
  }
}

export const reading: Rows = [
  [read(1), "TypeError", "ERR_CONFIG_INVALID", "modelFromJSON: expected { class_name, config } of a model, got 1."],
  [
    read([]),
    "TypeError",
    "ERR_CONFIG_INVALID",
    "modelFromJSON: expected { class_name, config } of a model, got an array of 0.",
  ],
  [
    read({}),
    "TypeError",
    "ERR_CONFIG_INVALID",
    "modelFromJSON: expected { class_name, config } of a model, got an object (Object).",
  ],
  [
    read({ class_name: "Tree", config: {} }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'modelFromJSON creates Sequential and Functional models, not "Tree". Pass a subclass in customObjects.',
  ],
  [read(sequential({})), "ValueError", "ERR_CONFIG_INVALID", 'modelFromJSON: "layers" must be a list, got undefined.'],
  [
    read(sequential({ layers: 1 })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "layers" must be a list, got 1.',
  ],
  [
    read(sequential({ layers: [1] })),
    "TypeError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "layers" must be a list of layers, got 1 in it.',
  ],
  [
    read(sequential({ layers: [{ class_name: "Dens", config: {} }] })),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No layer is called "Dens". Did you mean "Dense"? Known: ${known("layer")}. Pass a custom class in customObjects.`,
  ],
  [
    read(sequential({ layers: [{ config: {} }] })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'layers.deserialize: a layer has its class\'s name in "class_name", a string, got undefined.',
  ],
  [
    read(sequential({ layers: [{ class_name: "Dense", config: { units: 1, use_bais: true } }] })),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Dense does not know "use_bais" (did you mean "use_bias"?). Its options are: units, activation, use_bias, kernel_initializer, kernel_regularizer, kernel_constraint, bias_initializer, bias_regularizer, bias_constraint, name, trainable, input_shape, activity_regularizer, dtype.',
  ],
  [
    read(sequential({ layers: [{ class_name: "Dense", config: { units: 1 } }], build_input_shape: ["x"] })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "build_input_shape" must be a list of lengths, null for unknown ones, got an array of 1.',
  ],
  [
    read({ ...sequential({ layers: [] }), compile_config: 1 }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "compile_config" must be an object, got 1.',
  ],
  [
    read({ ...sequential({ layers: [] }), compile_config: { optimizer: "adamm" } }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No optimizer is called "adamm". Did you mean "Adam"? Known: ${known("optimizer")}. Pass a custom class in customObjects.`,
  ],
  [
    read(functional(call("quux"))),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: no layer outputs the tensors that these layers are called with: "out".',
  ],
  [
    read(functional(call("out"))),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: no layer outputs the tensors that these layers are called with: "out".',
  ],
  [
    read(functional(call("in", { training: 3 }))),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "out" is called with "training" 3, which must be true, false or null.',
  ],
  [
    read(functional(call("in", { mask: 3 }))),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "out" is called with the argument "mask"; here layers take their inputs, one or a list, and "training".',
  ],
  [
    read(functional({ inbound_nodes: 1 })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "inbound_nodes" of "out" must be a list, got 1.',
  ],
  [
    read(functional({ inbound_nodes: [{ args: 1, kwargs: {} }] })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "inbound_nodes" of "out" must have { args, kwargs }, got an object (Object).',
  ],
  [
    read(functional({ inbound_nodes: [{ args: [1], kwargs: {} }] })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: the layer "out" is called with 1, which is not a tensor.',
  ],
  [
    read(functional({ inbound_nodes: [{ args: [node("in"), 3], kwargs: {} }] })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "out" is called with 2 arguments by position; here layers take their inputs, one or a list, and "training".',
  ],
  [
    read(functional(call("in"), { output_layers: [["quux", 0, 0]] })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "output_layers" names an array of 3, which no layer outputs.',
  ],
  [
    read(functional(call("in"), { output_layers: 1 })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "output_layers" must name layers, got 1.',
  ],
  [
    read(functional(call("in"), { input_layers: undefined })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: "input_layers" must name layers, got undefined.',
  ],
  [
    read(functional({ ...call("in"), name: "in" })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: each layer needs a unique name, got "in".',
  ],
  [
    read(functional({ ...call("in"), name: 1 })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "modelFromJSON: each layer needs a unique name, got 1.",
  ],
  [
    () => modelFromJSON("{}", 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "modelFromJSON: customObjects must be an object of classes and functions by name, got 1.",
  ],
  [
    () => modelFromJSON("{}", { Mine: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'modelFromJSON: customObjects["Mine"] must be a class or a function, got 1.',
  ],
  [
    () => modelFromJSON("{}", { customObjects: { Mine: layers.Layer } } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "modelFromJSON takes the classes and functions themselves, { Mine }, not { customObjects: { Mine } }.",
  ],
  [
    read(sequential({ layers: [{ class_name: "Dense", config: JSON.parse('{ "units": 1, "__proto__": 1 }') }] })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'modelFromJSON: a config cannot have the key "__proto__".',
  ],
  [
    () => modelFromJSON("{"),
    "ValueError",
    "ERR_CONFIG_INVALID",
    `modelFromJSON: the text is not JSON: ${jsonFault("{")}`,
  ],
];
