import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ArgumentTypeError, GradientTape, ops, tensor, ValueError, Variable } from "../../ts/index.js";
import { suite } from "../support/errors.js";
import { byDifferences, byTensorFlow, expectClose, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";

const random = new Random(15);

describe("take", () => {
  it.each([
    [[7, 5], [9]],
    [
      [3, 2, 4],
      [2, 6],
    ],
    [[4], [8]],
  ] as const)("of %j by %j is TensorFlow.js's, and its gradient", async (shape, by) => {
    const size = shape.reduce((a: number, b) => a * b, 1);
    const params: Input = { data: random.values(size), shape };
    const count = by.reduce((a: number, b) => a * b, 1);
    const indices = Int32Array.from({ length: count }, () => random.integer() % shape[0]);
    const dy = random.values((size / shape[0]) * count);
    const mine = ours((params) => ops.take(params, tensor(indices, by)), [params], dy);
    const theirs = (params: tf.Tensor) => tf.gather(params, tf.tensor(indices, [...by], "int32"));
    expectSame(mine, await byTensorFlow(theirs as never, [params], dy), 1e-6);
  });

  it("adds to a gradient that has contributions already", () => {
    const table = new Variable(
      [
        [1, 2],
        [3, 4],
      ],
      { name: "embeddings" },
    );
    const tape = new GradientTape();
    const [a, b] = tape.run(() => [ops.take(table, [1, 1]), ops.take(table, [0, 1])] as const);
    expect([...(tape.gradient([a, b], table)?.array() ?? [])]).toEqual([1, 1, 3, 3]);
  });

  it("accepts no indices, and empty rows", () => {
    expect(ops.take([[1, 2]], []).shape).toEqual([0, 2]);
    expect(ops.take(tensor([], [2, 0]), [1, 1, 0]).shape).toEqual([3, 0]);
  });
});

describe("oneHot", () => {
  it("has a row for each index, of zeros for an index out of range", () => {
    const y = ops.oneHot(Int32Array.of(2, -1, 0, 3), 3);
    expect(y.shape).toEqual([4, 3]);
    expect([...y.array()]).toEqual([0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    expect(ops.oneHot([[0], [1]], 2).shape).toEqual([2, 1, 2]);
  });
});

describe("topK", () => {
  it("is TensorFlow.js's, and its gradient that of its differences", async () => {
    const x: Input = { data: random.values(40), shape: [4, 10] };
    const dy = random.values(12);
    const { value, gradients } = ours((x) => ops.topK(x, 3).values, [x], dy);
    const [expected] = byDifferences((x) => ops.topK(x, 3).values, [x], dy, 2 ** -12);
    expectClose(gradients[0] ?? null, expected as Float32Array, 1e-3);
    await tf.setBackend("cpu");
    const { values, indices } = tf.topk(tf.tensor(x.data, [4, 10]), 3);
    expect(value).toEqual(values.dataSync());
    expect([...ops.topK(tensor(x.data, [4, 10]), 3).indices.array()]).toEqual([...indices.dataSync()]);
  });

  it("gives NaN first, as Keras on JAX, and the first of equal ones", () => {
    const { values, indices } = ops.topK([Number.NaN, 1, 2, 2, Number.NaN], 4);
    expect([...indices.array()]).toEqual([0, 4, 2, 3]);
    expect([...values.array()]).toEqual([Number.NaN, Number.NaN, 2, 2]);
    expect(ops.topK([[1, 2]], 0).values.shape).toEqual([1, 0]);
  });
});

describe("inTopK", () => {
  it("counts ties for the target, and NaN as the smallest", () => {
    const scores = [
      [0.1, 0.5, 0.5, 0.2],
      [0.9, Number.NaN, 0, Number.NEGATIVE_INFINITY],
    ];
    const hits = (targets: number[], k: number) => [...ops.inTopK(targets, scores, k).array()];
    expect(hits([1, 0], 1)).toEqual([1, 1]);
    expect(hits([2, 2], 1)).toEqual([1, 0]);
    expect(hits([3, 2], 2)).toEqual([0, 1]);
    expect(hits([0, 1], 2)).toEqual([0, 0]);
    expect(hits([0, 1], 4)).toEqual([1, 1]);
  });
});

suite("indexing refuses", [
  [
    "a row that is not there",
    () => ops.take([[1], [2]], [0, 2]),
    ValueError,
    "ERR_INDEX_RANGE",
    "take: index 2 at index 1 is out of range: there are 2 rows, counted from 0 to 1.",
  ],
  ["a negative row", () => ops.take([[1], [2]], [-1]), ValueError, "ERR_INDEX_RANGE", /index -1 at index 0/],
  [
    "half an index",
    () => ops.take([[1], [2]], tensor([0.5])),
    ValueError,
    "ERR_VALUES_DTYPE",
    /whole numbers, got 0.5/,
  ],
  ["rows of a number", () => ops.take(1, [0]), ValueError, "ERR_SHAPE", /single number/],
  ["a length of no class", () => ops.oneHot([0], 0), ValueError, "ERR_OPTION_RANGE", /numClasses/],
  ["more than there are", () => ops.topK([1, 2], 3), ValueError, "ERR_SHAPE", /"k" must be 2 or below for rows of/],
  ["a target out of range", () => ops.inTopK([2], [[1, 2]], 1), ValueError, "ERR_INDEX_RANGE", /target 2/],
  [
    "too few targets",
    () =>
      ops.inTopK(
        [0],
        [
          [1, 2],
          [3, 4],
        ],
        1,
      ),
    ValueError,
    "ERR_SHAPE",
    /one target for each row/,
  ],
  [
    "a k that is not a number",
    () => ops.inTopK([0], [[1, 2]], "1" as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"k"/,
  ],
]);
