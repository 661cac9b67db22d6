/** The largest of zeros and of NaN, and numbers beyond int32. Numbers are from Keras 3.15.1 on JAX. */

import { expect, it } from "vitest";
import { metrics, ops, tensor, Variable } from "../../ts/index.js";

it.each([
  [[0, -0], 0, 1],
  [[-0, 0], 1, 0],
  [[-0, -0, 0, 0], 2, 0],
  [[0, 0, -0], 0, 2],
  [[Number.NaN, 1], 0, 0],
  [[1, Number.NaN, 3], 1, 1],
  [[3, 1, Number.NaN, Number.NaN], 2, 2],
  [[-0, Number.NaN, 0], 1, 1],
] as const)("argmax and argmin of %j", (x, largest, smallest) => {
  expect([ops.argmax(x).item(), ops.argmin(x).item()]).toEqual([largest, smallest]);
  // The same along an axis that is not the last.
  const columns = ops.transpose([x, x]);
  expect([...ops.argmax(columns, 0).array()]).toEqual([largest, largest]);
  expect([...ops.argmin(columns, 0).array()]).toEqual([smallest, smallest]);
});

it("-0 is below 0, but above a negative number that float32 barely holds", () => {
  expect([ops.argmax([-1e-45, -0]).item(), ops.argmin([-0, -1e-45]).item()]).toEqual([1, 1]);
});

it.each([
  [[Number.NaN, 1, 2, 2, Number.NaN], 4, [0, 4, 2, 3]],
  [[1, Number.NaN, 3], 2, [1, 2]],
  [[-0, 0, 1], 3, [2, 1, 0]],
  [[0, -0, 0, -0], 4, [0, 2, 1, 3]],
] as const)("topK of %j", (x, k, indices) => {
  const top = ops.topK(x, k);
  expect([...top.indices.array()]).toEqual(indices);
  expect([...top.values.array()]).toEqual(indices.map((at) => x[at]));
});

it("accuracies see the same largest", () => {
  expect(new metrics.CategoricalAccuracy().apply([[0, 1]], [[-0, 0]])).toBe(1);
  expect(new metrics.SparseCategoricalAccuracy().apply([1], [[-0, 0]])).toBe(1);
  expect(new metrics.SparseCategoricalAccuracy().apply([1], [[3, Number.NaN]])).toBe(1);
});

const FLOATS = [3e9, -3e9, 2147483648, -2147483648, Number.NaN, Infinity, -Infinity, 1.9, -1.9, -0.5];
const WHOLE = [2147483647, -2147483648, 2147483647, -2147483648, 0, 2147483647, -2147483648, 1, -1, 0];

it("cast to int32 truncates, takes the nearest end, and makes 0 of NaN", () => {
  for (const x of [FLOATS, new Float32Array(FLOATS), new Float64Array(FLOATS), tensor(FLOATS), new Variable(FLOATS)]) {
    const cast = ops.cast(x, "int32");
    expect([cast.dtype, [...cast.array()]]).toEqual(["int32", WHOLE]);
  }
});

it("cast of whole numbers to int32 keeps those that float32 would round", () => {
  for (const x of [[16777217, 2147483647], new Int32Array([16777217, 2147483647]), [16777217n, 2147483647n]]) {
    expect([...ops.cast(x as number[], "int32").array()]).toEqual([16777217, 2147483647]);
  }
  expect(ops.cast([[1.5], [2.5]], "int32").shape).toEqual([2, 1]);
  expect(ops.cast(true as never, "int32").item()).toBe(1);
});

it("F1Score and R2Score keep their classes over resetState", () => {
  const f1 = new metrics.F1Score();
  const r2 = new metrics.R2Score({ classAggregation: null });
  const [y, p] = [
    [
      [1, 0],
      [0, 1],
    ],
    [
      [0.9, 0.1],
      [0.2, 0.3],
    ],
  ];
  for (const metric of [f1, r2]) {
    metric.updateState(y, p);
    metric.resetState();
  }
  expect([f1.result(), r2.result()]).toEqual([
    [0, 0],
    [Number.NaN, Number.NaN],
  ]);
  for (const average of ["micro", "macro", "weighted"] as const) {
    const metric = new metrics.F1Score({ average });
    metric.updateState(y, p);
    metric.resetState();
    expect(metric.result()).toBe(0);
    metric.updateState(y, p);
    expect(metric.result()).toBeCloseTo(1, 6);
  }
});
