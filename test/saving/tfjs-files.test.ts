/** Files of TensorFlow.js byte by byte: quantized weights, groups of shards, and refusals. */

import { describe, expect, it } from "vitest";
import { layers, optimizers, Sequential, schedules, setRandomSeed, type Tensor } from "../../ts/index.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";
import { loadedByTfjs } from "../support/tfjs-models.js";
import { unzipped } from "../support/zip.js";

type Json = Record<string, unknown>;

const dense = (config: Json = {}) => ({
  class_name: "Dense",
  config: { name: "d", units: 2, batch_input_shape: [null, 3], ...config },
});

const weight = (name: string, shape: unknown, more: Json = {}) => ({ name, shape, dtype: "float32", ...more });

const BOTH = [weight("d/kernel", [3, 2]), weight("d/bias", [2])];

function modelJson(groups: unknown, more: Json = {}): Json {
  const topology = { class_name: "Sequential", config: { name: "s", layers: [dense()] } };
  return { modelTopology: topology, format: "layers-model", weightsManifest: groups, ...more };
}

const load = async (json: unknown, shards: Record<string, Uint8Array<ArrayBuffer>> = {}) => {
  const text = typeof json === "string" ? json : JSON.stringify(json);
  const files = Object.entries(shards).map(([name, bytes]) => new File([bytes], name));
  return await loadModel([new File([text], "model.json"), ...files]);
};

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const EIGHT = floats(1, 2, 3, 4, 5, 6, 7, 8);

const numbers = (model: Awaited<ReturnType<typeof loadModel>>) => model.getWeights().map(({ data }) => [...data]);

describe("read", () => {
  it("weights that end in another shard than they begin in, and groups", async () => {
    const cut = [EIGHT.slice(0, 5), EIGHT.slice(5, 24), EIGHT.slice(24)];
    const groups = [
      { paths: ["a.bin", "sub/b.bin"], weights: [BOTH[0]] },
      { paths: ["c.bin?version=1"], weights: [BOTH[1]] },
    ];
    const model = await load(modelJson(groups), { "a.bin": cut[0]!, "b.bin": cut[1]!, "c.bin": cut[2]! });
    expect(numbers(model)).toEqual([
      [1, 2, 3, 4, 5, 6],
      [7, 8],
    ]);
  });

  it("uint8, uint16 and float16, rounded once as TensorFlow.js rounds them", async () => {
    const bytes = [Uint8Array.of(0, 1, 2, 3, 4, 255), new Uint8Array(Uint16Array.of(0, 65535).buffer)];
    const weights = [
      weight("d/kernel", [3, 2], { quantization: { dtype: "uint8", scale: 0.1, min: -0.3 } }),
      weight("d/bias", [2], { quantization: { dtype: "uint16", scale: 0.001, min: 2 } }),
    ];
    const groups = [{ paths: ["a", "b"], weights }];
    const model = await load(modelJson(groups), { a: bytes[0]!, b: bytes[1] as never });
    const wanted = [0, 1, 2, 3, 4, 255].map((value) => Math.fround(value * 0.1 - 0.3));
    expect(numbers(model)).toEqual([wanted, [2, Math.fround(65535 * 0.001 + 2)]]);
    const halves = new Uint8Array(
      Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x8000, 0x3800, 0x4248).buffer,
    );
    const half = { quantization: { dtype: "float16" } };
    const groups16 = [{ paths: ["h"], weights: [weight("d/kernel", [3, 2], half), weight("d/bias", [2], half)] }];
    expect(numbers(await load(modelJson(groups16), { h: halves }))).toEqual([
      [1, -2, 0.333251953125, 2 ** -24, 65504, -0],
      [0.5, 3.140625],
    ]);
  });

  it("files of tensorflowjs_converter: the Keras config as text, names with the model's, a training config", async () => {
    const keras = { class_name: "Sequential", config: [dense({ dtype: "float32", kernel_regularizer: null })] };
    const json = {
      format: "layers-model",
      generatedBy: "keras v2.15.0",
      convertedBy: "TensorFlow.js Converter v4.22.0",
      modelTopology: {
        keras_version: "2.15.0",
        backend: "tensorflow",
        model_config: JSON.stringify(keras),
        training_config: {
          loss: "mse",
          metrics: null,
          optimizer_config: { class_name: "Adam", config: { name: "Adam", lr: 0.25, decay: 0, beta_1: 0.5 } },
        },
      },
      weightsManifest: [{ paths: ["a"], weights: [weight("seq/d/kernel", [3, 2]), weight("seq/d/bias", [2])] }],
    };
    const model = await load(json, { a: EIGHT });
    expect(numbers(model)[1]).toEqual([7, 8]);
    expect(model.optimizer?.learningRate).toBe(0.25);
  });

  it("hard_sigmoid as TensorFlow.js computes it, in both directions", async () => {
    const json = modelJson([{ paths: ["a"], weights: BOTH }]);
    const layer = dense({ activation: "hard_sigmoid" });
    (json.modelTopology as { config: Json }).config = { name: "s", layers: [layer] };
    const model = await load(json, { a: EIGHT });
    const output = (await model.predict([[0.1, -0.2, -1]])) as Tensor;
    const sums = [0.1 - 0.6 - 5 + 7, 0.2 - 0.8 - 6 + 8];
    output.array().forEach((value, i) => {
      expect(value).toBeCloseTo(0.2 * sums[i]! + 0.5, 5);
    });
    const files = await unzipped(await saveModel(model, { format: "tfjs" }));
    expect(new TextDecoder().decode(files.get("model.json"))).toContain('"activation":"hard_sigmoid"');
  });
});

