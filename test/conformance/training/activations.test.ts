/**
 * Activations by name; values and gradients of those that the vectors of Keras leave out.
 */

import { describe, expect, it } from "vitest";
import {
  activations,
  GradientTape,
  layers,
  modelFromJSON,
  ops,
  Sequential,
  type Tensor,
  tensor,
  ValueError,
} from "../../../ts/index.js";
import { suite } from "../../support/errors.js";
import { known } from "../../support/known-names.js";

describe("activations by name", () => {
  it.each([
    ["relu", activations.relu, "relu"],
    ["leaky_relu", activations.leakyRelu, "leaky_relu"],
    ["leakyRelu", activations.leakyRelu, "leaky_relu"],
    ["relu6", activations.relu6, "relu6"],
    ["swish", activations.silu, "silu"],
    ["hardSwish", activations.hardSilu, "hard_silu"],
    [null, activations.linear, "linear"],
    [undefined, activations.linear, "linear"],
  ])("%s", (name, fn, saved) => {
    expect(activations.get(name)).toBe(fn);
    expect(activations.serialize(activations.get(name))).toBe(saved);
  });

  it("gives functions back, those of ops among them", () => {
    const twice = (x: Parameters<typeof ops.multiply>[0]) => ops.multiply(x, 2);
    expect(activations.get(twice)).toBe(twice);
    const saved = { module: "builtins", class_name: "function", config: "twice", registered_name: "function" };
    expect(activations.serialize(twice)).toEqual(saved);
    expect(activations.deserialize(saved, { twice })).toBe(twice);
    expect(activations.serialize(activations.get(ops.relu))).toBe("relu");
  });
});

describe("custom functions in a model", () => {
  const twice = (x: Parameters<typeof ops.multiply>[0]) => ops.multiply(x, 2);
  // Called as a built-in one: by its name, that would be loaded in its place.
  const relu = (x: Parameters<typeof ops.multiply>[0]) => ops.multiply(x, 2);

  it.each([
    ["named as a built-in one", new layers.Activation(relu), /^A custom function called "relu" as an activation/],
    ["without a name", new layers.Activation((x) => twice(x)), /^A function without a name as an activation/],
    ["gelu of ops, which is not Keras's", new layers.Activation(ops.gelu), /^A custom function called "gelu"/],
  ])("are refused when it is saved: %s", (_, layer, message) => {
    const refusal = expect.objectContaining({ code: "ERR_CONFIG_INVALID", message: expect.stringMatching(message) });
    expect(() => layer.getConfig()).toThrow(refusal);
    expect(() => JSON.stringify(new Sequential([layer]))).toThrow(refusal);
  });

  it.each([
    ["Dense", new layers.Dense(1, { activation: twice, inputShape: [1] })],
    ["Activation", new layers.Activation(twice, { inputShape: [1] })],
  ])("come back by their names: %s", (_, layer) => {
    const json = JSON.stringify(new Sequential([layer]));
    const copy = modelFromJSON(json, { twice });
    copy.setWeights(copy.weights.map(({ shape }) => (shape.length === 2 ? [[3]] : [0])));
    expect([...copy.apply([[1]]).array()]).toEqual([layer instanceof layers.Dense ? 6 : 2]);
    expect(() => modelFromJSON(json)).toThrow(
      expect.objectContaining({
        code: "ERR_CONFIG_UNKNOWN_CLASS",
        message: `No activation is called "twice". Known: ${known("activation")}. Pass a function, or its name and the function in customObjects.`,
      }),
    );
  });

  it("may be a custom layer class", () => {
    class Twice extends layers.Layer {
      override call(x: Tensor<"float32">) {
        return ops.multiply(x, 2);
      }
    }
    const model = new Sequential([new layers.Dense(1, { activation: new Twice(), inputShape: [1] })]);
    const copy = modelFromJSON(JSON.stringify(model), { Twice });
    copy.setWeights([[[3]], [1]]);
    expect(copy.apply([[2]]).array()).toEqual(new Float32Array([14]));
  });
});

describe("sparsemax", () => {
  it("keeps the values near the largest, and sums to 1", () => {
    const y = activations.sparsemax([
      [0.5, 0.25, -3],
      [5, 0, 0],
      [1, 1, 1],
    ]);
    expect([...y.array()]).toEqual([0.625, 0.375, 0, 1, 0, 0, ...new Array(3).fill(Math.fround(1 / 3))]);
  });

  it("distributes gradients among the values that it keeps", () => {
    const x = tensor([[0.5, 0.25, -3]]);
    const tape = new GradientTape();
    tape.watch(x);
    const y = tape.run(() => ops.sum(ops.multiply(activations.sparsemax(x), [[1, 4, 100]])));
    expect([...(tape.gradient(y, x)?.array() ?? [])]).toEqual([-1.5, 1.5, 0]);
  });
});

describe("other activations that take arguments", () => {
  const x = tensor([[-2, 0.25, 1, 3]]);
  it.each([
    ["glu", () => activations.glu(x), [-2 / (1 + Math.exp(-1)), 0.25 / (1 + Math.exp(-3))]],
    ["celu", () => activations.celu(x, 2), [2 * Math.expm1(-1), 0.25, 1, 3]],
    ["threshold", () => activations.threshold(x, 0.5, -7), [-7, -7, 1, 3]],
    ["gelu, approximate", () => activations.gelu(tensor([1]), true), [0.8411919906]],
  ] as const)("%s", (_, call, expected) => {
    [...call().array()].forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 5));
  });
});

suite("what activations.get refuses", [
  [
    "unknown names",
    () => activations.get("rela"),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /^No activation is called "rela". Did you mean "relu"\? Known: relu, leaky_relu/,
  ],
  ["what names none", () => activations.get(3 as never), ValueError, "ERR_CONFIG_INVALID", /got 3/],
]);
