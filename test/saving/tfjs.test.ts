/**
 * Models by TensorFlow.js open in gradstep, and gradstep's in TensorFlow.js: the same predictions, and training that
 * continues.
 */

import { describe, expect, it } from "vitest";
import { type Tensor, tensor } from "../../ts/index.js";
import type { Model } from "../../ts/models/index.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";
import { loadedByTfjs, predictedByTfjs, savedByTfjs, tf, tfl } from "../support/tfjs-models.js";
import { unzipped } from "../support/zip.js";

const { layers: L } = tfl;

/** One layer, behind an input of this shape. */
type Case = readonly [name: string, shape: readonly number[], make: () => tfl.layers.Layer];

const CASES: readonly Case[] = [
  [
    "Dense",
    [3],
    () => L.dense({ units: 2, activation: "tanh", kernelRegularizer: "l1l2", kernelConstraint: "maxNorm" }),
  ],
  [
    "Dense, swish",
    [3],
    () => L.dense({ units: 2, activation: "swish", useBias: false, kernelInitializer: "leCunNormal" }),
  ],
  ["Dense, gelu", [3], () => L.dense({ units: 2, activation: "gelu" as never })],
  ["Dense, logSoftmax", [3], () => L.dense({ units: 2, activation: "logSoftmax" as never })],
  ["Conv1D", [6, 3], () => L.conv1d({ filters: 2, kernelSize: 3, padding: "same", dilationRate: 2 })],
  [
    "Conv2D",
    [6, 5, 2],
    () => L.conv2d({ filters: 3, kernelSize: [3, 2], strides: 2, padding: "same", activation: "relu6" }),
  ],
  ["Conv2D, dilated", [6, 5, 2], () => L.conv2d({ filters: 3, kernelSize: 2, dilationRate: [2, 3] })],
  ["Conv2DTranspose", [3, 4, 2], () => L.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same" })],
  [
    "DepthwiseConv2D",
    [5, 5, 2],
    () => L.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, depthwiseRegularizer: "l1l2" }),
  ],
  ["BatchNormalization", [4, 3], () => L.batchNormalization({ momentum: 0.8, gammaConstraint: "nonNeg" })],
  ["LayerNormalization", [4], () => L.layerNormalization({ epsilon: 0.01 })],
  ["Embedding", [3], () => L.embedding({ inputDim: 5, outputDim: 2, inputLength: 3 })],
  ["Dropout", [3], () => L.dropout({ rate: 0.5 })],
  ["GaussianNoise", [3], () => L.gaussianNoise({ stddev: 0.5 })],
  ["ReLU", [3], () => L.reLU({ maxValue: 0.5 })],
  ["ThresholdedReLU", [3], () => L.thresholdedReLU({ theta: 0.3 })],
  ["LeakyReLU", [3], () => L.leakyReLU({ alpha: 0.1 })],
  ["PReLU", [3], () => L.prelu({ alphaInitializer: "randomNormal" })],
  ["PReLU, shared", [4, 4, 2], () => L.prelu({ alphaInitializer: "randomNormal", sharedAxes: [1, 2] })],
  ["ELU", [3], () => L.elu()],
  ["Softmax", [3, 2], () => L.softmax({ axis: -1 })],
  ["Softmax of vectors", [3], () => L.softmax()],
  ["Activation", [3], () => L.activation({ activation: "softsign" })],
  ["Flatten", [3, 2], () => L.flatten()],
  ["Reshape", [3, 2], () => L.reshape({ targetShape: [2, -1] })],
  ["Permute", [3, 2], () => L.permute({ dims: [2, 1] })],
  ["RepeatVector", [3], () => L.repeatVector({ n: 2 })],
  ["MaxPooling1D", [5, 2], () => L.maxPooling1d({ poolSize: 2, padding: "same" })],
  ["MaxPooling2D", [5, 4, 2], () => L.maxPooling2d({ poolSize: [2, 3], strides: [1, 2] })],
  ["AveragePooling1D", [5, 2], () => L.averagePooling1d({ poolSize: 3, strides: 1, padding: "same" })],
  ["AveragePooling2D", [5, 4, 2], () => L.averagePooling2d({ poolSize: 2, padding: "same" })],
  ["GlobalMaxPooling1D", [5, 2], () => L.globalMaxPooling1d({})],
  ["GlobalAveragePooling1D", [5, 2], () => L.globalAveragePooling1d({})],
  ["GlobalMaxPooling2D", [3, 4, 2], () => L.globalMaxPooling2d({})],
  ["GlobalAveragePooling2D", [3, 4, 2], () => L.globalAveragePooling2d({})],
  ["Rescaling", [3, 2], () => L.rescaling({ scale: 0.5, offset: -1 })],
  [
    "ZeroPadding2D",
    [3, 2, 1],
    () =>
      L.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 1],
        ],
      }),
  ],
];

