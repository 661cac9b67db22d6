/** Files of TensorFlow.js made to mislead: each is refused with a code. More of them are in tfjs-files.test.ts. */

import { describe, expect, it } from "vitest";
import { loadModel } from "../../../ts/saving/index.js";
import { refusal } from "../../support/patches.js";

type Json = Record<string, unknown>;
const weight = (name: unknown, shape: unknown, more: Json = {}) => ({ name, shape, dtype: "float32", ...more });
const BOTH = [weight("d/kernel", [3, 2]), weight("d/bias", [2])];
const dense = (config: Json = {}) => ({
  class_name: "Dense",
  config: { name: "d", units: 2, batch_input_shape: [null, 3], ...config },
});
const sequential = (...layers: unknown[]) => ({ class_name: "Sequential", config: { name: "s", layers } });
const model = (groups: unknown, topology: unknown = sequential(dense()), more: Json = {}): Json => {
  return { modelTopology: topology, format: "layers-model", weightsManifest: groups, ...more };
};
const group = (paths: unknown, weights: unknown = BOTH) => model([{ paths, weights }]);
const one = (changed: unknown) => group(["a"], [changed, BOTH[1]]);
const nested = (depth: number) => {
  let inner: unknown = dense();
  for (let i = 0; i < depth; i++) inner = sequential(inner);
  return inner;
};
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const input = {
  class_name: "InputLayer",
  name: "i",
  config: { name: "i", batch_input_shape: [null, 3] },
  inbound_nodes: [],
};
const graph = (node: unknown, ends: unknown = [["d", 0, 0]]) => ({
  class_name: "Model",
  config: {
    name: "m",
    layers: [input, { ...dense(), name: "d", inbound_nodes: node }],
    input_layers: [["i", 0, 0]],
    output_layers: ends,
  },
});

const PATHS: readonly (readonly [name: string, path: unknown])[] = [
  ["a folder above", "../a"],
  ["a folder above, later", "b/../../a"],
  ["a folder above, encoded", "%2e%2e/a"],
  ["a folder above, partly encoded", ".%2E/a"],
  ["a folder above on Windows", "..\\a"],
  ["a folder above on Windows, encoded", "..%5ca"],
  ["dots with spaces", " .. /a"],
  ["the root", "/etc/passwd"],
  ["an encoded root", "%2fetc/passwd"],
  ["another server", "//example.com/a"],
  ["a URL", "https://example.com/a"],
  ["a file's URL", "file:///etc/passwd"],
  ["data", "data:,abc"],
  ["a drive", "C:a"],
  ["a stream of NTFS", "a:b"],
  ["a NUL", "a\0b"],
  ["an encoded NUL", "a%00"],
  ["a line's end", "a\nb"],
  ["half an encoding", "a%"],
  ["no name", ""],
  ["a query alone", "?a"],
  ["an empty folder", "a//b"],
  ["a number", 1],
  ["nothing", null],
];

