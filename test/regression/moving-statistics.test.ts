/**
 * Moving statistics that a later call changes while a tape still needs those of an earlier one. The numbers are
 * computed by hand.
 */

import { describe, expect, it } from "vitest";
import { GradientTape, layers, ops, type Variable } from "../../ts/index.js";

const x = [
  [1, 2],
  [3, 5],
];

/** A layer with mean 0 and variance 1, so that its inference divides by the root of 1.001. */
function fresh() {
  const layer = new layers.BatchNormalization({ momentum: 0.5 });
  layer.build([null, 2]);
  return layer;
}

describe("inference, then training, before the gradient", () => {
  it("gamma gets the gradient at the statistics that were used", () => {
    const layer = fresh();
    const tape = new GradientTape();
    const loss = tape.run(() => {
      const used = ops.sum(ops.square(layer.apply(x)));
      layer.apply(x, { training: true });
      return used;
    });
    const [gamma] = tape.gradient(loss, layer.trainableWeights);
    // 2 gamma sum(x^2) / 1.001
    expect(gamma?.array()[0]).toBeCloseTo((2 * (1 + 9)) / 1.001, 4);
    expect(gamma?.array()[1]).toBeCloseTo((2 * (4 + 25)) / 1.001, 4);
  });

  it("a tape that watches the statistics gets their gradient, which the training between does not change", () => {
    const layer = fresh();
    const mean = layer.movingMean as Variable;
    const tape = new GradientTape();
    const loss = tape.run(() => {
      tape.watch(mean);
      const used = ops.sum(ops.square(layer.apply(x)));
      layer.apply(x, { training: true });
      return used;
    });
    // -2 sum(x) / 1.001
    const [first, second] = tape.gradient(loss, mean)?.array() ?? [];
    expect(first).toBeCloseTo((-2 * 4) / 1.001, 4);
    expect(second).toBeCloseTo((-2 * 7) / 1.001, 4);
  });

  it("gradients of gradients too", () => {
    const layer = fresh();
    const outer = new GradientTape();
    const [gamma] = layer.trainableWeights as [Variable];
    const slope = outer.run(() => {
      const inner = new GradientTape();
      const loss = inner.run(() => ops.sum(ops.square(layer.apply(x))));
      layer.apply(x, { training: true });
      return ops.sum(inner.gradient(loss, gamma) as never);
    });
    // d (2 gamma sum(x^2) / 1.001) / d gamma
    expect(outer.gradient(slope, gamma)?.array()[0]).toBeCloseTo((2 * (1 + 9)) / 1.001, 4);
  });
});
