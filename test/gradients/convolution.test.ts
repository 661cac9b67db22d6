import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops, type Tensor, tensor } from "../../ts/index.js";
import { byDifferences, byTensorFlow, expectClose, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";

const random = new Random(21);
const input = (shape: readonly number[]): Input => ({
  data: random.values(shape.reduce((a, b) => a * b, 1)),
  shape,
});

type Operation = (...inputs: Tensor<"float32">[]) => Tensor<"float32">;

/** A gradient for the result of `f`. */
const upstream = (f: Operation, inputs: readonly Input[]) =>
  random.values(f(...inputs.map(({ data, shape }) => tensor(data, shape))).size);

/** Values and gradients as in TensorFlow.js. */
async function expectAsTensorFlow(
  mine: Operation,
  theirs: (...inputs: never[]) => tf.Tensor,
  inputs: readonly Input[],
) {
  const dy = upstream(mine, inputs);
  expectSame(ours(mine, inputs, dy), await byTensorFlow(theirs as never, inputs, dy), 2e-5);
}

/** Gradients as differences have them. The functions are linear in each input, so that a step may be long. */
function expectAsDifferences(f: Operation, inputs: readonly Input[]) {
  const dy = upstream(f, inputs);
  const expected = byDifferences(f, inputs, dy, 0.5);
  ours(f, inputs, dy).gradients.forEach((gradient, i) => {
    expectClose(gradient, expected[i] as Float32Array, 1e-4, `gradient ${i}`);
  });
}

const PADDINGS = ["valid", "same"] as const;

describe.each(PADDINGS)("padding %s", (padding) => {
  it.each([
    [
      [2, 6, 7, 1],
      [3, 3, 1, 8],
      [1, 1],
    ],
    [
      [2, 6, 7, 3],
      [3, 2, 3, 10],
      [1, 1],
    ],
    [
      [1, 7, 6, 5],
      [3, 3, 5, 3],
      [2, 2],
    ],
    [
      [2, 8, 9, 2],
      [2, 3, 2, 12],
      [3, 1],
    ],
    [
      [1, 7, 8, 4],
      [2, 2, 4, 17],
      [3, 3],
    ],
    [
      [3, 5, 4, 6],
      [1, 1, 6, 9],
      [1, 1],
    ],
    [
      [2, 5, 4, 6],
      [1, 1, 6, 4],
      [2, 2],
    ],
    [
      [2, 3, 4, 2],
      [3, 3, 2, 4],
      [1, 1],
    ],
  ] as const)("conv2d of %j with %j, strides %j", async (shape, taps, strides) => {
    await expectAsTensorFlow(
      (x, w) => ops.conv2d(x, w, { strides, padding }),
      (x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, strides as never, padding),
      [input(shape), input(taps)],
    );
  });

  it.each([
    [
      [2, 7, 8, 3],
      [3, 3, 3, 5],
      [2, 2],
    ],
    [
      [1, 7, 9, 1],
      [2, 3, 1, 8],
      [3, 2],
    ],
  ] as const)("conv2d of %j with %j, dilation %j", (shape, taps, dilationRate) => {
    const inputs = [input(shape), input(taps)];
    const mine: Operation = (x, w) => ops.conv2d(x, w, { dilationRate, padding });
    const [x, w] = inputs.map(({ data, shape }) => tf.tensor4d(data, shape as never)) as [tf.Tensor4D, tf.Tensor4D];
    const theirs = tf.conv2d(x, w, 1, padding, "NHWC", dilationRate as never).dataSync();
    expectClose(ours(mine, inputs, upstream(mine, inputs)).value, theirs, 1e-5);
    expectAsDifferences(mine, inputs);
  });

  it.each([
    [
      [2, 6, 7, 5],
      [3, 3, 5, 1],
      [1, 1],
    ],
    [
      [2, 6, 7, 3],
      [3, 2, 3, 2],
      [1, 1],
    ],
    [
      [1, 7, 6, 8],
      [3, 3, 8, 1],
      [2, 2],
    ],
    [
      [1, 7, 6, 2],
      [2, 2, 2, 3],
      [3, 3],
    ],
  ] as const)("depthwiseConv2d of %j with %j, strides %j", async (shape, taps, strides) => {
    await expectAsTensorFlow(
      (x, w) => ops.depthwiseConv2d(x, w, { strides, padding }),
      (x: tf.Tensor4D, w: tf.Tensor4D) => tf.depthwiseConv2d(x, w, strides as never, padding),
      [input(shape), input(taps)],
    );
  });

  it("depthwiseConv2d with dilation", () => {
    const f: Operation = (x, w) => ops.depthwiseConv2d(x, w, { dilationRate: 2, padding });
    expectAsDifferences(f, [input([1, 6, 7, 2]), input([3, 2, 2, 2])]);
  });

  it.each([
    [
      [2, 3, 4, 3],
      [3, 3, 8, 3],
      [2, 2],
    ],
    [
      [1, 4, 3, 5],
      [2, 4, 3, 5],
      [1, 2],
    ],
    [
      [2, 3, 3, 2],
      [2, 2, 9, 2],
      [3, 3],
    ],
    [
      [1, 3, 2, 4],
      [5, 5, 1, 4],
      [2, 2],
    ],
    [
      [1, 3, 4, 9],
      [1, 1, 4, 9],
      [1, 1],
    ],
  ] as const)("conv2dTranspose of %j with %j, strides %j", async (shape, taps, strides) => {
    const size = (axis: 0 | 1) =>
      padding === "same"
        ? shape[(axis + 1) as 1 | 2] * strides[axis]
        : (shape[(axis + 1) as 1 | 2] - 1) * strides[axis] + Math.max(taps[axis], strides[axis]);
    const outputShape: [number, number, number, number] = [shape[0], size(0), size(1), taps[2]];
    await expectAsTensorFlow(
      (x, w) => ops.conv2dTranspose(x, w, { strides, padding }),
      (x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2dTranspose(x, w, outputShape, strides as never, padding),
      [input(shape), input(taps)],
    );
  });

  it("conv2dTranspose with dilation or output padding", () => {
    const inputs = [input([1, 3, 4, 2]), input([3, 2, 3, 2])];
    expectAsDifferences((x, w) => ops.conv2dTranspose(x, w, { dilationRate: 2, padding }), inputs);
    expectAsDifferences((x, w) => ops.conv2dTranspose(x, w, { strides: 2, outputPadding: 1, padding }), inputs);
  });

  it.each([1, 2])("conv1d with stride %d", async (stride) => {
    await expectAsTensorFlow(
      (x, w) => ops.conv1d(x, w, { strides: stride, padding }),
      (x: tf.Tensor3D, w: tf.Tensor3D) => tf.conv1d(x, w, stride, padding),
      [input([2, 70, 3]), input([4, 3, 6])],
    );
  });
});

describe("conv1d", () => {
  it.each([
    [1, 1],
    [1, 3],
    [2, 1],
  ])("is causal with stride %d and dilation %d", async (strides, dilationRate) => {
    const inputs = [input([2, 9, 2]), input([3, 2, 4])];
    const mine: Operation = (x, w) => ops.conv1d(x, w, { strides, dilationRate, padding: "causal" });
    const behind = 2 * dilationRate;
    const theirs = (x: tf.Tensor3D, w: tf.Tensor3D) =>
      tf.conv1d(
        tf.pad(x, [
          [0, 0],
          [behind, 0],
          [0, 0],
        ]),
        w,
        strides,
        "valid",
        "NWC",
        dilationRate,
      );
    if (dilationRate === 1) await expectAsTensorFlow(mine, theirs, inputs);
    else expectAsDifferences(mine, inputs);
    const [x, w] = inputs.map(({ data, shape }) => tf.tensor3d(data, shape as never)) as [tf.Tensor3D, tf.Tensor3D];
    expectClose(ours(mine, inputs, upstream(mine, inputs)).value, theirs(x, w).dataSync(), 1e-5);
  });
});

describe("bias and relu", () => {
  it.each([
    ["conv2d", 4, (x, w, bias) => ops.conv2d(x, w, { bias, activation: "relu" }), (x, w) => ops.conv2d(x, w)],
    [
      "conv2dTranspose",
      3,
      (x, w, bias) => ops.conv2dTranspose(x, w, { bias, activation: "relu" }),
      (x, w) => ops.conv2dTranspose(x, w),
    ],
    [
      "depthwiseConv2d",
      12,
      (x, w, bias) => ops.depthwiseConv2d(x, w, { bias, activation: "relu" }),
      (x, w) => ops.depthwiseConv2d(x, w),
    ],
  ] as readonly [string, number, Operation, Operation][])(
    "of %s are those of operations behind it",
    (name, channels, fused, plain) => {
      const inputs = [input([2, 5, 6, name === "conv2dTranspose" ? 4 : 3]), input([2, 3, 3, 4]), input([channels])];
      const [x, w, bias] = inputs as [Input, Input, Input];
      const dy = upstream(fused, inputs);
      const got = ours(fused, inputs, dy);
      const before = ours(plain, [x, w], dy).value.map((y, i) => y + (bias.data[i % channels] as number));
      expect([...got.value]).toEqual([...before.map((y) => Math.max(0, y))]);
      // Behind relu only the gradients of what was above 0 are left; the bias gets the sums of its channel.
      const gated = dy.map((d, i) => ((got.value[i] as number) > 0 ? d : 0));
      const expected = ours(plain, [x, w], gated);
      expect(got.gradients.slice(0, 2)).toEqual(expected.gradients);
      const sums = Array.from({ length: channels }, (_, c) =>
        gated.reduce((sum, d, i) => (i % channels === c ? sum + d : sum), 0),
      );
      expectClose(got.gradients[2] ?? null, sums, 1e-5, "bias");
    },
  );

  it("need not come together", () => {
    const x = tensor([1, -2], [1, 1, 2, 1]);
    const w = tensor([1], [1, 1, 1, 1]);
    expect([...ops.conv2d(x, w, { activation: "relu" }).array()]).toEqual([1, 0]);
    expect([...ops.conv2d(x, w, { bias: [1] }).array()]).toEqual([2, -1]);
    expect([...ops.depthwiseConv2d(x, w, { activation: "relu" }).array()]).toEqual([1, 0]);
    expect([...ops.depthwiseConv2d(x, w, { bias: [1], activation: "linear" }).array()]).toEqual([2, -1]);
  });
});
