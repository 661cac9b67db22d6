import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { GradientTape, ops, type Tensor, tensor, Variable } from "../../ts/index.js";
import { byTensorFlow, expectSame, expectTensorFlows, ours, randomInput } from "../support/peers.js";
import { Random } from "../support/random.js";
import { refusal, thrown } from "../support/refusal.js";

type F32 = Tensor<"float32">;

const random = new Random(57);

describe("transpose", () => {
  it.each([
    [
      [3, 5],
      [1, 0],
    ],
    [
      [40, 33],
      [1, 0],
    ],
    [[5], [0]],
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 1, 3],
    ],
    [
      [2, 3, 4, 5],
      [3, 1, 2, 0],
    ],
    [
      [2, 3, 2, 3, 2],
      [4, 2, 0, 3, 1],
    ],
    [
      [2, 3, 2, 2, 3, 2],
      [5, 2, 0, 3, 1, 4],
    ],
  ])("of %j to the order %j is TensorFlow.js's", async (shape, axes) => {
    await expectTensorFlows(
      random,
      [shape],
      (x) => ops.transpose(x as F32, axes),
      (x) => tf.transpose(x as tf.Tensor, axes),
    );
  });

  it("reverses all axes by default, and counts from the last", () => {
    expect(ops.transpose(tensor(new Float32Array(24), [2, 3, 4])).shape).toEqual([4, 3, 2]);
    expect(ops.transpose([[1, 2]], [-1, 0]).shape).toEqual([2, 1]);
    expect(ops.transpose(7).item()).toBe(7);
  });

  it("refuses orders that name no axis, or one twice", () => {
    const message = 'transpose: "axes" must name each of the 2 axes once, got [0, 0].';
    expect(refusal(() => ops.transpose([[1]], [0, 0])).message).toBe(message);
    expect(() => ops.transpose([[1]], [0])).toThrow(
      thrown("ValueError", "ERR_SHAPE", 'transpose: "axes" must name each of the 2 axes once, got [0].'),
    );
    expect(() => ops.transpose([[1]], [0, 2])).toThrow(
      thrown("ValueError", "ERR_SHAPE", 'transpose: "axis" must be from -2 to 1 for rank 2, got 2.'),
    );
  });
});

describe("reshape, expandDims, squeeze", () => {
  const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);

  it("change the shape, not the numbers", () => {
    expect(ops.reshape(x, [3, -1]).shape).toEqual([3, 2]);
    expect(ops.reshape(x, [-1]).shape).toEqual([6]);
    expect(ops.reshape(5, []).shape).toEqual([]);
    expect(ops.expandDims(x, 0).shape).toEqual([1, 2, 3]);
    expect(ops.expandDims(x, -1).shape).toEqual([2, 3, 1]);
    expect(ops.squeeze(ops.reshape(x, [1, 6, 1])).shape).toEqual([6]);
    expect(ops.squeeze(ops.reshape(x, [1, 6, 1]), -1).shape).toEqual([1, 6]);
    expect([...ops.reshape(x, [3, 2]).array()]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("keep whole numbers whole", () => {
    const labels = ops.expandDims(tensor(Int32Array.of(3, 1)), -1);
    expect([labels.dtype, labels.shape]).toEqual(["int32", [2, 1]]);
    expect([...ops.squeeze(labels).array()]).toEqual([3, 1]);
  });

  it("hand gradients through", async () => {
    const theirs = (x: tf.Tensor) => tf.square(tf.reshape(x, [4, 3]));
    const inputs = [randomInput(random, [2, 6])];
    const dy = random.values(12);
    const mine = (x: F32) => ops.square(ops.reshape(x, [4, 3]));
    expectSame(ours(mine, inputs, dy), await byTensorFlow(theirs, inputs, dy), 1e-6);
  });

  it("share the memory of a step, but not that of a separate tensor", () => {
    const own = tensor([1, 2]);
    const other = ops.reshape(own, [2, 1]);
    own.dispose();
    expect([...other.array()]).toEqual([1, 2]);
    const w = new Variable([3, 4]);
    const tape = new GradientTape();
    const [a, b] = tape.run(() => {
      const a = ops.square(w);
      return [a, ops.reshape(a, [2, 1])] as const;
    });
    expect(b.address).toBe(a.address);
    expect([...(tape.gradient(b, w)?.array() ?? [])]).toEqual([6, 8]);
  });

  it("refuse what does not fit", () => {
    expect(refusal(() => ops.reshape(x, [4, -1])).message).toBe(
      "reshape: 6 values (2 x 3) do not fill the shape [4, -1].",
    );
    expect(() => ops.reshape(x, [-1, -1])).toThrow(
      thrown("ValueError", "ERR_SHAPE", 'reshape: only one length in "shape" can be -1, got [-1, -1].'),
    );
    expect(() => ops.squeeze(x, 0)).toThrow(
      thrown("ValueError", "ERR_SHAPE", "squeeze: only axes of length 1 can be removed, got axis 0 of length 2."),
    );
    expect(() => ops.expandDims(x, 3)).toThrow(
      thrown("ValueError", "ERR_SHAPE", 'expandDims: "axis" must be from -3 to 2 for rank 3, got 3.'),
    );
  });
});
