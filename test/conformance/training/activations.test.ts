/**
 * Activations by name; values and gradients of those that the vectors of Keras leave out.
 */

import { describe, expect, it } from "vitest";
import { activations, GradientTape, ops, tensor, ValueError } from "../../../ts/index.js";
import { suite } from "../../support/errors.js";

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
    expect(activations.serialize(twice)).toBe("twice");
    expect(activations.serialize(activations.get(ops.relu))).toBe("relu");
  });
});

describe("sparsemax", () => {
  it("keeps what is near the largest, and adds up to 1", () => {
    const y = activations.sparsemax([
      [0.5, 0.25, -3],
      [5, 0, 0],
      [1, 1, 1],
    ]);
    expect([...y.array()]).toEqual([0.625, 0.375, 0, 1, 0, 0, ...new Array(3).fill(Math.fround(1 / 3))]);
  });

  it("shares gradients among what it keeps", () => {
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
    () => activations.get("Relu"),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /^No activation is called "Relu". Known: relu, leaky_relu/,
  ],
  ["what names none", () => activations.get(3 as never), ValueError, "ERR_CONFIG_UNKNOWN_CLASS", /called 3/],
]);
