import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops, type Tensor, ValueError } from "../../ts/index.js";
import { byDifferences, byJax, byTensorFlow, expectClose, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";
import { refusal, thrown } from "../support/refusal.js";

type F32 = Tensor<"float32">;
type Theirs = (x: tf.Tensor) => tf.Tensor;

const random = new Random(31);
const LENGTH = 203;

/** Numbers of both signs, or above 0. */
const input = (isPositive = false): Input => {
  const data = random.values(LENGTH, 4);
  return { data: isPositive ? data.map((x) => Math.abs(x) + 0.05) : data, shape: [7, 29] };
};

const BY_TENSORFLOW: [string, (x: F32) => F32, Theirs, boolean?][] = [
  ["negative", ops.negative, tf.neg],
  ["abs", ops.abs, tf.abs],
  ["sign", ops.sign, tf.sign],
  ["exp", ops.exp, tf.exp],
  ["log", ops.log, tf.log, true],
  ["log1p", ops.log1p, tf.log1p, true],
  ["sqrt", ops.sqrt, tf.sqrt, true],
  ["rsqrt", ops.rsqrt, tf.rsqrt, true],
  ["square", ops.square, tf.square],
  ["reciprocal", ops.reciprocal, tf.reciprocal, true],
  ["tanh", ops.tanh, tf.tanh],
  ["sigmoid", ops.sigmoid, tf.sigmoid],
  ["relu", ops.relu, tf.relu],
  ["relu6", ops.relu6, tf.relu6],
  ["leakyRelu", ops.leakyRelu, (x) => tf.leakyRelu(x, 0.2)],
  ["elu", ops.elu, tf.elu],
  ["selu", ops.selu, tf.selu],
  ["softplus", ops.softplus, tf.softplus],
  ["erf", ops.erf, tf.erf],
  ["sin", ops.sin, tf.sin],
  ["cos", ops.cos, tf.cos],
  ["floor", ops.floor, tf.floor],
  ["round", ops.round, tf.round],
  ["clip", (x) => ops.clip(x, -1, 2), (x) => tf.clipByValue(x, -1, 2)],
];

it.each(BY_TENSORFLOW)("%s is TensorFlow.js's, and its gradient", async (name, f, theirs, isPositive = false) => {
  const x = input(isPositive);
  const dy = random.values(LENGTH);
  expectSame(ours(f, [x], dy), await byTensorFlow(theirs, [x], dy), 1e-5, name);
});

const BY_JAX: [string, (x: F32) => F32, (x: jax.Array) => jax.Array][] = [
  ["gelu", (x) => ops.gelu(x), (x) => jax.nn.gelu(x)],
  ["exact gelu", (x) => ops.gelu(x, false), (x) => jax.nn.gelu(x, { approximate: false })],
  ["silu", ops.silu, jax.nn.silu],
  ["softsign", ops.softsign, jax.nn.softSign],
  ["mish", ops.mish, jax.nn.mish],
  ["hardSigmoid", ops.hardSigmoid, jax.nn.hardSigmoid],
  ["hardSilu", ops.hardSilu, jax.nn.hardSilu],
];

it.each(BY_JAX)("%s is jax-js's, and its gradient", async (name, f, theirs) => {
  const x = input();
  const dy = random.values(LENGTH);
  expectSame(ours(f, [x], dy), await byJax(theirs, [x], dy), 1e-5, name);
});

it.each(
  [...BY_TENSORFLOW, ...BY_JAX]
    .map(([name, f]) => [name, f] as const)
    .filter(([name]) => name !== "floor" && name !== "round" && name !== "sign"),
)("%s has the gradient that its differences have", (name, f) => {
  // Away from kinks.
  const x = { data: Float32Array.from({ length: 12 }, (_, i) => 0.3 + i * 0.21), shape: [12] };
  const dy = random.values(12);
  const [expected] = byDifferences((x) => f(x), [x], dy, 2 ** -9);
  expectClose(ours(f, [x], dy).gradients[0] ?? null, expected as Float32Array, 2e-2, name);
});

describe("relu", () => {
  const y = (options: Parameters<typeof ops.relu>[1]) => [...ops.relu([-2, -0.5, 0, 1, 8], options).array()];

  it("has Keras's options", () => {
    expect(y({})).toEqual([0, 0, 0, 1, 8]);
    expect(y({ negativeSlope: 0.5 })).toEqual([-1, -0.25, 0, 1, 8]);
    expect(y({ maxValue: 6 })).toEqual([0, 0, 0, 1, 6]);
    expect(y({ maxValue: null, threshold: 2 })).toEqual([0, 0, 0, 0, 8]);
    expect(y({ negativeSlope: 0.5, threshold: 2 })).toEqual([-2, -1.25, -1, -0.5, 8]);
  });

  it("refuses others", () => {
    expect(refusal(() => y({ negativeSlope: -1 }))).toBeInstanceOf(ValueError);
    expect(() => y({ slope: 1 } as never)).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_UNKNOWN",
        'relu does not know "slope" (did you mean "negativeSlope"?). Its options are: negativeSlope, maxValue, threshold.',
      ),
    );
    expect(() => y({ maxValue: -6 })).toThrow(
      thrown("ValueError", "ERR_OPTION_RANGE", 'relu: "maxValue" must be 0 or above, got -6.'),
    );
  });
});

it("clip refuses bounds that cross", () => {
  expect(() => ops.clip([1], 2, 1)).toThrow(
    thrown("ValueError", "ERR_OPTION_RANGE", 'clip: "min" must be 1, which is "max", or below, got 2.'),
  );
});

it("accepts empty tensors and whole numbers", () => {
  expect(ops.exp(new Float32Array(0)).shape).toEqual([0]);
  expect([...ops.square(Int32Array.of(2, 3)).array()]).toEqual([4, 9]);
});
