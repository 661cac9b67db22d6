import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { GradientTape, ops, tensor, ValueError, Variable } from "../../ts/index.js";
import { byDifferences, byTensorFlow, expectClose, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";
import { refusal } from "../support/refusal.js";

const random = new Random(12);
const [rows, classes] = [6, 9];
const shape = [rows, classes];
const positive = (length: number) => random.values(length, 0.45).map((x) => x + 0.5);

const logits: Input = { data: random.values(rows * classes, 4), shape };
const probabilities: Input = { data: positive(rows * classes), shape };
const labels: Input = { data: positive(rows * classes), shape };
const dy = random.values(rows);
const [low, high] = [Math.fround(1e-7), 1 - 1e-7];

/** Keras's formula in TensorFlow.js's words. */
const ofProbabilities = (y: tf.Tensor, p: tf.Tensor) =>
  tf.neg(tf.sum(tf.mul(y, tf.log(tf.clipByValue(tf.div(p, tf.sum(p, -1, true)), low, high))), -1));

const ofLogits = (y: tf.Tensor, z: tf.Tensor) => tf.neg(tf.sum(tf.mul(y, tf.logSoftmax(z)), -1));

describe("categoricalCrossentropy", () => {
  it("is TensorFlow.js's from logits, with the gradients of logits and labels", async () => {
    const mine = ours((y, z) => ops.softmaxCrossEntropy(y as never, z as never), [labels, logits], dy);
    expectSame(mine, await byTensorFlow(ofLogits as never, [labels, logits], dy), 4e-6);
  });

  it("is Keras's from probabilities, with the gradients of both", async () => {
    const mine = ours((y, p) => ops.categoricalCrossentropy(y as never, p as never), [labels, probabilities], dy);
    expectSame(mine, await byTensorFlow(ofProbabilities as never, [labels, probabilities], dy), 4e-6);
  });

  it("has the gradients that its differences have", () => {
    for (const [fromLogits, output] of [
      [true, logits],
      [false, probabilities],
    ] as const) {
      const f = (y: never, z: never) => ops.categoricalCrossentropy(y, z, { fromLogits });
      const expected = byDifferences(f as never, [labels, output], dy);
      ours(f as never, [labels, output], dy).gradients.forEach((gradient, i) => {
        expectClose(gradient, expected[i] as Float32Array, 1e-2);
      });
    }
  });

  it("has no gradient where a probability is clipped", () => {
    const p = new Variable([[1, 0]], { name: "p" });
    const tape = new GradientTape();
    const loss = tape.run(() => ops.categoricalCrossentropy([[0, 1]], p));
    expect(loss.item()).toBeCloseTo(16.118, 3);
    expect([...(tape.gradient(loss, p)?.array() ?? [])]).toEqual([0, 0]);
  });

  it("keeps the axes before the last", () => {
    const z = tensor(random.values(24), [2, 3, 4]);
    expect(ops.softmaxCrossEntropy(z, z).shape).toEqual([2, 3]);
    expect(ops.softmaxCrossEntropy(tensor([], [0, 4]), tensor([], [0, 4])).shape).toEqual([0]);
  });
});

describe("sparseCategoricalCrossentropy", () => {
  const sparse = Int32Array.from({ length: rows }, () => random.integer() % classes);
  const oneHot = new Float32Array(rows * classes);
  sparse.forEach((label, row) => {
    oneHot[row * classes + label] = 1;
  });

  it.each([
    ["logits", true, logits],
    ["probabilities", false, probabilities],
  ] as const)("is that of one-hot rows from %s", (_, fromLogits, output) => {
    const dense = ours((z) => ops.categoricalCrossentropy(tensor(oneHot, shape), z, { fromLogits }), [output], dy);
    for (const labels of [tensor(sparse), tensor(sparse, [rows, 1]), [...sparse]]) {
      expect(ours((z) => ops.sparseCategoricalCrossentropy(labels, z, { fromLogits }), [output], dy)).toEqual(dense);
    }
  });

  it("refuses a label out of range", () => {
    const error = refusal(() => ops.sparseSoftmaxCrossEntropy([0, 3, 9], tensor(new Float32Array(9), [3, 3])));
    expect(error).toBeInstanceOf(ValueError);
    expect(error.code).toBe("ERR_INDEX_RANGE");
    expect(error.message).toBe(
      "sparseSoftmaxCrossEntropy: label 3 at index 1 is out of range: there are 3 classes, counted from 0 to 2.",
    );
    expect(refusal(() => ops.sparseSoftmaxCrossEntropy([-1], [[1, 2]])).code).toBe("ERR_INDEX_RANGE");
    expect(refusal(() => ops.sparseSoftmaxCrossEntropy([0.5], [[1, 2]]))).toBeInstanceOf(Error);
    expect(refusal(() => ops.sparseSoftmaxCrossEntropy([0, 1], [[1, 2]])).code).toBe("ERR_SHAPE");
    expect(refusal(() => ops.sparseSoftmaxCrossEntropy([], tensor([], [0, 0]))).code).toBe("ERR_SHAPE");
  });
});

describe("binaryCrossentropy", () => {
  const all = random.values(rows * classes);

  it("is TensorFlow.js's from logits, with the gradients of logits and labels", async () => {
    const mine = ours((y, z) => ops.sigmoidCrossEntropy(y as never, z as never), [labels, logits], all);
    const theirs = (y: tf.Tensor, z: tf.Tensor) =>
      tf.add(tf.sub(tf.relu(z), tf.mul(z, y)), tf.log1p(tf.exp(tf.neg(tf.abs(z)))));
    expectSame(mine, await byTensorFlow(theirs as never, [labels, logits], all), 4e-6);
  });

  it("is Keras's from probabilities, with the gradients of both", async () => {
    const data = probabilities.data.slice();
    // Clipped on either side.
    [data[0], data[1], data[2]] = [0, 1, 1.5];
    const output = { data, shape };
    const mine = ours((y, p) => ops.binaryCrossentropy(y as never, p as never), [labels, output], all);
    const theirs = (y: tf.Tensor, p: tf.Tensor) => {
      const q = tf.clipByValue(p, low, high);
      return tf.neg(tf.add(tf.mul(y, tf.log(q)), tf.mul(tf.sub(1, y), tf.log(tf.sub(1, q)))));
    };
    expectSame(mine, await byTensorFlow(theirs as never, [labels, output], all), 4e-6);
    expect([...(mine.gradients[1] ?? [])].slice(0, 3)).toEqual([0, 0, 0]);
  });

  it("refuses labels of another shape, and options that it does not know", () => {
    expect(refusal(() => ops.binaryCrossentropy([1], [0.5, 0.5])).message).toBe(
      "binaryCrossentropy: labels and output must have one shape, got [1] and [2].",
    );
    expect(refusal(() => ops.binaryCrossentropy([1], [0.5], { logits: true } as never)).code).toBe(
      "ERR_OPTION_UNKNOWN",
    );
  });
});
