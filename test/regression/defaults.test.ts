/**
 * Layers made without options, and sample weights of metrics batch by batch. The numbers are from Keras 3.15.1.
 */

import { describe, expect, it } from "vitest";
import { layers, metrics, tensor } from "../../ts/index.js";

const x = [[-2, -0.5, 0.5, 3]];
const rows: readonly (readonly [layers.Layer, readonly number[]])[] = [
  [new layers.ELU(), [-0.8646647334098816, -0.39346933364868164, 0.5, 3]],
  [new layers.LeakyReLU(), [-0.6000000238418579, -0.15000000596046448, 0.5, 3]],
  [new layers.ReLU(), [0, 0, 0.5, 3]],
  [new layers.Softmax(), [0.006021290551871061, 0.02698555402457714, 0.07335434854030609, 0.8936387896537781]],
  [new layers.Flatten(), [-2, -0.5, 0.5, 3]],
  [
    new layers.BatchNormalization(),
    [-1.9990007877349854, -0.49975019693374634, 0.49975019693374634, 2.9985013008117676],
  ],
  [
    new layers.LayerNormalization(),
    [-1.2360585927963257, -0.4120195508003235, 0.13733984529972076, 1.5107383728027344],
  ],
];

describe("a layer without options", () => {
  it.each(rows)("%#", (layer, expected) => {
    const got = layer.apply(x).array();
    got.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number)), layer.className).toBeLessThanOrEqual(1e-6);
    });
  });

  it("pools by two, without overlap, and drops what is left", () => {
    const image = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    expect(Array.from(new layers.MaxPooling2D().apply(image).array())).toEqual([5]);
    expect(Array.from(new layers.AveragePooling2D().apply(image).array())).toEqual([3]);
    const steps = tensor([1, 2, 3, 4, 9], [1, 5, 1]);
    expect(Array.from(new layers.MaxPooling1D().apply(steps).array())).toEqual([2, 4]);
    expect(Array.from(new layers.AveragePooling1D().apply(steps).array())).toEqual([1.5, 3.5]);
  });
});

describe("a mean of batches", () => {
  it("of two widths, the first with a weight for each value", () => {
    const mean = new metrics.Mean();
    mean.updateState(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 0],
        [1, 1],
      ],
    );
    // Means of the weighted rows are 0.5 and 3.5, of their weights 0.5 and 1.
    expect([mean.total, mean.count]).toEqual([4, 1.5]);
    mean.updateState([[5, 6, 7, 8]]);
    expect(mean.result()).toBeCloseTo(4.2, 6);
  });

  it("of scalars, one of them weighted", () => {
    const mean = new metrics.Mean();
    mean.updateState(3, 2);
    mean.updateState(6);
    expect(mean.result()).toBe(4);
  });

  it("is not moved by an empty batch", () => {
    const mean = new metrics.Mean();
    mean.updateState([1, 3]);
    mean.updateState([]);
    mean.updateState(tensor([], [0, 3]));
    expect([mean.result(), mean.count]).toEqual([2, 2]);
  });

  it("a sum takes the weights of values", () => {
    const sum = new metrics.Sum();
    sum.updateState(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 0],
        [1, 1],
      ],
    );
    expect(sum.result()).toBe(8);
  });
});
