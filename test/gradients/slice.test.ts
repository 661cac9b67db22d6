import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops, type Tensor } from "../../ts/index.js";
import { expectTensorFlows } from "../support/peers.js";
import { Random } from "../support/random.js";
import { refusal, thrown } from "../support/refusal.js";

type F32 = Tensor<"float32">;

const random = new Random(58);

describe("slice and pad", () => {
  it.each([
    [[7], [2], [3]],
    [
      [4, 5],
      [1, 0],
      [2, 5],
    ],
    [
      [4, 5, 6],
      [1, 2, 3],
      [3, 2, 3],
    ],
    [
      [2, 3, 4, 5],
      [1, 0, 1, 2],
      [1, 3, 2, 3],
    ],
  ])("a slice of %j from %j is TensorFlow.js's", async (shape, start, lengths) => {
    await expectTensorFlows(
      random,
      [shape],
      (x) => ops.slice(x as F32, start, lengths),
      (x) => tf.slice(x as tf.Tensor, start, lengths),
    );
  });

  it.each([
    [[4], [[1, 2]]],
    [
      [2, 3],
      [
        [0, 1],
        [2, 0],
      ],
    ],
    [
      [2, 3, 4, 2],
      [
        [0, 0],
        [1, 1],
        [2, 1],
        [0, 0],
      ],
    ],
  ])("%j padded by %j is TensorFlow.js's", async (shape, widths) => {
    const pairs = widths as [number, number][];
    await expectTensorFlows(
      random,
      [shape],
      (x) => ops.pad(x as F32, pairs, 2.5),
      (x) => tf.pad(x as tf.Tensor, pairs, 2.5),
    );
  });

  it("pads all axes alike by one number or pair", () => {
    expect([...ops.pad([5], 1).array()]).toEqual([0, 5, 0]);
    expect(ops.pad([[5]], [1, 2]).shape).toEqual([4, 4]);
  });

  it("refuse indices outside of the tensor", () => {
    const x = [
      [1, 2],
      [3, 4],
    ];
    expect(refusal(() => ops.slice(x, [1, 0], [2, 2])).message).toBe(
      "slice: expected a block inside axis 0, of length 2, got 2 from index 1 on.",
    );
    expect(() => ops.slice(x, [0], [1, 1])).toThrow(
      thrown("ValueError", "ERR_SHAPE", 'slice: "start" must have one whole number for each axis of [2, 2], got [0].'),
    );
    expect(() => ops.pad(x, [[1, 1]])).toThrow(
      thrown(
        "ValueError",
        "ERR_SHAPE",
        'pad: "padWidth" must have a pair of whole numbers, 0 or above, for each axis (rank 2), got [an array of 2].',
      ),
    );
    expect(() => ops.pad(x, -1)).toThrow(
      thrown(
        "ValueError",
        "ERR_SHAPE",
        'pad: "padWidth" must have a pair of whole numbers, 0 or above, for each axis (rank 2), got -1.',
      ),
    );
  });
});
