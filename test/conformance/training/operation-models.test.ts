/**
 * Every operation of functional models against Keras: its JSON is read with Keras's results, and the JSON that
 * gradstep writes is what real Keras opened: \`operation_models.py --check\` gives it operations-by-gradstep.json, and
 * compares the results.
 */

import { describe, expect, it } from "vitest";
import {
  Input,
  layers,
  Model,
  modelFromJSON,
  ops,
  setRandomSeed,
  stringify,
  type Tensor,
  tensor,
} from "../../../ts/index.js";
import { loadModel, saveModel } from "../../../ts/saving/index.js";
import golden from "../../golden/operation-models.json" with { type: "json" };
import opened from "../../golden/operations-by-gradstep.json" with { type: "json" };

type Symbol = layers.SymbolicTensor;
type Json = Record<string, unknown>;

interface Case {
  readonly inputs: readonly string[];
  readonly json: unknown;
  readonly shapes: readonly (readonly (number | null)[])[];
  readonly outputs: readonly { readonly shape: readonly number[]; readonly values: readonly number[] }[];
}
const cases = golden.cases as unknown as Readonly<Record<string, Case>>;
const inputs = golden.inputs as Readonly<Record<string, { shape: number[]; dtype: string; values: number[] }>>;

const W = Array.from({ length: 4 }, (_, i) => [i / 2, i / 2 + 0.25]);
const kernel = (...shape: number[]) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => i / 8 - 1),
    shape,
  );
};

/** The calls of the generator, by its names: with these arguments the JSON must be Keras's. */
const CALLS: Readonly<Record<string, (...given: Symbol[]) => unknown>> = {
  power: (a, b) => ops.power(a, b),
  "add, a number": (x) => ops.add(x, 2),
  "subtract, from a number": (x) => ops.subtract(1.5, x),
  "multiply, an array": (x) => ops.multiply(x, [1, 2, 3, 4]),
  matmul: (x) => ops.matmul(x, W),
  "matmul of two": (a, b) => ops.matmul(a, ops.transpose(b, [0, 2, 1])),
  elu: (x) => ops.elu(x, 0.5),
  gelu: (x) => ops.gelu(x, false),
  "gelu, approximate": (x) => ops.gelu(x),
  leaky_relu: (x) => ops.leakyRelu(x, 0.3),
  softmax: (x) => ops.softmax(x),
  "softmax, axis": (x) => ops.softmax(x, 1),
  log_softmax: (x) => ops.logSoftmax(x),
  one_hot: (x) => ops.oneHot(x, 4),
  "one_hot, axis": (x) => ops.oneHot(x, 4, { axis: 1 }),
  "conv, a line": (x) => ops.conv1d(x, kernel(3, 2, 3), { strides: 2, padding: "same" }),
  "conv, an image": (x) => ops.conv2d(x, kernel(2, 2, 2, 3), { dilationRate: 2 }),
  conv_transpose: (x) => ops.conv2dTranspose(x, kernel(2, 2, 3, 2), { strides: 2, padding: "same" }),
  depthwise_conv: (x) => ops.depthwiseConv2d(x, kernel(2, 2, 2, 2), { strides: 2, padding: "same" }),
  average_pool: (x) => ops.averagePool2d(x, 2, { padding: "same" }),
  max_pool: (x) => ops.maxPool2d(x, [2, 3], { strides: 1 }),
  binary_crossentropy: (t, o) => ops.binaryCrossentropy(t, o),
  "binary_crossentropy, logits": (t, o) => ops.binaryCrossentropy(t, o, { fromLogits: true }),
  categorical_crossentropy: (t, o) => ops.categoricalCrossentropy(t, o),
  "categorical_crossentropy, logits": (t, o) => ops.categoricalCrossentropy(t, o, { fromLogits: true }),
  sparse_categorical_crossentropy: (t, o) => ops.sparseCategoricalCrossentropy(t, o),
  where: (x, y) => ops.where(ops.greater(x, 0), x, y),
  "where, numbers": (x) => ops.where(ops.less(x, 0), x, 1),
  concatenate: (x, y) => ops.concatenate([x, y], -1),
  split: (x) => ops.split(x, 2, -1),
  "split, at places": (x) => ops.split(x, [1, 3], 1),
  stack: (x, y) => ops.stack([x, y], 1),
  full_like: (x) => ops.fullLike(x, 2.5),
  ones_like: (x) => ops.onesLike(x),
  zeros_like: (x) => ops.zerosLike(x),
  take: (x) => ops.take(x, [2, 0], 1),
  "take of symbolic places": (i) => ops.take(tensor(W), i, 0),
  clip: (x) => ops.clip(x, -1, 1.5),
  round: (x) => ops.round(x),
  "round, decimals": (x) => ops.round(x, 1),
  argmax: (x) => ops.argmax(x, -1),
  "argmin, keepdims": (x) => ops.argmin(x, 1, true),
  "sum of all": (x) => ops.sum(x),
  "mean of two axes": (x) => ops.mean(x, [1, 2]),
  broadcast_to: (x) => ops.broadcastTo(x, [3, 4, 5]),
  tile: (x) => ops.tile(x, [1, 2]),
  expand_dims: (x) => ops.expandDims(x, 1),
  reshape: (x) => ops.reshape(x, [-1, 2, 2]),
  squeeze: (x) => ops.squeeze(x, 2),
  transpose: (x) => ops.transpose(x, [0, 2, 1]),
  pad: (x) =>
    ops.pad(x, [
      [0, 0],
      [1, 2],
    ]),
  "pad, a value": (x) =>
    ops.pad(
      x,
      [
        [0, 0],
        [1, 2],
      ],
      { constantValues: 3 },
    ),
  top_k: (x) => Object.values(ops.topK(x, 2)),
  in_top_k: (t, p) => ops.inTopK(t, p, 2),
  cast: (x) => ops.cast(x, "int32"),
  slice: (x) => ops.slice(x, [0, 1, 0], [3, 2, 1]),
  stop_gradient: (x) => ops.stopGradient(x),
};

