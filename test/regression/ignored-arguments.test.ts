/**
 * Arguments that were accepted and not used: each has the effect that it has in Keras. The numbers are from Keras
 * 3.15.1 on JAX.
 */

import { describe, expect, it } from "vitest";
import { activations, GradientTape, metrics, ops, random, type Tensor, tensor, Variable } from "../../ts/index.js";

const x = [
  [1, 2, 3],
  [4, 5, 6],
];
const W = [
  [1, -1],
  [1, -1],
  [0, 1],
];
const B = [-1, 2];
const cube = tensor(
  Float32Array.from({ length: 12 }, (_, i) => i),
  [2, 3, 2],
);
const labels = [
  [
    [0, 1],
    [1, 0],
  ],
];
const outputs = [
  [
    [0.1, 0.7],
    [0.8, 0.2],
  ],
];

/** The argument, the call, the result's shape, and its numbers. */
const rows: readonly (readonly [string, () => Tensor, readonly number[], readonly number[]])[] = [
  [
    "dense: activation",
    () =>
      ops.dense(
        [[1, 2]],
        [
          [1, -1],
          [1, -1],
        ],
        [0, 0],
        "relu",
      ),
    [1, 2],
    [3, 0],
  ],
  [
    "dense: { activation }",
    () =>
      ops.dense(
        [[1, 2]],
        [
          [1, -1],
          [1, -1],
        ],
        [0, 0],
        { activation: "relu" },
      ),
    [1, 2],
    [3, 0],
  ],
  ["take: axis 1", () => ops.take(x, [0], 1), [2, 1], [1, 4]],
  ["take: { axis }", () => ops.take(x, [0], { axis: 1 }), [2, 1], [1, 4]],
  [
    "take: axis -1 of a matrix of indices",
    () =>
      ops.take(
        x,
        [
          [2, 0],
          [1, 1],
        ],
        -1,
      ),
    [2, 2, 2],
    [3, 1, 2, 2, 6, 4, 5, 5],
  ],
  ["take: no axis", () => ops.take(x, [5, 0], null), [2], [6, 1]],
  [
    "take: the middle axis",
    () =>
      ops.take(
        cube,
        [
          [2, 0],
          [1, 1],
        ],
        1,
      ),
    [2, 2, 2, 2],
    [4, 5, 0, 1, 2, 3, 2, 3, 10, 11, 6, 7, 8, 9, 8, 9],
  ],
  ["oneHot: axis 0", () => ops.oneHot([2, 0], 3, 0), [3, 2], [0, 1, 0, 0, 1, 0]],
  ["oneHot: { axis: 1 }", () => ops.oneHot([[2, 0]], 3, { axis: 1 }), [1, 3, 2], [0, 1, 0, 0, 1, 0]],
  [
    "gelu: approximate",
    () => ops.gelu([2, -1], { approximate: false }),
    [2],
    [1.9544997215270996, -0.15865527093410492],
  ],
  ["gelu: by position", () => ops.gelu([2, -1], false), [2], [1.9544997215270996, -0.15865527093410492]],
  ["argmax: keepdims", () => ops.argmax(x, 1, true), [2, 1], [2, 2]],
  ["argmax: { keepdims }", () => ops.argmax(x, { keepdims: true }), [1, 1], [5]],
  ["sum: by position", () => ops.sum(x, 0), [3], [5, 7, 9]],
  ["sum: axis by position, keepdims by name", () => ops.sum(x, -1, { keepdims: true } as never), [2, 1], [6, 15]],
  ["std: keepdims", () => ops.std([[1, 3]], 1, true), [1, 1], [1]],
  [
    "round: decimals",
    () => ops.round([1.2345, -2.675, 15, 25], 2),
    [4],
    [1.2300000190734863, -2.679999828338623, 15, 25],
  ],
  ["round: tens", () => ops.round([1.2345, -26, 15, 25], { decimals: -1 }), [4], [0, -30, 20, 20]],
  [
    "softmax: { axis }",
    () =>
      ops.softmax(
        [
          [0, 1000],
          [0, 0],
        ],
        { axis: 0 },
      ),
    [2, 2],
    [0.5, 1, 0.5, 0],
  ],
  ["concatenate: { axis }", () => ops.concatenate([[[1, 2]], [[3, 4]]], { axis: 0 }), [2, 2], [1, 2, 3, 4]],
  ["matmul: by position", () => ops.matmul([[1], [2]], [[3], [4]], true), [1, 1], [11]],
  [
    "pad: mode and number",
    () =>
      ops.pad(
        [[1, 2]],
        [
          [0, 1],
          [1, 0],
        ],
        "constant",
        7,
      ),
    [2, 3],
    [7, 1, 2, 7, 7, 7],
  ],
  ["pad: by name", () => ops.pad([1], 1, { constantValues: 7 }), [3], [7, 1, 7]],
  [
    "conv2d: strides by position",
    () => ops.conv2d(tensor([1, 2, 3], [1, 1, 3, 1]), tensor([1], [1, 1, 1, 1]), 2),
    [1, 1, 2, 1],
    [1, 3],
  ],
  [
    "maxPool2d: strides by position",
    () => ops.maxPool2d(tensor([1, 2, 3], [1, 1, 3, 1]), [1, 2], 1),
    [1, 1, 2, 1],
    [2, 3],
  ],
  [
    "categoricalCrossentropy: axis",
    () => ops.categoricalCrossentropy(labels, outputs, false, 1),
    [1, 2],
    [0.1177830919623375, 0.2513144016265869],
  ],
  [
    "softmaxCrossEntropy: axis",
    () => ops.softmaxCrossEntropy(labels, outputs, 1),
    [1, 2],
    [0.4031860828399658, 0.4740769863128662],
  ],
  [
    "sparseCategoricalCrossentropy: axis",
    () => ops.sparseCategoricalCrossentropy([[1, 0]], outputs, { axis: 1 }),
    [1, 2],
    [0.1177830919623375, 0.2513144016265869],
  ],
  [
    "layerNormalization: axis",
    () => ops.layerNormalization(x, null, null, 0, 1e-3),
    [2, 3],
    [
      -0.9997779130935669, -0.9997777938842773, -0.9997779130935669, 0.9997777938842773, 0.9997780323028564,
      0.9997777938842773,
    ],
  ],
  [
    "batchNormalization: axis",
    () => ops.batchNormalization(x, null, null, { axis: 0, training: false, mean: [1, 2], variance: [4, 9] }).output,
    [2, 3],
    [0, 0.4999375343322754, 0.9998750686645508, 0.6666296124458313, 0.9999443888664246, 1.3332593441009521],
  ],
  ["sparsemax: axis", () => activations.sparsemax(x, 0), [2, 3], [0, 0, 0, 1, 1, 1]],
];