describe("refused", () => {
  const group = (more: Json) => modelJson([{ paths: ["a"], weights: BOTH, ...more }]);
  const quantized = (quantization: Json) => group({ weights: [weight("d/kernel", [3, 2], { quantization }), BOTH[1]] });
  const path = (name: unknown) => group({ paths: [name] });

  it.each<[string, unknown, string]>([
    ["no JSON", "{", "it is not JSON"],
    ["a list", "[]", "it is not an object"],
    ["no model", { weightsManifest: [] }, "it has no model in modelTopology"],
    ["no weights", modelJson(undefined), 'lacks the weight "d/kernel"'],
    ["a manifest that is not a list", modelJson({}), "its weightsManifest is not a list"],
    ["a group of the wrong form", modelJson([{ paths: "a", weights: [] }]), "without the lists"],
    ["a path upwards", path("../a"), 'the path "../a" in its manifest leads out'],
    ["a path upwards inside", path("b/../../a"), "leads out"],
    ["a path upwards, encoded", path("%2e%2e/a"), "leads out"],
    ["a path upwards, encoded slash", path("..%2fa"), "leads out"],
    ["an absolute path", path("/etc/passwd"), "leads out"],
    ["a Windows path", path("C:\\a"), "leads out"],
    ["a backslash", path("..\\a"), "leads out"],
    ["another origin", path("https://example.com/a"), "leads out"],
    ["another origin without a scheme", path("//example.com/a"), "leads out"],
    ["a file: URL", path("file:///etc/passwd"), "leads out"],
    ["a data: URL", path("data:,a"), "leads out"],
    ["an empty path", path(""), "leads out"],
    ["a query alone", path("?a"), "leads out"],
    ["a NUL", path("a\0"), "leads out"],
    ["a path that is a number", path(1), "a path that is not text"],
    ["a bad escape", path("%zz"), "a percent sign"],
    ["a shard twice", group({ paths: ["a", "a"] }), 'its weightsManifest has "a" twice'],
    ["a weight twice", group({ weights: [BOTH[1], BOTH[1]] }), 'has "d/bias" twice'],
    ["a weight too many", group({ weights: [BOTH[0], weight("d/more", [2])] }), 'lacks the weight "d/bias"'],
    ["sizes beyond the shards", group({ weights: [weight("d/kernel", [3, 20]), BOTH[1]] }), "have 32 bytes"],
    ["a huge shape", group({ weights: [weight("d/kernel", [2 ** 40, 2 ** 40]), BOTH[1]] }), "is too large"],
    ["a negative length", group({ weights: [weight("d/kernel", [-3, -2]), BOTH[1]] }), "not a list of lengths"],
    ["text", group({ weights: [weight("d/kernel", [3, 2], { dtype: "string" }), BOTH[1]] }), 'the dtype "string"'],
    ["complex numbers", group({ weights: [weight("d/kernel", [3, 2], { dtype: "complex64" })] }), "complex64"],
    ["steps without a scale", quantized({ dtype: "uint8", min: 0 }), "without the finite numbers"],
    ["steps of NaN", quantized({ dtype: "uint8", min: 0, scale: "NaN" }), "without the finite numbers"],
    ["steps of int8", quantized({ dtype: "int8", min: 0, scale: 1 }), 'quantized to "int8"'],
  ])("%s", async (_, json, message) => {
    await expect(load(json, { a: EIGHT })).rejects.toThrowError(
      expect.objectContaining({ code: "ERR_FILE_INVALID", message: expect.stringContaining(message) }),
    );
  });

  it("graph models, with the cure", async () => {
    for (const json of [{ format: "graph-model", modelTopology: {} }, { modelTopology: { node: [] } }]) {
      await expect(load(json)).rejects.toThrowError(
        expect.objectContaining({ code: "ERR_FILE_FORMAT", message: expect.stringContaining("is a graph model") }),
      );
    }
  });

  it("a shard that was not chosen, and bytes without shards", async () => {
    const json = group({});
    await expect(load(json)).rejects.toThrow('model.json: the file "a" that it names was not chosen.');
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    await expect(loadModel(bytes, { format: "tfjs" })).rejects.toMatchObject({ code: "ERR_FILE_ACCESS" });
  });

  it.each([
    ["a layer that TensorFlow.js lacks", () => new layers.Reshape([3]), "", ""],
    ["groups", () => new layers.Conv1D(2, 1, { groups: 2 }), '"groups"', "Conv1D"],
    ["causal padding", () => new layers.Conv1D(2, 1, { padding: "causal" }), '"padding"', "Conv1D"],
    ["keepdims", () => new layers.GlobalMaxPooling1D({ keepdims: true }), '"keepdims"', "GlobalMaxPooling1D"],
    [
      "an activity regularizer",
      () => new layers.Dense(2, { activityRegularizer: "l2" }),
      '"activity_regularizer"',
      "Dense",
    ],
    ["another axis", () => new layers.BatchNormalization({ axis: 1 }), '"axis"', "BatchNormalization"],
    ["an activation", () => new layers.Activation("hard_sigmoid"), '"activation"', "Activation"],
    ["dilation", () => new layers.DepthwiseConv2D(2, { dilationRate: 2 }), '"dilation_rate"', "DepthwiseConv2D"],
  ])("saved: %s", async (_, make, key, kind) => {
    const shape = kind === "" ? [3] : kind === "DepthwiseConv2D" ? [4, 4, 2] : [4, 2];
    const model = new Sequential([new layers.InputLayer({ shape }), make()]);
    const saved = saveModel(model, { format: "tfjs" });
    if (kind === "") return await expect(saved).resolves.toBeInstanceOf(Uint8Array);
    await expect(saved).rejects.toThrowError(
      expect.objectContaining({
        code: "ERR_CONFIG_INVALID",
        message: expect.stringMatching(
          new RegExp(`^saveModel: ${key} of the layer "\\w+" \\(${kind}\\): TensorFlow.js`),
        ),
      }),
    );
  });
});