/** The others are called with their inputs alone, or with an axis. */
function call(name: string, given: Symbol[]): unknown {
  const own = CALLS[name];
  if (own !== undefined) return own(...given);
  const [plain = "", keepdims] = name.split(", ");
  const camel = plain === "var" ? "variance" : plain.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const operation = ops[camel as "exp"] as unknown as (...args: unknown[]) => unknown;
  if (!/^(max|mean|min|prod|sum|std|var|logsumexp)$/.test(plain)) return operation(...given);
  return keepdims === undefined ? operation(given[0], -1) : operation(given[0], { axis: 1, keepdims: true });
}

const dataOf = ({ inputs: names }: Case) =>
  names.map((name) => {
    const { shape, dtype, values } = inputs[name]!;
    return tensor(values, shape, dtype as "int32");
  });

function results(model: Model, one: Case) {
  const data = dataOf(one);
  const made = model.apply((data.length === 1 ? data[0] : data) as never) as unknown as Tensor | Tensor[];
  return [made].flat().map((result) => ({ shape: [...result.shape], values: [...result.array()] }));
}

function expectClose(got: ReturnType<typeof results>, { outputs }: Case): void {
  expect(got.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
  got.forEach(({ values }, k) => {
    values.forEach((value, i) => {
      const wanted = outputs[k]!.values[i]!;
      expect(Math.abs(value - wanted)).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(wanted)));
    });
  });
}

/** Operations of a model's JSON, with the names of nodes by their order. */
function operationsOf(json: unknown): unknown[] {
  const { layers: nodes } = (json as { config: { layers: Json[] } }).config;
  const names = new Map(nodes.map(({ name }, i) => [name as string, `node ${i}`]));
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renamed);
    if (typeof value === "string") return names.get(value) ?? value;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, renamed(entry)]));
  };
  return nodes.filter(({ class_name }) => class_name !== "InputLayer").map(renamed);
}

