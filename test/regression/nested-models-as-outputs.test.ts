/**
 * A functional model whose output is that of a nested one. In "output_layers" Keras 3.15.1 counts the calls of a nested
 * functional model from 1; of other layers, and in the inputs of calls, from 0. The values are what Keras computes.
 */

import { expect, it } from "vitest";
import { Input, layers, Model, modelFromJSON, Sequential, stringify } from "../../ts/index.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";

const { Dense } = layers;
const dense = () => new Dense(1, { name: "d", useBias: false });

function functional(): Model {
  const x = Input({ shape: [1], name: "i" });
  return new Model({ inputs: x, outputs: dense().apply(x), name: "inner" });
}
const stack = () => new Sequential([Input({ shape: [1], name: "i" }), dense()], { name: "inner" });

/** Two calls of one nested model, each an output. */
function twice(inner: Model): Model {
  const [x, y] = [Input({ shape: [1], name: "x" }), Input({ shape: [1], name: "y" })];
  return new Model({ inputs: [x, y], outputs: [inner.apply(x), inner.apply(y)] as never });
}

it.each([
  ["functional", functional, [1, 2]],
  ["Sequential", stack, [0, 1]],
])("a %s model, called twice", async (_, make, calls) => {
  const saved = twice(make()).toJSON() as never as { config: Record<string, unknown> };
  expect(saved.config.output_layers).toEqual(calls.map((call) => ["inner", call, 0]));
  const model = modelFromJSON(saved);
  model.setWeights([[[2]]]);
  const outputs = await model.predictAll([[[1]], [[10]]] as never);
  expect(outputs.map((output) => output.item())).toEqual([2, 20]);
  expect(stringify(modelFromJSON(stringify(model)))).toBe(stringify(model));
  // TensorFlow.js and Keras 2 count all calls of both kinds from 1.
  const again = await loadModel(await saveModel(model, { format: "tfjs" }), { format: "tfjs" });
  const read = await again.predictAll([[[1]], [[10]]] as never);
  expect(read.map((output) => output.item())).toEqual([2, 20]);
  // Only the first call, or only the second, is an output.
  for (const [i, call] of calls.entries()) {
    saved.config.output_layers = ["inner", call, 0];
    const one = modelFromJSON(saved);
    one.setWeights([[[2]]]);
    expect((await one.predict([[[1]], [[10]]] as never)).item()).toBe([2, 20][i]);
  }
});

it("the text of keras.Model(x, inner(x, training=False)), and of a nested model of two inputs, whose masks are null", async () => {
  const tensor = (name: string, shape: readonly unknown[] = [null, 1]) => ({
    class_name: "__keras_tensor__",
    config: { shape, dtype: "float32", keras_history: [name, 0, 0] },
  });
  const input = (name: string) => ({
    module: "keras.layers",
    class_name: "InputLayer",
    config: { batch_shape: [null, 1], dtype: "float32", name },
    registered_name: null,
    name,
    inbound_nodes: [],
  });
  const model = (name: string, layers: object[], input_layers: unknown, output_layers: unknown) => ({
    module: "keras.src.models.functional",
    class_name: "Functional",
    config: { name, trainable: true, layers, input_layers, output_layers },
    registered_name: "Functional",
  });
  const layer = (class_name: string, config: object, name: string, args: unknown[]) => ({
    module: "keras.layers",
    class_name,
    config: { name, ...config },
    registered_name: null,
    name,
    inbound_nodes: [{ args, kwargs: {} }],
  });
  const called = (inner: object, args: unknown[], kwargs: object) => ({
    ...inner,
    name: "inner",
    inbound_nodes: [{ args, kwargs }],
  });
  const norm = layer("BatchNormalization", { momentum: 0.5 }, "bn", [tensor("i")]);
  const one = model("inner", [input("i"), norm], ["i", 0, 0], ["bn", 0, 0]);
  const outer = (args: unknown[], kwargs: object, inner: object) =>
    model("outer", [input("x"), called(inner, args, kwargs)], ["x", 0, 0], ["inner", 1, 0]);
  const read = modelFromJSON(outer([tensor("x")], { training: false, mask: null }, one));
  expect((await read.predict([[3]])).item()).toBeCloseTo(3 / Math.sqrt(1.001), 6);

  const sum = layer("Add", {}, "sum", [[tensor("i"), tensor("j")]]);
  const two = model(
    "inner",
    [input("i"), input("j"), sum],
    [
      ["i", 0, 0],
      ["j", 0, 0],
    ],
    ["sum", 0, 0],
  );
  const args = [[tensor("x"), tensor("x")]];
  expect((await modelFromJSON(outer(args, { mask: [null, null] }, two)).predict([[3]])).item()).toBe(6);
  expect(() => modelFromJSON(outer(args, { mask: [null, 1] }, two))).toThrow(/is called with the argument "mask"/);
});
