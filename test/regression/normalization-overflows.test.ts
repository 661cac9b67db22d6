/**
 * Variances beyond float32: values of Keras 3.15.1 on its jax backend; its numpy backend has NaN throughout.
 */

import { describe, expect, it } from "vitest";
import { layers, tensor } from "../../ts/index.js";

const sample = (scale: number) =>
  tensor([
    [scale, 2 * scale],
    [2 * scale, 4 * scale],
    [3 * scale, -scale],
  ]);

describe.each([1e20, 1e25])("inputs of %s", (scale) => {
  it("BatchNormalization gives zeros, and keeps a finite mean", () => {
    const layer = new layers.BatchNormalization();
    expect([...layer.apply(sample(scale), { training: true }).array()]).toEqual([0, 0, 0, 0, 0, 0]);
    const [, , mean, variance] = layer.getWeights().map(({ data }) => [...data]);
    expect(mean?.map((x) => Math.round(x / (scale / 1000)))).toEqual([20, 17]);
    expect(variance).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([...layer.apply(sample(scale), { training: false }).array()]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("LayerNormalization gives zeros", () => {
    expect([...new layers.LayerNormalization().apply(sample(scale)).array()]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

it("BatchNormalization has no NaN where the sum of a column is finite", () => {
  const layer = new layers.BatchNormalization();
  const columns = tensor([
    [1e38, 1],
    [-1e38, 3],
  ]);
  const y = [...layer.apply(columns, { training: true }).array()];
  expect([y[0], y[2]].map((x) => Math.abs(x as number))).toEqual([0, 0]);
  // (1 - 2) / sqrt(1 + 0.001), in the column beside it.
  expect(Math.abs((y[1] as number) + 1 / Math.sqrt(1.001))).toBeLessThan(1e-6);
});