/** Data of a shape, the same in each run: whole numbers for an embedding. */
function dataOf(shape: readonly number[], isWhole = false): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 2);
  const data = Float32Array.from({ length: size }, (_, i) => (isWhole ? (i * 3) % 5 : Math.sin(i * 1.7)));
  return tf.tensor(data, [2, ...shape]);
}

const ours = (given: tf.Tensor): Tensor => tensor(given.dataSync() as Float32Array, [...given.shape]);

function predicted(model: Model, inputs: readonly tf.Tensor[]): number[][] {
  const given = inputs.map(ours);
  const outputs = model.apply((given.length === 1 ? given[0] : given) as never) as unknown as Tensor | Tensor[];
  return (Array.isArray(outputs) ? outputs : [outputs]).map((output) => [...output.array()]);
}

function expectClose(found: number[][], wanted: number[][], tolerance = 1e-5): void {
  expect(found.map((list) => list.length)).toEqual(wanted.map((list) => list.length));
  wanted.forEach((list, i) => {
    list.forEach((value, j) => {
      expect(Math.abs((found[i] as number[])[j]! - value), `output ${i}, number ${j}`).toBeLessThanOrEqual(tolerance);
    });
  });
}

const filesOf = async (model: Model) => await unzipped(await saveModel(model, { format: "tfjs" }));

describe("every layer", () => {
  it.each(CASES)("%s", async (name, shape, make) => {
    const theirs = tfl.sequential({ layers: [L.inputLayer({ inputShape: [...shape] }), make()] });
    const data = dataOf(shape, name === "Embedding");
    const wanted = predictedByTfjs(theirs, [data]);
    const model = await loadModel(await savedByTfjs(theirs));
    expectClose(predicted(model, [data]), wanted);
    if (name === "ThresholdedReLU") return;
    expectClose(predictedByTfjs(await loadedByTfjs(await filesOf(model)), [data]), wanted);
  });
});

/** Functional models by both: two inputs, a shared layer, a model inside that is called twice, merges, two outputs. */
function functional(): tfl.LayersModel {
  const inner = tfl.sequential({
    name: "inner",
    layers: [L.dense({ units: 3, inputShape: [3], name: "d" }), L.batchNormalization({ name: "norm" })],
  });
  const deep = tfl.input({ shape: [3], name: "deep_in" });
  const wrapper = tfl.model({
    inputs: deep,
    outputs: L.activation({ activation: "tanh", name: "act" }).apply(inner.apply(deep)) as tfl.SymbolicTensor,
    name: "wrapper",
  });
  const [a, b] = [tfl.input({ shape: [3], name: "a" }), tfl.input({ shape: [3], name: "b" })];
  const shared = L.dense({ units: 3, name: "shared", activation: "relu" });
  const [wa, wb] = [wrapper.apply(a), wrapper.apply(b)] as tfl.SymbolicTensor[];
  const [sa, sb] = [shared.apply(wa!), shared.apply(b)] as tfl.SymbolicTensor[];
  const merges = [
    ...[L.add({ name: "add" }), L.average({ name: "avg" }), L.maximum({ name: "max" }), L.minimum({ name: "min" })],
    L.multiply({ name: "mul" }),
  ].map((layer) => layer.apply([sa!, sb!, wb!]) as tfl.SymbolicTensor);
  const joined = L.concatenate({ name: "cat", axis: -1 }).apply([...merges, wb!]) as tfl.SymbolicTensor;
  const out = L.dense({ units: 1, name: "out" }).apply(joined) as tfl.SymbolicTensor;
  return tfl.model({ inputs: [a, b], outputs: [out, wb!], name: "whole" });
}