it("saved with the last axis as a non-negative number", async () => {
  const model = new Sequential([new layers.InputLayer({ shape: [4, 2] }), new layers.BatchNormalization({ axis: 2 })]);
  await expect(saveModel(model, { format: "tfjs" })).resolves.toBeInstanceOf(Uint8Array);
});

describe("parts that TensorFlow.js lacks are restored to the same bits", () => {
  const x = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const y = [
    [1, 0],
    [0, 1],
  ];
  it.each([
    ["Adam", () => new optimizers.Adam()],
    ["AdamW", () => new optimizers.AdamW({ clipnorm: 1 })],
    ["averages", () => new optimizers.Adam({ useEma: true })],
    [
      "a schedule",
      () => new optimizers.SGD({ learningRate: new schedules.ExponentialDecay(0.1, 2, 0.5), momentum: 0.9 }),
    ],
    ["a scale", () => new optimizers.LossScaleOptimizer(new optimizers.SGD({ momentum: 0.9 }))],
  ])("%s", async (name, make) => {
    setRandomSeed(3);
    const model = new Sequential([new layers.Dense(2, { inputShape: [3] }), new layers.Softmax()]);
    model.compile({ optimizer: make(), loss: "categoricalCrossentropy" });
    for (let i = 0; i < 3; i++) await model.trainOnBatch(x, y);
    const bytes = await saveModel(model, { format: "tfjs" });
    const again = await loadModel(bytes, { format: "tfjs" });
    for (const each of [model, again]) for (let i = 0; i < 3; i++) await each.trainOnBatch(x, y);
    expect(numbers(again)).toEqual(numbers(model));
    const theirs = await loadedByTfjs(await unzipped(bytes));
    expect(theirs.optimizer === undefined).toBe(name !== "Adam");
  });
});

it("numbers of more than 4 MB are in shards of 4 MB", async () => {
  const model = new Sequential([new layers.Dense(1000, { inputShape: [1200] })]);
  const files = await unzipped(await saveModel(model, { format: "tfjs" }));
  expect([...files].slice(0, -1).map(([name, { length }]) => [name, length])).toEqual([
    ["group1-shard1of2.bin", 4 * 1024 * 1024],
    ["group1-shard2of2.bin", 1_201_000 * 4 - 4 * 1024 * 1024],
  ]);
});
