import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops, type Tensor } from "../../ts/index.js";
import { byTensorFlow, expectSame, ours } from "../support/peers.js";
import { Random } from "../support/random.js";

const A = [1, 2, 3, 0, Number.NaN];
const B = [2, 2, 0, 0, 1];

describe("comparisons give 1 and 0", () => {
  it.each([
    ["greater", ops.greater, [0, 0, 1, 0, 0]],
    ["greaterEqual", ops.greaterEqual, [0, 1, 1, 1, 0]],
    ["less", ops.less, [1, 0, 0, 0, 0]],
    ["lessEqual", ops.lessEqual, [1, 1, 0, 1, 0]],
    ["equal", ops.equal, [0, 1, 0, 1, 0]],
    ["notEqual", ops.notEqual, [1, 0, 1, 0, 1]],
    ["logicalAnd", ops.logicalAnd, [1, 1, 0, 0, 1]],
    ["logicalOr", ops.logicalOr, [1, 1, 1, 0, 1]],
  ] as const)("%s", (_, f, expected) => {
    expect([...f(A, B).array()]).toEqual(expected);
  });

  it("logicalNot, isnan", () => {
    expect([...ops.logicalNot(A).array()]).toEqual([0, 0, 0, 1, 0]);
    expect([...ops.isnan(A).array()]).toEqual([0, 0, 0, 0, 1]);
  });

  it("broadcast, and have no gradient", () => {
    const x = { data: Float32Array.of(1, 5), shape: [2, 1] };
    const { value, gradients } = ours((x) => ops.greater(x, [0, 3]), [x], new Float32Array(4).fill(1));
    expect([...value]).toEqual([1, 0, 1, 1]);
    expect(gradients).toEqual([null]);
  });
});

describe("where", () => {
  const random = new Random(5);

  it.each([
    [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
    [[3, 4], [], [4]],
    [[3, 1], [1, 4], []],
    [[4], [3, 4], [3, 1]],
  ])("of %j, %j and %j is TensorFlow.js's, with both gradients", async (shapeC, shapeA, shapeB) => {
    const input = (shape: number[]) => ({ data: random.values(shape.reduce((a, b) => a * b, 1)), shape });
    const [a, b] = [input(shapeA), input(shapeB)];
    const mask = input(shapeC).data.map((x) => (x > 0 ? 1 : 0));
    const dy = random.values(12);
    const condition = tf.tensor(mask, shapeC, "bool");
    const mine = (a: Tensor, b: Tensor) => ops.where(ops.reshape(mask, shapeC), a as never, b as never);
    const theirs = await byTensorFlow((a, b) => tf.where(condition, a as tf.Tensor, b as tf.Tensor), [a, b], dy);
    expectSame(ours(mine, [a, b], dy), theirs, 0);
  });

  it("passes no gradient to the side that was not selected", () => {
    const x = { data: Float32Array.of(-1, 4), shape: [2] };
    const { value, gradients } = ours((x) => ops.where(ops.greater(x, 0), ops.sqrt(x), 0), [x], Float32Array.of(1, 1));
    expect([...value]).toEqual([0, 2]);
    // As in TensorFlow, 0 times the slope of a root of -1 is NaN: the input must be made safe, not the result.
    expect(gradients[0]?.[1]).toBe(0.25);
  });
});
