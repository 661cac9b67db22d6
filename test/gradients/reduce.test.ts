import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops, type Tensor, tensor, ValueError } from "../../ts/index.js";
import { byJax, byTensorFlow, expectClose, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";
import { refusal, thrown } from "../support/refusal.js";

type F32 = Tensor<"float32">;

const random = new Random(41);
const input = (shape: readonly number[]): Input => ({
  data: random.values(
    shape.reduce((a, b) => a * b, 1),
    2,
  ),
  shape,
});

const CASES: [readonly number[], number[] | undefined][] = [
  [[7], undefined],
  [[4, 5], [0]],
  [[4, 5], [1]],
  [
    [4, 5],
    [0, 1],
  ],
  [[2, 3, 4], [1]],
  [
    [2, 3, 4],
    [-1, 0],
  ],
  [
    [2, 3, 4, 5],
    [1, 2],
  ],
  [
    [2, 3, 4, 5],
    [1, 3],
  ],
  [[3, 70, 2], [0]],
];

const OPERATIONS: [
  string,
  (x: F32, options: ops.ReduceOptions) => F32,
  (x: tf.Tensor, axis: number[] | undefined, keepdims: boolean) => tf.Tensor,
][] = [
  ["sum", ops.sum, tf.sum],
  ["mean", ops.mean, tf.mean],
  ["max", ops.max, tf.max],
  ["min", ops.min, tf.min],
  ["variance", ops.variance, (x, axis, keepdims) => tf.moments(x, axis, keepdims).variance],
  ["logsumexp", ops.logsumexp, tf.logSumExp],
];

describe.each(OPERATIONS)("%s", (name, f, theirs) => {
  it.each(CASES)("of %j over %j is TensorFlow.js's, with its gradient", async (shape, axis) => {
    const x = input(shape);
    for (const keepdims of [false, true]) {
      const mine = (x: F32) => f(x, { axis, keepdims });
      const tensors = tensor(x.data, shape);
      const dy = random.values(mine(tensors).size);
      const expected = await byTensorFlow((x) => theirs(x, axis, keepdims), [x], dy);
      expectSame(ours(mine, [x], dy), expected, 1e-5, name);
      expect(mine(tensors).shape).toEqual(theirs(tf.tensor(x.data, [...shape]), axis, keepdims).shape);
    }
  });
});

describe.each([
  ["mean", ops.mean, jax.numpy.mean],
  ["variance", ops.variance, jax.numpy.var_],
  ["prod", ops.prod, jax.numpy.prod],
] as const)("%s", (name, f, theirs) => {
  it.each([0, 1, 2])("over axis %i is jax-js's, with its gradient", async (axis) => {
    const x = input([3, 4, 5]);
    const dy = random.values(60 / (axis + 3));
    const mine = ours((x) => f(x, { axis }), [x], dy);
    expectSame(mine, await byJax((x) => theirs(x, axis), [x], dy), 1e-5, name);
  });
});

describe("corners", () => {
  const gradient = (f: (x: F32) => F32, data: number[], size = 1) => [
    ...(ours(f, [{ data: Float32Array.from(data), shape: [data.length] }], new Float32Array(size).fill(1))
      .gradients[0] ?? []),
  ];

  it("equal elements share the gradient", () => {
    expect(gradient((x) => ops.max(x), [3, 1, 3, 2])).toEqual([0.5, 0, 0.5, 0]);
    expect(gradient((x) => ops.min(x), [1, 1, 1, 2])).toEqual([1 / 3, 1 / 3, 1 / 3, 0].map(Math.fround));
  });

  it("a product with a zero has a gradient", () => {
    expect(gradient((x) => ops.prod(x), [2, 0, 3])).toEqual([0, 6, 0]);
  });

  it("logsumexp of large and infinite numbers", () => {
    expect(ops.logsumexp([1000, 1000]).item()).toBe(Math.fround(1000 + Math.LN2));
    expect(ops.logsumexp([-Infinity, -Infinity]).item()).toBe(-Infinity);
    expect(ops.logsumexp([1, Infinity]).item()).toBe(Infinity);
    expectClose(
      gradient((x) => ops.logsumexp(x), [1e30, 0, 1e30]),
      [0.5, 0, 0.5],
      1e-6,
    );
  });

  it("std is the root of the variance", () => {
    expect(ops.std([1, 3]).item()).toBe(1);
  });

  it("argmax and argmin find the first", () => {
    const x = [
      [1, 5, 5],
      [-2, -2, 0],
    ];
    expect(ops.argmax(x).item()).toBe(1);
    expect([...ops.argmax(x, -1).array()]).toEqual([1, 2]);
    expect([...ops.argmin(x, 0).array()]).toEqual([1, 1, 1]);
    expect(ops.argmin(x, 1).dtype).toBe("int32");
  });

  it("no axes: the elements themselves", () => {
    expect([...ops.sum([1, 2], { axis: [] }).array()]).toEqual([1, 2]);
    expect(ops.sum(5).item()).toBe(5);
  });

  it("empty sums are 0, empty means NaN, and empty extremes are refused", () => {
    const nothing = tensor(new Float32Array(0), [2, 0]);
    expect([...ops.sum(nothing, { axis: 1 }).array()]).toEqual([0, 0]);
    expect(ops.mean(nothing).item()).toBeNaN();
    for (const f of [ops.max, ops.min, ops.logsumexp]) {
      expect(refusal(() => f(nothing)).message).toMatch(/the axes must not be empty/);
    }
    expect(() => ops.argmax(nothing, 1)).toThrow(ValueError);
  });

  it("refuses axes out of range and repeated axes", () => {
    expect(() => ops.sum([1], { axis: 1 })).toThrow(
      thrown("ValueError", "ERR_SHAPE", 'sum: "axis" must be from -1 to 0 for rank 1, got 1.'),
    );
    expect(() => ops.sum([[1]], { axis: [0, -2] })).toThrow(
      thrown("ValueError", "ERR_SHAPE", 'sum: "axis" names axis 0 more than once: [0, -2].'),
    );
    expect(() => ops.sum([1], { axes: 0 } as never)).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_UNKNOWN",
        'sum does not know "axes" (did you mean "axis"?). Its options are: axis, keepdims.',
      ),
    );
  });
});
