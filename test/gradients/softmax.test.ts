import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops, ValueError } from "../../ts/index.js";
import { byDifferences, byJax, byTensorFlow, expectClose, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";
import { refusal } from "../support/refusal.js";

const random = new Random(11);

const input = (shape: readonly number[], size = 3): Input => ({
  data: random.values(
    shape.reduce((a, b) => a * b, 1),
    size,
  ),
  shape,
});

describe.each([
  [[4, 10], -1],
  [[4, 10], 0],
  [[2, 3, 5], 1],
  [[7], 0],
  [[2, 3, 4, 5], -2],
] as const)("over axis of %j, %i", (shape, axis) => {
  const x = input(shape);
  const dy = random.values(x.data.length);

  it("softmax is jax-js's, and its gradient", async () => {
    const mine = ours((x) => ops.softmax(x, axis), [x], dy);
    expectSame(mine, await byJax((x) => jax.nn.softmax(x, axis), [x], dy), 2e-6);
  });

  it("logSoftmax is jax-js's, and its gradient", async () => {
    const mine = ours((x) => ops.logSoftmax(x, axis), [x], dy);
    expectSame(mine, await byJax((x) => jax.nn.logSoftmax(x, axis), [x], dy), 1e-5);
  });
});

describe("softmax", () => {
  it("is TensorFlow.js's along the last axis", async () => {
    const x = input([32, 64]);
    const dy = random.values(x.data.length);
    const mine = ours((x) => ops.softmax(x), [x], dy);
    expectSame(mine, await byTensorFlow((x) => tf.softmax(x), [x], dy), 2e-6);
    const logs = ours((x) => ops.logSoftmax(x), [x], dy);
    expectSame(logs, await byTensorFlow((x) => tf.logSoftmax(x), [x], dy), 1e-5);
  });

  it("has the gradient that its differences have", () => {
    const x = input([3, 5], 1);
    const dy = random.values(15);
    for (const f of [ops.softmax, ops.logSoftmax]) {
      const [expected] = byDifferences((x) => f(x), [x], dy);
      expectClose(ours((x) => f(x), [x], dy).gradients[0] ?? null, expected as Float32Array, 2e-3);
    }
  });

  it("accepts empty rows, and refuses axes out of range", () => {
    expect(ops.softmax(new Float32Array(0)).shape).toEqual([0]);
    const error = refusal(() => ops.softmax([1, 2], 1));
    expect(error).toBeInstanceOf(ValueError);
    expect(error.message).toBe('softmax: "axis" must be from -1 to 0 for rank 1, got 1.');
  });
});
