/** Whole models go into a file and come back: architecture, weights, compile, optimizer state. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  Input,
  LossScaleOptimizer,
  layers,
  Model,
  modelFromJSON,
  Nadam,
  optimizers,
  Sequential,
  stringify,
} from "../../ts/index.js";
import { newGroup, writeHdf5 } from "../../ts/saving/formats/hdf5/writer.js";
import { writeZip } from "../../ts/saving/formats/zip-writer.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";
import { currentCompiled, currentConfig, currentOptimizer } from "../../ts/saving/older-configs.js";
import { joined } from "../../ts/saving/stores/pieces.js";

const x = [
  [1, 2, 3],
  [0, -1, 1],
];
const y = [[1], [0]];

function nested(): Model {
  const inner = new Sequential([new layers.Dense(3, { inputShape: [3] }), new layers.BatchNormalization()]);
  const input = Input({ shape: [3] });
  const shared = new layers.Dense(3, { activation: "tanh" });
  const once = shared.apply(inner.apply(input));
  return new Model({ inputs: input, outputs: new layers.Dense(1).apply(shared.apply(once)) });
}

it.each([
  ["Sequential", () => new Sequential([new layers.Dense(4, { inputShape: [3] }), new layers.Dense(1)])],
  ["nested, with a shared layer", nested],
])("%s: what is loaded trains on to the same bits", async (_, make) => {
  const model = make();
  model.compile({
    optimizer: new LossScaleOptimizer(new Adam({ learningRate: 0.1, useEma: true })),
    loss: "mse",
    metrics: ["mae"],
  });
  await model.fit(x, y, { epochs: 3, verbose: 0 });
  const again = await loadModel(await saveModel(model, { format: "keras" }), { format: "keras" });
  expect(again.getWeights()).toEqual(model.getWeights());
  expect(again.optimizer?.getWeights()).toEqual(model.optimizer?.getWeights());
  const scores = [await model.trainOnBatch(x, y), await again.trainOnBatch(x, y)];
  expect(scores[1]).toEqual(scores[0]);
  expect(again.getWeights()).toEqual(model.getWeights());
});

it("without compile, the model has no optimizer", async () => {
  const model = nested();
  model.compile({ optimizer: "adam", loss: "mse" });
  await model.fit(x, y, { verbose: 0 });
  const bytes = await saveModel(model, { format: "keras" });
  const again = await loadModel(bytes, { format: "keras", compile: false });
  expect(again.optimizer).toBeNull();
  expect(again.getWeights()).toEqual(model.getWeights());
});

it("a format is given, or inferred from the file's extension", async () => {
  const model = nested();
  for (const call of [
    async () => saveModel(model, {}),
    () => saveModel(model, "model.bin"),
    () => saveModel(model, "model.weights.h5"),
    () => saveModel(model, { format: "kears" as never }),
    () => loadModel(new Uint8Array(4)),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: "ERR_FILE_FORMAT" });
  }
});

it("Nadam in a loss scale: the product of its momenta, which Keras loses, comes back", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
  model.compile({ optimizer: new LossScaleOptimizer(new Nadam({ learningRate: 0.1 })), loss: "mse" });
  await model.fit(x, y, { epochs: 3, verbose: 0 });
  const again = await loadModel(await saveModel(model, { format: "keras" }), { format: "keras" });
  expect(again.optimizer?.getWeights()).toEqual(model.optimizer?.getWeights());
  await Promise.all([model, again].map((one) => one.fit(x, y, { epochs: 2, verbose: 0 })));
  expect(again.getWeights()).toEqual(model.getWeights());
});

describe("configs of older Keras", () => {
  const dense = (config: object) => ({ class_name: "Dense", config: { units: 1, ...config } });
  const fileOf = async (json: object) => {
    const layers = [{ class_name: "Dense", config: { name: "d", units: 1, batch_input_shape: [null, 2] } }];
    const config = stringify({ class_name: "Sequential", config: layers, ...json });
    const pieces = [new TextEncoder().encode(config)];
    return joined(
      writeZip([
        { name: "config.json", pieces },
        { name: "model.weights.h5", pieces: writeHdf5(newGroup()) },
      ]),
    );
  };

  it("parts without a counterpart are named, with Keras's key and the cure", () => {
    const refused = (layer: object) => () => currentConfig({ class_name: "Sequential", config: [layer] });
    expect(refused({ class_name: "Lambda", config: { name: "f" } })).toThrow(/"f" is a Lambda.*customObjects/);
    expect(refused({ class_name: "BatchNormalization", config: { name: "n", renorm: true } })).toThrow(
      /"renorm" of the BatchNormalization "n" can only be false, got true.*save again/,
    );
  });

  it("masks, which gradstep does not compute, are refused by name", () => {
    const model = (...layers: object[]) => ({ class_name: "Sequential", config: { name: "s", layers } });
    const words = { class_name: "Embedding", config: { name: "e", input_dim: 3, output_dim: 2, mask_zero: true } };
    expect(() => modelFromJSON(model(words))).toThrowError(
      expect.objectContaining({
        code: "ERR_CONFIG_INVALID",
        message: expect.stringContaining('"e": "mask_zero" can only'),
      }),
    );
    const masking = { class_name: "Masking", config: { name: "m", mask_value: 0 } };
    expect(() => modelFromJSON(model(masking))).toThrowError(
      expect.objectContaining({ code: "ERR_CONFIG_UNKNOWN_CLASS", message: expect.stringContaining("Masking") }),
    );
  });

  it("lr, decay, jit_compile, is_legacy_optimizer", () => {
    const config = { lr: 0.1, decay: 0.5, momentum: 0, jit_compile: true, is_legacy_optimizer: true };
    const sgd = optimizers.deserialize(currentOptimizer({ class_name: "Custom>SGD", config }) as never);
    expect(sgd.getConfig().learning_rate).toMatchObject({
      class_name: "InverseTimeDecay",
      config: { initial_learning_rate: 0.1, decay_steps: 1, decay_rate: 0.5 },
    });
  });

  it("a first layer's batch_input_shape is an input layer, a single list of metrics the metrics", () => {
    const json = currentConfig({
      class_name: "Sequential",
      config: [dense({ name: "d", batch_input_shape: [null, 2] })],
    });
    expect(modelFromJSON(json).countParams()).toBe(3);
    const fn = { class_name: "MeanMetricWrapper", config: { name: "acc", dtype: "float32", fn: "binary_accuracy" } };
    expect(currentCompiled({ loss: "mse", metrics: [[fn]] })).toMatchObject({
      metrics: [{ class_name: "BinaryAccuracy", config: { name: "acc" } }],
    });
  });

  it("layers of a functional model get the names of their configs if the graph has none", () => {
    const json = currentConfig({
      class_name: "Model",
      config: {
        name: "m",
        layers: [
          { class_name: "InputLayer", config: { name: "x", batch_input_shape: [null, 2] }, inbound_nodes: [] },
          { ...dense({ name: "d" }), inbound_nodes: [[["x", 0, 0, {}]]] },
        ],
        input_layers: [["x", 0, 0]],
        output_layers: [["d", 0, 0]],
      },
    });
    expect(modelFromJSON(json).layers.map(({ name }) => name)).toEqual(["x", "d"]);
  });

  it("a metric's function in training_config of Keras 3 keeps its JSON and its arguments", () => {
    const fn = { module: "builtins", class_name: "function", config: "huber", registered_name: "function" };
    const saved = { class_name: "MeanMetricWrapper", config: { name: "h", dtype: "float32", fn, delta: 2 } };
    expect(currentCompiled({ loss: "mse", metrics: [saved] })).toMatchObject({ metrics: [saved] });
  });

  it("a loss's function among the metrics of an .h5 file is a name, as Keras writes it", () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
    const json = { ...model.toJSON(), compile_config: { loss: "mse", metrics: ["huber", "mae"] } };
    const { metrics } = modelFromJSON(json).toJSON().compile_config as unknown as { metrics: unknown[] };
    expect(metrics).toEqual([expect.objectContaining({ class_name: "function", config: "huber" }), "mae"]);
  });

  it("a file without the weights of its layers is refused", async () => {
    await expect(loadModel(await fileOf({}), { format: "keras" })).rejects.toMatchObject({ code: "ERR_FILE_INVALID" });
  });

  it("compile_config without an optimizer, as Keras 3 writes it after model.save(x.h5)", async () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
    const json = { ...model.toJSON(), compile_config: { loss: "mse", metrics: null, run_eagerly: false } };
    expect(modelFromJSON(json).optimizer?.className).toBe("RMSprop");
  });
});
