import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops } from "../../ts/index.js";
import { byJax, byTensorFlow, expectSame, ours, randomInput, sizeOf } from "../support/peers.js";
import { Random } from "../support/random.js";
import { thrown } from "../support/refusal.js";

const random = new Random(60);

describe("broadcastTo and tile", () => {
  it.each([
    [[3], [2, 3]],
    [[], [2, 2]],
    [
      [2, 1],
      [2, 40],
    ],
    [
      [1, 3, 1],
      [2, 3, 4],
    ],
  ])("%j to %j is jax-js's", async (shape, whole) => {
    const x = randomInput(random, shape);
    const dy = random.values(sizeOf(whole));
    const theirs = await byJax((x) => jax.numpy.broadcastTo(x, whole), [x], dy);
    expectSame(
      ours((x) => ops.broadcastTo(x, whole), [x], dy),
      theirs,
      1e-6,
    );
  });

  it.each([
    [[3], [2]],
    [
      [2, 3],
      [2, 1],
    ],
    [
      [2, 3, 2],
      [1, 2, 3],
    ],
  ])("%j, %j times, is TensorFlow.js's", async (shape, repeats) => {
    const x = randomInput(random, shape);
    const dy = random.values(sizeOf(shape) * sizeOf(repeats));
    const theirs = await byTensorFlow((x) => tf.tile(x, repeats), [x], dy);
    expectSame(
      ours((x) => ops.tile(x, repeats), [x], dy),
      theirs,
      1e-6,
    );
  });

  it("takes lists of repeats that are shorter or longer than the axes", () => {
    expect(ops.tile([[1, 2]], [2]).shape).toEqual([1, 4]);
    expect(ops.tile([1, 2], [2, 2]).shape).toEqual([2, 4]);
  });

  it("refuse shapes that do not fit", () => {
    expect(() => ops.broadcastTo([1, 2], [2, 1])).toThrow(
      thrown("ValueError", "ERR_SHAPE", "broadcastTo: an input of [2] does not fit the shape [2, 1]."),
    );
    expect(() => ops.broadcastTo([1, 2], [3])).toThrow(
      thrown("ValueError", "ERR_SHAPE", "broadcastTo: the shapes [2] and [3] do not fit together: axis 0 has 2 and 3."),
    );
  });
});
