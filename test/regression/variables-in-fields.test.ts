/** A `Variable` in a field of a layer: it was silently neither trained nor saved. Keras tracks it. */

import { expect, it } from "vitest";
import { layers, Model, type Operand, ops, Sequential, SGD, type Tensor, Variable } from "../../ts/index.js";

class Scale extends layers.Layer {
  readonly factor = new Variable([2], { name: "factor" });
  readonly more = [new Variable([1], { name: "first" }), new Variable([0], { name: "fixed", trainable: false })];
  readonly #hidden = new Variable([1], { name: "hidden" });
  override call(x: Operand): Tensor<"float32"> {
    return ops.multiply(ops.multiply(x, this.factor), this.#hidden);
  }
}

it("is a weight, alone and in arrays", () => {
  const layer = new Scale();
  expect(layer.weights.map(({ name }) => name)).toEqual(["factor", "first", "fixed"]);
  expect(layer.trainableWeights.map(({ name }) => name)).toEqual(["factor", "first"]);
});

it("is once in it, also where addWeight made it", () => {
  class Own extends layers.Layer {
    readonly w = this.addWeight({ shape: [1], name: "w" });
    readonly again = this.w;
    override call(x: Operand): Tensor<"float32"> {
      return ops.multiply(x, this.w);
    }
  }
  expect(new Own({ name: "own" }).weights.map(({ name }) => name)).toEqual(["own/w"]);
});

it("is trained", async () => {
  const layer = new Scale();
  const model = new Sequential([new layers.InputLayer({ shape: [1] }), layer]);
  model.compile({ optimizer: new SGD({ learningRate: 0.25 }), loss: "mse" });
  await model.fit([[1]], [[4]], { verbose: 0 });
  // 2 - 0.25 * 2 * (2 - 4)
  expect(layer.factor.array()).toEqual(new Float32Array([3]));
  expect(model.getWeights()).toHaveLength(3);
});

it("is frozen and freed with the layer", () => {
  const layer = new Scale();
  layer.trainable = false;
  expect(layer.trainableWeights).toEqual([]);
  expect(layer.weights.map(({ trainable }) => trainable)).toEqual([false, false, false]);
  layer.trainable = true;
  expect(layer.weights.map(({ trainable }) => trainable)).toEqual([true, true, false]);
  class Made extends Scale {
    constructor(options: layers.LayerOptions) {
      super(options);
    }
  }
  expect(
    new Sequential([new layers.InputLayer({ shape: [1] }), new Made({ trainable: false })]).trainableWeights,
  ).toEqual([]);
  layer.dispose();
  expect(() => layer.factor.array()).toThrow(expect.objectContaining({ code: "ERR_DISPOSED" }));
});

it("in a model", () => {
  class Mine extends Model {
    readonly w = new Variable([[1]], { name: "w" });
    readonly dense = new layers.Dense(1, { useBias: false });
    override call(x: Operand): Tensor<"float32"> {
      return this.dense.apply(ops.matmul(x, this.w));
    }
  }
  const model = new Mine();
  model.build([null, 1]);
  expect(model.weights.map(({ name }) => name.replace(/^dense\w*/, "dense"))).toEqual(["w", "dense/kernel"]);
});