const CASES: readonly (readonly [name: string, json: unknown])[] = [
  ["no byte", ""],
  ["half an object", '{"modelTopology":'],
  ["bytes that are not text", new Uint8Array([0xff, 0xfe, 0x7b])],
  ["a list", []],
  ["null", null],
  ["a depth of 100,000", deep(100_000)],
  ["no topology", model([], undefined)],
  ["a topology that is a number", model([], 5)],
  ["a class that is a number", model([], { class_name: 5, config: {} })],
  ["a class of Object", model([], { class_name: "constructor", config: {} })],
  ["a class that is unknown", model([], { class_name: "Evil", config: {} })],
  ["layers that are an object", model([], { class_name: "Sequential", config: { name: "s", layers: {} } })],
  ["200 Sequentials in each other", model([], nested(200))],
  ["a manifest that is an object", model({})],
  ["a group that is a list", model([[]])],
  ["a group without weights", model([{ paths: [] }])],
  ["paths that are a text", group("abc")],
  ["a shard twice", group(["a", "a"])],
  ["a weight twice", group(["a"], [BOTH[0], BOTH[0]])],
  ["a weight that is null", group(["a"], [null])],
  ["a weight without a name", one(weight(undefined, [3, 2]))],
  ["a name that is a list", one(weight(["d"], [3, 2]))],
  ["a shape that is a text", one(weight("d/kernel", "32"))],
  ["a negative length", one(weight("d/kernel", [-3, -2]))],
  ["a fraction", one(weight("d/kernel", [3.5, 2]))],
  [
    "an infinite length",
    '{"modelTopology":{},"weightsManifest":[{"paths":[],"weights":[{"name":"a","dtype":"float32","shape":[1e999]}]}]}',
  ],
  ["a product beyond 2^53", one(weight("d/kernel", [2 ** 30, 2 ** 30]))],
  ["a terabyte", one(weight("d/kernel", [2 ** 19, 2 ** 19]))],
  ["sums beyond 2^53", group(["a"], [weight("a", [2 ** 50]), weight("b", [2 ** 50]), weight("c", [2 ** 50])])],
  ["texts", one(weight("d/kernel", [3, 2], { dtype: "string" }))],
  ["complex numbers", one(weight("d/kernel", [3, 2], { dtype: "complex64" }))],
  ["a dtype of Object", one(weight("d/kernel", [3, 2], { dtype: "toString" }))],
  ["quantized to nothing", one(weight("d/kernel", [3, 2], { quantization: {} }))],
  ["quantized to float64", one(weight("d/kernel", [3, 2], { quantization: { dtype: "float64" } }))],
  ["a scale that is a text", one(weight("d/kernel", [3, 2], { quantization: { dtype: "uint8", scale: "1", min: 0 } }))],
  ["an infinite scale", one(weight("d/kernel", [3, 2], { quantization: { dtype: "uint8", scale: null, min: 0 } }))],
  ["another length than the shard", group(["a"], [weight("d/kernel", [3, 3]), BOTH[1]])],
  ["a weight too few", group(["a"], [weight("d/kernel", [4, 2])])],
  ["a weight too many", group(["a"], [weight("d/kernel", [3, 1]), BOTH[1], weight("x", [3])])],
  ["another shape", group(["a"], [weight("d/kernel", [2, 3]), BOTH[1]])],
  ["a billion units in a small file", model([], sequential(dense({ units: 1e9 })))],
  ["units below zero", model([], sequential(dense({ units: -1 })))],
  [
    "an input that is not a shape",
    model([{ paths: ["a"], weights: BOTH }], sequential(dense({ batch_input_shape: "3" }))),
  ],
  ["a node of a layer that is not there", model([], graph([[["x", 0, 0, {}]]]))],
  ["a node of itself", model([], graph([[["d", 0, 0, {}]]]))],
  ["a node that is a number", model([], graph(7))],
  ["an output that is not there", model([], graph([[["i", 0, 0, {}]]], [["d", 5, 0]]))],
];

const shard = new File([new Uint8Array(32)], "a");

describe("refused", () => {
  it.each(PATHS)("a path: %s", async (_, path) => {
    const file = new File([JSON.stringify(group([path]))], "model.json");
    const error = await refusal(() => loadModel([file, shard]));
    expect(error?.code).toBe("ERR_FILE_INVALID");
  });

  it.each(CASES)("%s", async (_, json) => {
    const text = typeof json === "string" || json instanceof Uint8Array ? json : JSON.stringify(json);
    const file = new File([text as string], "model.json");
    const error = await refusal(() => loadModel([file, shard]));
    expect(error?.code).toMatch(
      /^ERR_(FILE_INVALID|CONFIG_INVALID|CONFIG_UNKNOWN_CLASS|OPTION_TYPE|OPTION_RANGE|SHAPE_\w+|LAYER_\w+)$/,
    );
  });
});
