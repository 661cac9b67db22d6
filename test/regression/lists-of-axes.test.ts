/** Several axes, and all of them, where Keras takes them. Numbers are from Keras 3.15.1 on JAX. */

import { expect, it } from "vitest";
import { GradientTape, Input, Model, modelFromJSON, ops, tensor, Variable } from "../../ts/index.js";

/** 0, 0.2, 0.4 ... as [2, 3, 2]. */
const x = tensor(
  Array.from({ length: 12 }, (_, i) => i / 5),
  [2, 3, 2],
);

function expectClose(got: Iterable<number>, expected: readonly number[]): void {
  const list = [...got];
  expect(list).toHaveLength(expected.length);
  list.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 6);
  });
}

const BLOCK = [0.09542741, 0.1165553, 0.14236097, 0.1738801, 0.21237762, 0.2593986];
const ENDS = [0.10420227, 0.12727295, 0.34596375, 0.42256102];
const ALL = [
  0.02208908, 0.02697966, 0.03295304, 0.04024893, 0.04916015, 0.06004434, 0.07333833, 0.08957563, 0.10940793,
  0.13363114, 0.16321746, 0.19935426,
];
const [low, next, high, highest] = ENDS as [number, number, number, number];

it.each([
  ["neighbours", [1, 2], [...BLOCK, ...BLOCK]],
  ["the first and the last", [0, 2], [low, next, low, next, low, next, high, highest, high, highest, high, highest]],
  [
    "the same from the end, in any order",
    [-1, -3],
    [low, next, low, next, low, next, high, highest, high, highest, high, highest],
  ],
  ["all", null, ALL],
  ["none", [], new Array(12).fill(1)],
] as const)("softmax and its logarithm over %s", (_, axis, expected) => {
  expectClose(ops.softmax(x, axis).array(), expected);
  expectClose(ops.softmax(x, { axis }).array(), expected);
  expectClose(ops.exp(ops.logSoftmax(x, axis)).array(), expected);
});

it("softmax over a list of one axis is that over the axis", () => {
  for (const axis of [0, 1, -1]) expect(ops.softmax(x, [axis]).array()).toEqual(ops.softmax(x, axis).array());
});

it("softmax over all axes of a single number is 1", () => {
  expect([ops.softmax(5, null).item(), ops.logSoftmax(5, null).item()]).toEqual([1, 0]);
});

it("gradients over several axes: by hand, p (1 - p) and -p q", () => {
  const w = new Variable([
    [0, 0],
    [Math.log(2), 0],
  ]);
  const tape = new GradientTape();
  const target = tape.run(() => ops.sum(ops.slice(ops.softmax(w, [0, 1]), [1, 0], [1, 1])));
  // The probabilities are 1/5, 1/5, 2/5, 1/5.
  expectClose((tape.gradient(target, [w])[0] as NonNullable<unknown> as typeof x).array(), [-0.08, -0.08, 0.24, -0.08]);
});

it("expandDims inserts several axes", () => {
  expect(ops.expandDims(x, [0, 2]).shape).toEqual([1, 2, 1, 3, 2]);
  expect(ops.expandDims(x, [0, -1]).shape).toEqual([1, 2, 3, 2, 1]);
  expect(ops.expandDims(x, { axis: [-1, 0, 2] }).shape).toEqual([1, 2, 1, 3, 2, 1]);
  expect(ops.expandDims(x, []).shape).toEqual([2, 3, 2]);
  expect(ops.expandDims(7, [0, 1]).shape).toEqual([1, 1]);
  expect(ops.expandDims(x, [1]).array()).toEqual(x.array());
});

it("a functional model keeps a list of axes, and an axis of null", async () => {
  const input = Input([3, 2]);
  const outputs = [
    ops.softmax(input, { axis: [1, 2] }),
    ops.expandDims(input, [1, 3]),
    ops.softmax(input, null),
    ops.take(input, [0, 5], null),
  ];
  for (const output of outputs as never[]) {
    const model = new Model({ inputs: input, outputs: output });
    const read = modelFromJSON(JSON.parse(JSON.stringify(model))) as Model;
    const [expected, got] = [await model.predict(x), await read.predict(x)];
    expect([got.shape, [...got.array()]]).toEqual([expected.shape, [...expected.array()]]);
  }
  const json = JSON.stringify(new Model({ inputs: input, outputs: outputs[3] as never }));
  expect(json).toContain('"axis":null');
});
