import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { GradientTape, ops, type Tensor, tensor, ValueError, Variable } from "../../ts/index.js";
import { suite } from "../support/errors.js";
import { byTensorFlow, expectClose, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";

const random = new Random(14);
const input = (shape: readonly number[]): Input => ({
  data: random.values(
    shape.reduce((a, b) => a * b, 1),
    2,
  ),
  shape,
});

const epsilon = 1e-3;

/** Normalizes over `axes` as TensorFlow does. */
const normalized = (x: tf.Tensor, axes: number[], gamma?: tf.Tensor, beta?: tf.Tensor) => {
  const { mean, variance } = tf.moments(x, axes, true);
  const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normal, gamma ?? 1), beta ?? 0);
};

describe.each([[[6, 5]], [[4, 3, 3, 8]], [[7, 1]], [[5, 2, 17]]])("an input of %j", (shape) => {
  const x = input(shape);
  const [gamma, beta] = [input(shape.slice(-1)), input(shape.slice(-1))];
  const dy = random.values(x.data.length);
  const others = shape.slice(0, -1).map((_, axis) => axis);

  it("is batch normalized as by TensorFlow.js, with all gradients", async () => {
    const inputs = [x, gamma, beta];
    const mine = ours(
      (x, g, b) => ops.batchNormalization(x as Tensor, g as Tensor, b as Tensor, { epsilon }).output,
      inputs,
      dy,
    );
    const theirs = (x: tf.Tensor, g?: tf.Tensor, b?: tf.Tensor) => normalized(x, others, g, b);
    expectSame(mine, await byTensorFlow(theirs as never, inputs, dy), 2e-5);
  });

  it("is layer normalized as by TensorFlow.js, with all gradients", async () => {
    const inputs = [x, gamma, beta];
    const mine = ours(
      (x, g, b) => ops.layerNormalization(x as Tensor, g as Tensor, b as Tensor, { epsilon }),
      inputs,
      dy,
    );
    const theirs = (x: tf.Tensor, g?: tf.Tensor, b?: tf.Tensor) => normalized(x, [-1], g, b);
    expectSame(mine, await byTensorFlow(theirs as never, inputs, dy), 5e-5);
  });

  it("needs neither gamma nor beta", async () => {
    const batch = ours((x) => ops.batchNormalization(x as Tensor, null, null).output, [x], dy);
    expectSame(batch, await byTensorFlow((x) => normalized(x as tf.Tensor, others), [x], dy), 2e-5);
    const options = { epsilon: 1e-3 };
    const shifted = ours((x, b) => ops.layerNormalization(x as Tensor, null, b as Tensor, options), [x, beta], dy);
    const theirs = (x: tf.Tensor, b: tf.Tensor) => normalized(x, [-1], undefined, b);
    expectSame(shifted, await byTensorFlow(theirs as never, [x, beta], dy), 5e-5);
  });
});

describe("batchNormalization", () => {
  const shape = [4, 3, 6];
  const x = input(shape);
  const [gamma, beta, mean] = [input([6]), input([6]), input([6])];
  const variance: Input = { data: random.values(6).map((v) => Math.abs(v) + 0.1), shape: [6] };
  const dy = random.values(72);

  it("with given statistics is TensorFlow.js's, with the gradients of all five", async () => {
    const inputs = [x, gamma, beta, mean, variance];
    const mine = ours(
      (x, g, b, mean, variance) =>
        ops.batchNormalization(x as Tensor, g as Tensor, b as Tensor, {
          training: false,
          mean: mean as Tensor,
          variance: variance as Tensor,
        }).output,
      inputs,
      dy,
    );
    const theirs = (x: tf.Tensor, g: tf.Tensor, b: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor) =>
      tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, b as tf.Tensor1D, g as tf.Tensor1D, epsilon);
    expectSame(mine, await byTensorFlow(theirs as never, inputs, dy), 2e-5);
  });

  it("gives the statistics of the batch", () => {
    const { mean, variance } = ops.batchNormalization(tensor(x.data, shape), null, null);
    const { mean: m, variance: v } = tf.moments(tf.tensor(x.data, shape), [0, 1]);
    expectClose(mean.array(), m.dataSync(), 1e-6);
    expectClose(variance.array(), v.dataSync(), 1e-6);
  });

  it("writes the gradients of variables in their place", () => {
    const [g, b] = [new Variable([1, 2], { name: "gamma" }), new Variable([3, 4], { name: "beta" })];
    const tape = new GradientTape();
    const y = tape.run(
      () =>
        ops.batchNormalization(
          [
            [1, 1],
            [3, -1],
          ],
          g,
          b,
          { epsilon: 0 },
        ).output,
    );
    expect([...y.array()]).toEqual([2, 6, 4, 2]);
    const gradients = tape.gradient(y, [g, b], {
      outputGradients: tensor([
        [1, 2],
        [3, 4],
      ]),
    });
    expect(gradients.map((gradient) => [...(gradient?.array() ?? [])])).toEqual([
      [2, -2],
      [4, 6],
    ]);
  });
});

describe("layerNormalization", () => {
  it("over the last few axes", () => {
    const x = random.values(24);
    const y = ops.layerNormalization(tensor(x, [2, 3, 4]), null, null, { axis: [-1, 1] });
    const flat = ops.layerNormalization(tensor(x, [2, 12]), null, null);
    expect([...y.array()]).toEqual([...flat.array()]);
    expect(y.shape).toEqual([2, 3, 4]);
    expect(ops.layerNormalization(tensor([], [0, 4]), null, null).shape).toEqual([0, 4]);
  });
});

const x = () => tensor(new Float32Array(6), [2, 3]);

suite("normalization refuses", [
  [
    "a gamma of another length",
    () => ops.batchNormalization(x(), [1, 1], null),
    ValueError,
    "ERR_SHAPE",
    'batchNormalization: expected "gamma" of [3] for an input of [2, 3], got [2].',
  ],
  [
    "a beta of another shape",
    () => ops.layerNormalization(x(), null, [[1, 1, 1]]),
    ValueError,
    "ERR_SHAPE",
    /"beta" of \[3\].*got \[1, 3\]/,
  ],
  [
    "inference without statistics",
    () => ops.batchNormalization(x(), null, null, { training: false }),
    ValueError,
    "ERR_OPTION_CONFLICT",
    /must be given/,
  ],
  [
    "statistics in training",
    () => ops.batchNormalization(x(), null, null, { mean: [1, 1, 1] }),
    ValueError,
    "ERR_OPTION_CONFLICT",
    /training: false/,
  ],
  [
    "a negative epsilon",
    () => ops.layerNormalization(x(), null, null, { epsilon: -1 }),
    ValueError,
    "ERR_OPTION_RANGE",
    /epsilon/,
  ],
  [
    "an axis twice",
    () => ops.layerNormalization(x(), null, null, { axis: [0, 0] }),
    ValueError,
    "ERR_SHAPE",
    /must name one axis or several, each once, got \[0, 0\]/,
  ],
  ["a single number", () => ops.batchNormalization(1, null, null), ValueError, "ERR_SHAPE", /an axis to normalize/],
]);