/** Operands that may be missing come by name as the options do. */
const named: readonly (readonly [string, () => Tensor, () => Tensor])[] = [
  ["dense", () => ops.dense(x, W, { bias: B, activation: "relu" }), () => ops.dense(x, W, B, "relu")],
  ["dense without a bias", () => ops.dense(x, W, { activation: "relu" }), () => ops.dense(x, W, null, "relu")],
  [
    "layerNormalization",
    () => ops.layerNormalization(x, { beta: [1, 2, 3], epsilon: 0 }),
    () => ops.layerNormalization(x, null, [1, 2, 3], -1, 0),
  ],
  [
    "batchNormalization",
    () => ops.batchNormalization(x, { gamma: [1, 2, 3], epsilon: 0 }).output,
    () => ops.batchNormalization(x, [1, 2, 3], null, { epsilon: 0 }).output,
  ],
];

describe("operands by name", () => {
  it.each(named)("%s", (_, byName, byPosition) => {
    expect(byName().array()).toEqual(byPosition().array());
  });

  it.each([
    ["ERR_OPTION_UNKNOWN", () => ops.dense(x, W, { biass: B } as never)],
    ["ERR_ARGUMENT_COUNT", () => ops.dense(x, W, { bias: B }, "relu")],
    ["ERR_ARGUMENT_COUNT", () => ops.layerNormalization(x, { gamma: [1, 2, 3] }, [1, 2, 3])],
  ])("%s", (code, call) => {
    expect(call).toThrowError(expect.objectContaining({ code }));
  });
});

describe("unused arguments are refused", () => {
  it("a third argument of Mean and Sum", () => {
    for (const metric of [new metrics.Mean(), new metrics.Sum()] as metrics.Metric[]) {
      expect(() => metric.updateState([1], [1], [1])).toThrowError(
        expect.objectContaining({
          code: "ERR_ARGUMENT_COUNT",
          message: "updateState takes at most 2 arguments, got 3.",
        }),
      );
      expect(metric.result()).toBe(0);
      metric.updateState([1], [1], null);
      expect(metric.result()).toBe(1);
    }
  });
});

describe("an argument is used", () => {
  it.each(rows)("%s", (_, call, shape, values) => {
    const y = call();
    expect(y.shape).toEqual(shape);
    y.array().forEach((value, i) => {
      expect(Math.abs(value - (values[i] as number))).toBeLessThanOrEqual(3e-4 * Math.abs(values[i] as number));
    });
  });

  it("columns get the gradients of the elements taken from them", () => {
    const w = new Variable(x);
    const tape = new GradientTape();
    const y = tape.run(() => ops.multiply(ops.take(w, [2, 2, 0], 1), [[1, 10, 100]]));
    expect(Array.from(tape.gradient(y, w)?.array() ?? [])).toEqual([100, 0, 11, 100, 0, 11]);
  });

  it("a generator behind the type, as in Keras, is what is drawn from", () => {
    const [a, b] = [new random.SeedGenerator(7), new random.SeedGenerator(7)];
    const placed = random.uniform([3], 0, 1, "float32", a).array();
    expect(placed).toEqual(random.uniform([3], { seed: b }).array());
    expect(a.state).toEqual([7, 1]);
  });
});
