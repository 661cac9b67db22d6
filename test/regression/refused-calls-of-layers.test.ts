/** Calls of a model outside of training that a later layer refuses. */

import { expect, it } from "vitest";
import { layers, Sequential, type Tensor } from "../../ts/index.js";

/** Throws at data, and not where only shapes are inferred. */
class Throws extends layers.Layer {
  static override className = "Throws";
  isOpen = true;
  override call(inputs: Tensor<"float32">): Tensor<"float32"> {
    if (this.isOpen) return inputs;
    throw new Error("closed");
  }
}

it("moving statistics stay when a later layer refuses the call", () => {
  const norm = new layers.BatchNormalization({ momentum: 0.5, inputShape: [1] });
  const last = new Throws();
  const model = new Sequential([norm, last]);
  model.apply([[1], [3]], { training: true });
  const values = () => norm.getWeights().map(({ data }) => [...data]);
  expect(values()).toEqual([[1], [0], [1], [1]]);
  last.isOpen = false;
  expect(() => model.apply([[5], [7]], { training: true })).toThrow("closed");
  expect(values()).toEqual([[1], [0], [1], [1]]);
});
