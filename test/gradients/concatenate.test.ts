import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops, type Tensor, tensor } from "../../ts/index.js";
import { expectTensorFlows, ours } from "../support/peers.js";
import { Random } from "../support/random.js";
import { refusal, thrown } from "../support/refusal.js";

type F32 = Tensor<"float32">;

const random = new Random(59);

describe("concatenate, stack and split", () => {
  it.each([
    [[[3], [2]], 0],
    [
      [
        [2, 3],
        [4, 3],
      ],
      0,
    ],
    [
      [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
      1,
    ],
    [
      [
        [2, 3, 4],
        [2, 5, 4],
      ],
      -2,
    ],
  ])("%j along axis %i are TensorFlow.js's", async (shapes, axis) => {
    await expectTensorFlows(
      random,
      shapes,
      (...xs) => ops.concatenate(xs, axis),
      (...xs) => tf.concat(xs, axis < 0 ? axis + 3 : axis),
    );
  });

  it.each([0, 1, 2])("stacks along axis %i as TensorFlow.js", async (axis) => {
    await expectTensorFlows(
      random,
      [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      (...xs) => ops.stack(xs, axis),
      (...xs) => tf.stack(xs, axis),
    );
  });

  it("splits into what concatenate puts together", () => {
    const x = tensor(random.values(24), [2, 12]);
    for (const parts of [3, [5], [0, 7, 12]]) {
      const list = ops.split(x, parts, 1);
      expect([...ops.concatenate(list, 1).array()]).toEqual([...x.array()]);
    }
    expect(ops.split(x, 3, 1).map(({ shape }) => shape)).toEqual([
      [2, 4],
      [2, 4],
      [2, 4],
    ]);
    expect(ops.split(x, [5], -1).map(({ shape }) => shape)).toEqual([
      [2, 5],
      [2, 7],
    ]);
  });

  it("a part has a gradient", () => {
    const x = { data: Float32Array.of(1, 2, 3, 4), shape: [4] };
    const { gradients } = ours((x) => ops.split(x as F32, 2)[1] as F32, [x], Float32Array.of(5, 6));
    expect([...(gradients[0] ?? [])]).toEqual([0, 0, 5, 6]);
  });

  it("refuse what does not fit", () => {
    expect(refusal(() => ops.concatenate([[[1, 2]], [[1]]], 0)).message).toBe(
      "concatenate: the tensors must have the same shape except along axis 0, got [1, 2] for tensor 0 and [1, 1] for tensor 1.",
    );
    expect(() => ops.concatenate([])).toThrow(
      thrown("ValueError", "ERR_SHAPE", "concatenate takes one tensor or more, got an empty list."),
    );
    expect(() => ops.stack([[1], [1, 2]])).toThrow(
      thrown("ValueError", "ERR_SHAPE", "stack: the tensors must have the same shape, got [1] and [2]."),
    );
    expect(() => ops.split([1, 2, 3], 2)).toThrow(
      thrown(
        "ValueError",
        "ERR_SHAPE",
        "split: an axis of length 3 does not divide into 2 equal parts. Pass the indices to split at.",
      ),
    );
    expect(() => ops.split([1, 2, 3], [4])).toThrow(
      thrown(
        "ValueError",
        "ERR_SHAPE",
        "split: expected a number of parts, or indices from 0 to 3 in ascending order, got [4].",
      ),
    );
  });
});
