/**
 * Parts of models: `inputs`, `outputs`, `layer.input` and `layer.output`, as Keras's guide "The functional API" cuts
 * networks.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import {
  GradientTape,
  Input,
  layers,
  Model,
  modelFromJSON,
  ops,
  Sequential,
  stringify,
  tensor,
} from "../../../ts/index.js";

const dense = (name: string, units = 2) => new layers.Dense(units, { name, activation: "tanh" });
const X = tensor([
  [1, 2],
  [3, -1],
]);

function functional(): Model {
  const input = Input({ shape: [2], name: "x" });
  const [a, b] = [dense("a", 3).apply(input), dense("b", 3).apply(input)];
  const sum = new layers.Add({ name: "sum" }).apply([a, b]);
  return new Model({ inputs: input, outputs: dense("c").apply(sum) });
}

const sequential = () => new Sequential([dense("a", 3), dense("b", 3), dense("c")]);

const loaded = (model: Model): Model => {
  const copy = modelFromJSON(stringify(model));
  copy.setWeights(model.getWeights());
  return copy;
};

describe("a functional model", () => {
  it("has ends, and its layers have theirs", () => {
    const model = functional();
    expect(model.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(model.input).toBe(model.inputs[0]);
    expect([model.inputShape, model.outputShape, model.inputNames]).toEqual([[null, 2], [null, 2], ["x"]]);
    const both = new Model({ inputs: model.inputs, outputs: [model.getLayer("a").output, model.output] as never });
    // As Keras's output_shape.
    expect(both.outputShape).toEqual([
      [null, 3],
      [null, 2],
    ]);
    expect(model.output).toBe(model.outputs[0]);
    expect(model.getLayer("a").input).toBe(model.input);
    expect(model.getLayer("c").output).toBe(model.output);
    expect((model.getLayer("sum").input as readonly unknown[]).length).toBe(2);
  });

  it.each(["as made", "loaded"])("%s: features, which share weights", async (kind) => {
    const model = kind === "loaded" ? loaded(functional()) : functional();
    const features = new Model({
      inputs: model.inputs,
      outputs: [model.getLayer("sum").output, model.output] as never,
    });
    const [sum, output] = await features.predictAll(X);
    const [a, b] = ["a", "b"].map((name) => model.getLayer(name).apply(X));
    expect(sum?.array()).toEqual(ops.add(a as never, b as never).array());
    expect(output?.array()).toEqual((await model.predict(X)).array());
    expect(features.weights).toEqual(model.weights);
    const again = loaded(features);
    expect((await again.predictAll(X))[0]?.array()).toEqual(sum?.array());
  });

  it("is cut in two: the halves one behind the other are the whole", async () => {
    const model = functional();
    const sum = model.getLayer("sum").output;
    const [first, second] = [new Model(model.inputs, sum as never), new Model(sum as never, model.outputs)];
    expect(second.layers.map(({ name }) => name).slice(1)).toEqual(["c"]);
    expect(second.weights).toEqual(model.getLayer("c").weights);
    const halves = second.apply(first.apply(X));
    expect(halves.array()).toEqual((await model.predict(X)).array());
    expect(loaded(second).apply(first.apply(X)).array()).toEqual(halves.array());
  });
});

describe("a Sequential", () => {
  it("has ends once it is built, and keeps them up to date", async () => {
    const model = sequential();
    const all = () => [model.inputs, model.outputs, model.input, model.getLayer("b").output];
    expect(all).toThrow(expect.objectContaining({ code: "ERR_NOT_BUILT" }));
    model.build([null, 2]);
    const features = new Model({ inputs: model.inputs, outputs: model.getLayer("b").output as never });
    expect((await features.predict(X)).shape).toEqual([2, 3]);
    model.pop();
    expect(model.output).toBe(model.getLayer("b").output);
    model.add(dense("d", 4));
    expect(model.outputs.map(({ shape }) => shape)).toEqual([[null, 4]]);
    expect(loaded(model).output).toMatchObject({ shape: [null, 4] });
  });

  it("returns the activations of an inner layer: grad-CAM", () => {
    const model = sequential();
    model.build([null, 2]);
    const inner = model.getLayer("a").output as never;
    const [first, second] = [new Model(model.inputs, inner), new Model(inner, model.outputs)];
    const seen = first.apply(X);
    const tape = new GradientTape();
    tape.watch(seen);
    const score = tape.run(() => ops.sum(second.apply(seen)));
    const gradient = tape.gradient(score, seen);
    const at = (change: number) => {
      const numbers = seen.array();
      numbers[1] = (numbers[1] as number) + change;
      return ops.sum(second.apply(tensor(numbers, seen.shape))).item();
    };
    expect(gradient?.shape).toEqual([2, 3]);
    expect(gradient?.array()[1]).toBeCloseTo((at(0.01) - at(-0.01)) / 0.02, 3);
  });
});

it("a class with a property of one of the names keeps it", () => {
  class Net extends Model {
    constructor() {
      super();
      (this as { output: unknown }).output = dense("inner");
    }
    override call(x: typeof X) {
      return (this.output as never as layers.Dense).apply(x);
    }
  }
  const net = new Net();
  expect(net.apply(X).shape).toEqual([2, 2]);
  expect(net.weights).toHaveLength(2);
  expect(() => net.inputs).toThrow(expect.objectContaining({ code: "ERR_NOT_BUILT" }));
});
