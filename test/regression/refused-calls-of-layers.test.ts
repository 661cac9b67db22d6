/** Calls of a model outside of training that a later layer refuses. */

import { describe, expect, it } from "vitest";
import { Input, layers, Model, ops, Sequential, type Tensor, tensor } from "../../ts/index.js";

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

describe("call by hand, without a context, is inference", () => {
  const x = tensor([[1], [2]]);
  it.each([
    ["Lambda", () => new layers.Lambda((y, { training }) => ops.multiply(y as Tensor, training ? 0 : 3))],
    [
      "Sequential",
      () => new Sequential([new layers.Lambda((y) => ops.multiply(y as Tensor, 3)), new layers.Dropout(0.9)]),
    ],
    [
      "Model",
      () => {
        const input = Input({ shape: [1] });
        return new Model(input, new layers.Dropout(0.9).apply(ops.multiply(input, 3)));
      },
    ],
  ])("%s", (_, make) => {
    const layer = make() as layers.Layer;
    layer.build([null, 1]);
    expect((layer as unknown as { call(x: Tensor): Tensor }).call(x).array()).toEqual(Float32Array.of(3, 6));
  });
});