describe.each(Object.entries(cases))("%s", (name, one) => {
  it("Keras's JSON is read, computes Keras's numbers, and is written again", () => {
    const model = modelFromJSON(JSON.stringify(one.json));
    expect(model.outputs.map(({ shape }) => [...shape])).toEqual(one.shapes);
    expectClose(results(model, one), one);
    const text = stringify(model);
    expect(stringify(modelFromJSON(text))).toBe(text);
    expectClose(results(modelFromJSON(text), one), one);
  });

  it("the same call writes what Keras opened, and a .keras file has the same bits", async () => {
    const starts = one.inputs.map((given) => {
      const { shape, dtype } = inputs[given]!;
      return Input({ shape: shape.slice(1), dtype: dtype as "int32", batchSize: given === "one" ? 3 : null });
    });
    const model = new Model({ inputs: starts, outputs: [call(name, starts)].flat() as Symbol[] });
    expect(operationsOf(JSON.parse(stringify(model)))).toEqual(operationsOf(opened[name as keyof typeof opened]));
    const again = await loadModel(await saveModel(model, { format: "keras" }), { format: "keras" });
    expect(results(again, one)).toEqual(results(model, one));
    expectClose(results(model, one), one);
  });
});

/** Cases that treat samples independently, whose model can be trained: after a layer, with that layer's outputs added to theirs. */
const TRAINED = Object.entries(cases).filter(
  ([
    name,
    {
      inputs: [first = ""],
      shapes,
    },
  ]) =>
    /^(x|positive|line|image)$/.test(first) && shapes.every(([count]) => count === null) && name !== "matmul of two",
);

/** Cases whose arguments are arrays of the caller, or whose results JavaScript computes: their steps run one operation after the other. */
const UNRECORDED = ["multiply, an array", "matmul", "take", "top_k", "cast"];

it.each(TRAINED)("%s: a step is recorded, and its replays have the bits of steps that are not", async (name, one) => {
  const { shape } = inputs[one.inputs[0]!]!;
  const sample = shape.slice(1);
  const flat = (value: Symbol) =>
    ops.reshape(value.dtype === "float32" ? value : ops.cast(value, "float32"), [
      -1,
      (value.shape.slice(1) as number[]).reduce((a, b) => a * b, 1),
    ]);
  const trained = async (jitCompile: boolean | "auto") => {
    setRandomSeed(3);
    const start = Input({ shape: sample });
    const hidden = new layers.Dense(sample.at(-1)!).apply(start);
    const given = one.inputs.map((input, i) => {
      const value = i === 0 ? hidden : start;
      return input === "positive" ? ops.add(ops.abs(value), 0.25) : value;
    });
    const made = [call(name, given)].flat() as Symbol[];
    const outputs = new layers.Dense(1).apply(ops.concatenate([hidden, ...made].map(flat), -1));
    const model = new Model({ inputs: start, outputs });
    model.compile({ optimizer: "adam", loss: "mse", jitCompile });
    const x = tensor(
      Float32Array.from({ length: 8 * sample.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 37) % 23) / 11 - 1),
      [8, ...sample],
    );
    const y = Float32Array.from({ length: 8 }, (_, i) => i % 3);
    const { history } = await model.fit(x, y, { epochs: 3, batchSize: 4, verbose: 0 });
    return [history, model.getWeights().map(({ data }) => [...(data as Float32Array)])];
  };
  const isRecorded = !UNRECORDED.includes(name);
  if (!isRecorded) await expect(trained(true)).rejects.toThrow("a training step cannot be recorded");
  expect(await trained(isRecorded ? true : "auto")).toEqual(await trained(false));
});

it("no operation is missing", () => {
  // Functions without tensors among their arguments, or that are not operations of Keras.
  const others =
    "arange eye full linspace ones zeros keep customGradient dropout shape mish dense batchNormalization layerNormalization";
  const ours = "sigmoidCrossEntropy softmaxCrossEntropy sparseSoftmaxCrossEntropy";
  const camel = (text: string) => text.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const kerasNames: Readonly<Record<string, string>> = {
    conv1d: "conv",
    conv2d: "conv",
    conv2dTranspose: "convTranspose",
    depthwiseConv2d: "depthwiseConv",
    averagePool2d: "averagePool",
    maxPool2d: "maxPool",
    variance: "var",
  };
  const known = new Set(Object.keys(cases).map((name) => camel(name.split(",")[0]!.split(" ")[0]!)));
  const isKnown = (name: string) =>
    known.has(kerasNames[name] ?? name) || `${others} ${ours}`.split(" ").includes(name);
  const names = Object.keys(ops);
  // TensorFlow.js's names are of the same functions.
  const functions = new Set(names.filter(isKnown).map((name) => ops[name as "exp"] as unknown));
  expect(names.filter((name) => !functions.has(ops[name as "exp"]))).toEqual([]);
});
