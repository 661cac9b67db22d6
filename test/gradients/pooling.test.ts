import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops, type Tensor, tensor, ValueError } from "../../ts/index.js";
import { suite } from "../support/errors.js";
import { byDifferences, byTensorFlow, expectClose, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";

const random = new Random(22);
const input = (shape: readonly number[]): Input => ({
  data: random.values(shape.reduce((a, b) => a * b, 1)),
  shape,
});

describe.each(["valid", "same"] as const)("padding %s", (padding) => {
  it.each([
    [
      [2, 4, 6, 8],
      [2, 2],
      [2, 2],
    ],
    [
      [2, 5, 7, 1],
      [2, 2],
      [2, 2],
    ],
    [
      [2, 5, 7, 3],
      [3, 3],
      [1, 1],
    ],
    [
      [1, 6, 5, 6],
      [3, 2],
      [2, 1],
    ],
    [
      [1, 7, 8, 5],
      [2, 3],
      [3, 3],
    ],
  ] as const)("pools of %j, size %j, strides %j", async (shape, size, strides) => {
    const x = input(shape);
    const [max, average] = [
      (x: Tensor) => ops.maxPool2d(x, size, { strides, padding }),
      (x: Tensor) => ops.averagePool2d(x, size, { strides, padding }),
    ] as const;
    const dy = random.values(max(tensor(x.data, shape)).size);
    const theirMax = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, size as never, strides as never, padding);
    expectSame(ours(max, [x], dy), await byTensorFlow(theirMax as never, [x], dy), 0);
    const theirAverage = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, size as never, strides as never, padding);
    expectClose(ours(average, [x], dy).value, (await byTensorFlow(theirAverage as never, [x], dy)).value, 1e-6);
    const [expected] = byDifferences(average, [x], dy, 0.5);
    expectClose(ours(average, [x], dy).gradients[0] ?? null, expected as Float32Array, 1e-4);
  });
});

describe("maxPool2d", () => {
  it("gives the gradient to the first of equal ones", () => {
    const { gradients } = ours(
      (x) => ops.maxPool2d(x, 2),
      [{ data: new Float32Array(4), shape: [1, 2, 2, 1] }],
      Float32Array.of(3),
    );
    expect([...(gradients[0] ?? [])]).toEqual([3, 0, 0, 0]);
  });

  it("adds the gradients of overlapping windows", () => {
    const x = { data: Float32Array.of(0, 9, 0), shape: [1, 1, 3, 1] };
    const { gradients } = ours((x) => ops.maxPool2d(x, [1, 2], { strides: 1 }), [x], Float32Array.of(2, 3));
    expect([...(gradients[0] ?? [])]).toEqual([0, 5, 0]);
  });

  it("never takes a pixel outside the image", () => {
    const y = ops.maxPool2d(tensor([-1, -2, -3], [1, 1, 3, 1]), 3, { strides: 1, padding: "same" });
    expect([...y.array()]).toEqual([-1, -1, -2]);
  });
});

describe("averagePool2d", () => {
  it("divides by the pixels inside the image", () => {
    const y = ops.averagePool2d(tensor([1, 2, 3], [1, 1, 3, 1]), 2, { padding: "same" });
    expect([...y.array()]).toEqual([1.5, 3]);
  });
});

const image = () => tensor(new Float32Array(12), [1, 2, 3, 2]);

suite("pooling refuses", [
  [
    "what is not a batch of images",
    () => ops.maxPool2d([1, 2, 3]),
    ValueError,
    "ERR_SHAPE",
    "maxPool2d: expected an input of rank 4 (batch x height x width x channels), got 3.",
  ],
  [
    "a window beyond the image",
    () => ops.averagePool2d(image(), 3),
    ValueError,
    "ERR_SHAPE",
    'averagePool2d: a window of 3 x 3 does not fit into an input of 2 x 3. Use padding: "same", or a larger input.',
  ],
  [
    "a size of half a pixel",
    () => ops.maxPool2d(image(), [1, 0.5]),
    ValueError,
    "ERR_OPTION_RANGE",
    'maxPool2d: "poolSize" must be a whole number, 1 or above, got 0.5.',
  ],
  [
    "unknown options",
    () => ops.maxPool2d(image(), 2, { dilationRate: 2 } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    'maxPool2d does not know "dilationRate". Its options are: strides, padding, dataFormat.',
  ],
]);
