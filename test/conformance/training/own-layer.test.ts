/**
 * Custom layers.
 */

import { describe, expect, it } from "vitest";
import { ArgumentTypeError, layers, ops, type Tensor, tidy, ValueError, type Variable } from "../../../ts/index.js";
import { suite } from "../../support/errors.js";

/** x times a weight matrix, and a count that training leaves alone. */
class Custom extends layers.Layer {
  matrix: Variable | undefined;

  override build(inputShape: layers.LayerShape) {
    this.addWeight({ name: "count", shape: [], initializer: "zeros", trainable: false });
    this.matrix = this.addWeight({
      name: "matrix",
      shape: [inputShape.at(-1) ?? 0, 2],
      initializer: "ones",
      regularizer: (w) => ops.matmul(ops.matmul([[1, 1]], w), [[1], [1]]),
    });
    super.build(inputShape);
  }

  override call(x: Tensor) {
    return ops.matmul(x, this.matrix as Variable);
  }
}

class Block extends layers.Layer {
  readonly first = new layers.Dense(3, { kernelInitializer: "ones", name: "first" });
  readonly others = [new layers.Dense(1, { kernelInitializer: "ones", name: "second" })];

  override call(x: Tensor) {
    return this.others.reduce<Tensor<"float32">>((y, layer) => layer.apply(y), this.first.apply(x));
  }
}

const x = [
  [1, 2],
  [3, 4],
];

describe("a custom layer", () => {
  it("is built by its first call, once", () => {
    const layer = new Custom({ name: "mine" });
    expect(layer.built).toBe(false);
    expect([...layer.apply(x).array()]).toEqual([3, 3, 7, 7]);
    layer.apply(x);
    expect(layer.built).toBe(true);
    expect(layer.builtShape).toEqual([null, 2]);
    expect(layer.weights.map(({ name }) => name)).toEqual(["mine/matrix", "mine/count"]);
    expect(layer.trainableWeights.map(({ name }) => name)).toEqual(["mine/matrix"]);
    expect(layer.nonTrainableWeights.map(({ name }) => name)).toEqual(["mine/count"]);
    expect(layer.countParams()).toBe(5);
  });

  it("is built by hand", () => {
    const layer = new Custom();
    layer.build([null, 3]);
    expect(layer.built).toBe(true);
    expect(layer.apply([[1, 2, 3]]).shape).toEqual([1, 2]);
    expect(layer.weights.length).toBe(2);
  });

  it("is not built when its build fails, whenever it calls super.build", () => {
    class Failing extends Custom {
      override build(inputShape: layers.LayerShape) {
        super.build(inputShape);
        throw new Error("no");
      }
    }
    const layer = new Failing();
    expect(() => layer.apply(x)).toThrow(expect.objectContaining({ name: "Error", message: "no" }));
    expect([layer.built, layer.weights.length]).toEqual([false, 0]);
  });

  it("says its output shape by trying", () => {
    expect(new Custom().computeOutputShape([null, 5])).toEqual([null, 2]);
    expect(new Custom().computeOutputShape([null, null, 5])).toEqual([null, null, 2]);
    expect(new Custom().computeOutputShape([4, 5])).toEqual([4, 2]);
  });

  it("has the weights of the layers in its fields", () => {
    const block = new Block();
    expect([...block.apply(x).array()]).toEqual([9, 21]);
    expect(block.weights.map(({ name }) => name)).toEqual([
      "first/kernel",
      "first/bias",
      "second/kernel",
      "second/bias",
    ]);
    block.trainable = false;
    expect(block.others[0]?.trainable).toBe(false);
    expect(block.trainableWeights).toEqual([]);
    expect(block.nonTrainableWeights.length).toBe(4);
  });

  it("is saved under its class's name, and read with customObjects", () => {
    const saved = layers.serialize(new Custom({ name: "mine" }));
    expect(saved).toMatchObject({ module: null, class_name: "Custom", registered_name: "Custom" });
    const layer = layers.deserialize(JSON.parse(JSON.stringify(saved)), { Custom });
    expect(layer).toBeInstanceOf(Custom);
    expect(layer.name).toBe("mine");
  });

  it("gives its penalties inside a step", () => {
    const layer = new Custom();
    layer.build([null, 2]);
    expect(tidy(() => layer.regularizationLosses().map((loss) => loss.item()))).toEqual([4]);
    layer.trainable = false;
    expect(tidy(() => layer.regularizationLosses())).toEqual([]);
  });
});

suite("a custom layer is refused", [
  [
    "a custom class without the class",
    () => layers.deserialize(layers.serialize(new Custom())),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No layer is registered as "Custom": pass its class in customObjects, under this name or as "Custom".',
  ],
  [
    "another thing in the place of a class",
    () => layers.deserialize(layers.serialize(new Custom()), { Custom: layers.serialize as never }),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    'customObjects["Custom"] must be a class that extends Layer, got the class or function "serialize".',
  ],
]);