describe("structures", () => {
  it("inputs, outputs, shared layers, models inside, merges", async () => {
    const theirs = functional();
    const data = [dataOf([3]), tf.mul(dataOf([3]), -0.5)];
    const wanted = predictedByTfjs(theirs, data);
    const model = await loadModel(await savedByTfjs(theirs));
    expectClose(predicted(model, data), wanted);
    expectClose(predictedByTfjs(await loadedByTfjs(await filesOf(model)), data), wanted);
    // TensorFlow.js saves it again, without our metadata in force.
    const again = await loadModel(await savedByTfjs(await loadedByTfjs(await filesOf(model))));
    expectClose(predicted(again, data), wanted);
  });

  it("a Sequential of Sequentials, the first of them with the shape", async () => {
    const inner = () => tfl.sequential({ layers: [L.dense({ units: 2, inputShape: [3] }), L.reLU()] });
    const theirs = tfl.sequential({ layers: [inner(), L.dense({ units: 3 }), inner()] });
    const data = dataOf([3]);
    const wanted = predictedByTfjs(theirs, [data]);
    const model = await loadModel(await savedByTfjs(theirs));
    expectClose(predicted(model, [data]), wanted);
    expectClose(predictedByTfjs(await loadedByTfjs(await filesOf(model)), [data]), wanted);
  });
});

const x = dataOf([3]);
const y = tf.tensor2d([0.5, -0.25, 1, 0.75], [2, 2]);

const trained = () =>
  tfl.sequential({
    layers: [L.dense({ units: 4, inputShape: [3], activation: "tanh", name: "h" }), L.dense({ units: 2, name: "o" })],
  });

const OPTIMIZERS: readonly (readonly [name: string, make: () => tf.Optimizer])[] = [
  ["SGD", () => tf.train.sgd(0.1)],
  ["Momentum", () => tf.train.momentum(0.1, 0.9)],
  ["Momentum, Nesterov", () => tf.train.momentum(0.1, 0.9, true)],
  ["Adam", () => tf.train.adam(0.01, 0.8, 0.99)],
  ["RMSProp", () => tf.train.rmsprop(0.01, 0.8)],
  ["RMSProp with momentum", () => tf.train.rmsprop(0.01, 0.8, 0.5, 1e-6)],
  ["Adagrad", () => tf.train.adagrad(0.1, 0.2)],
  // TensorFlow.js divides by the accumulator before its update, Keras and the paper by the one after it.
  ["Adadelta", () => tf.train.adadelta(1e-5, 0.9, 1e-6)],
];

describe.each(OPTIMIZERS)("training continues with %s", (_, make) => {
  it("in TensorFlow.js and here", async () => {
    const theirs = trained();
    theirs.compile({ optimizer: make(), loss: "meanSquaredError", metrics: ["mae"] });
    for (let i = 0; i < 3; i++) await theirs.trainOnBatch(x, y);
    const model = await loadModel(await savedByTfjs(theirs, true));
    expect(model.optimizer?.iterations).toBe(3);
    const back = await loadedByTfjs(await filesOf(model));
    for (let i = 0; i < 4; i++) {
      const losses = [await theirs.trainOnBatch(x, y), await back.trainOnBatch(x, y)].map((list) => [list].flat()[0]);
      const [loss] = (await model.trainOnBatch(ours(x), ours(y))) as number[];
      expectClose([[loss!, losses[1] as number]], [[losses[0] as number, losses[0] as number]], 1e-4);
    }
    const wanted = predictedByTfjs(theirs, [x]);
    expectClose(predicted(model, [x]), wanted, 1e-4);
    expectClose(predictedByTfjs(back, [x]), wanted, 1e-4);
  });
});

it("Adadelta's state arrives", async () => {
  const theirs = trained();
  theirs.compile({ optimizer: tf.train.adadelta(0.1, 0.9, 1e-6), loss: "meanSquaredError" });
  await theirs.trainOnBatch(x, y);
  const files = await savedByTfjs(theirs, true);
  const state = await theirs.optimizer.getWeights();
  const model = await loadModel(files);
  const kept = model.optimizer?.variables.filter(({ path }) => path.includes("accumulated")) ?? [];
  const wanted = state.slice(1).map(({ tensor: given }) => [...given.dataSync()]);
  // Keras interleaves what TensorFlow.js has slot by slot.
  const order = [0, 4, 1, 5, 2, 6, 3, 7];
  expect(kept.map((variable) => [...variable.array()])).toEqual(order.map((i) => wanted[i]));
});
