/** Operations on symbolic tensors: shapes, values, gradients, JSON as Keras writes it, parts and clones of models. */

import { describe, expect, it } from "vitest";
import {
  cloneModel,
  GradientTape,
  Input,
  layers,
  Model,
  modelFromJSON,
  ops,
  stringify,
  type Tensor,
  tensor,
  Variable,
} from "../../../ts/index.js";

const x = [
  [1, -2, 3, -4],
  [0.5, 2, -1, 1],
];
const values = (model: Model, given: unknown = x) => [...model.apply(given as number[][]).array()];
const input = () => Input({ shape: [4], name: "x" });
const restored = (model: Model) => modelFromJSON(stringify(model));

/** Each operation of one tensor, as a model and as plain calls. */
const UNARY: Readonly<Record<string, (value: never) => unknown>> = {
  exp: (v) => ops.exp(v),
  elu: (v) => ops.elu(v, 0.5),
  "leakyRelu by name": (v) => ops.leakyRelu(v, { negativeSlope: 0.3 }),
  softmax: (v) => ops.softmax(v),
  mish: (v) => ops.mish(v),
  "sum, axis": (v) => ops.sum(v, -1, true),
  "mean by name": (v) => ops.mean(v, { axis: -1, keepdims: true }),
  logsumexp: (v) => ops.logsumexp(v, { axis: 1 }),
  reshape: (v) => ops.reshape(v, [-1, 2, 2]),
  transpose: (v) => ops.transpose(ops.reshape(v, [-1, 2, 2]), [0, 2, 1]),
  "expandDims and squeeze": (v) => ops.squeeze(ops.expandDims(v, 2), 2),
  clip: (v) => ops.clip(v, -1, 1.5),
  tile: (v) => ops.tile(v, [1, 2]),
  pad: (v) =>
    ops.pad(v, [
      [0, 0],
      [1, 1],
    ]),
  "concatenate with itself": (v) => ops.concatenate([v, v], -1),
  stack: (v) => ops.stack([v, ops.negative(v)], 1),
  "a constant": (v) => ops.multiply(v, [1, 2, 3, 4]),
  "a tensor": (v) => ops.add(tensor([[1, 2, 3, 4]]), v),
  matmul: (v) => ops.matmul(v, [[1], [2], [3], [4]]),
  where: (v) => ops.where(ops.greater(v, 0), v, 0),
  argmax: (v) => ops.argmax(v, -1),
  oneHot: (v) => ops.oneHot(ops.argmax(v, -1), 4),
  "variance and std": (v) => ops.add(ops.variance(v, 1), ops.std(v, 1)),
  stopGradient: (v) => ops.stopGradient(v),
  round: (v) => ops.round(v, 1),
};

describe("an operation in a functional model", () => {
  it.each(Object.entries(UNARY))("%s: values, shape, JSON and clone", (_, operation) => {
    const start = input();
    const outputs = operation(start as never) as layers.SymbolicTensor;
    const model = new Model({ inputs: start, outputs });
    const plain = operation(tensor(x) as never) as Tensor;
    const expected = [...plain.array()];
    expect(values(model)).toEqual(expected);
    expect(outputs.shape).toEqual([null, ...plain.shape.slice(1)]);
    expect(values(restored(model))).toEqual(expected);
    expect(stringify(restored(model))).toBe(stringify(model));
    expect(values(cloneModel(model))).toEqual(expected);
  });

  it("several results are several tensors", () => {
    const start = input();
    const [left, right] = ops.split(start, 2, -1) as [layers.SymbolicTensor, layers.SymbolicTensor];
    const { values: top, indices } = ops.topK(start, 2);
    const model = new Model({ inputs: start, outputs: [right, ops.subtract(left, right), top, indices] });
    for (const one of [model, restored(model), cloneModel(model)]) {
      const results = one.apply([[4, 3, 2, 1]]) as unknown as Tensor[];
      expect(results.map((result) => [...result.array()])).toEqual([
        [2, 1],
        [2, 2],
        [4, 3],
        [0, 1],
      ]);
    }
  });

  it("is saved as Keras saves it", () => {
    const start = input();
    const sum = ops.sum(ops.add(new layers.Dense(4, { name: "d" }).apply(start), start), -1, true);
    const model = new Model({ inputs: start, outputs: ops.multiply(sum, 2) });
    const [, , add, total, product] = JSON.parse(stringify(model)).config.layers;
    const names = [add.name, total.name, product.name];
    const at = (name: string, shape: readonly (number | null)[]) => ({
      class_name: "__keras_tensor__",
      config: { shape, dtype: "float32", keras_history: [name, 0, 0] },
    });
    // Keras 3.15.1's own JSON of the same model.
    expect([add, total, product]).toEqual([
      {
        module: "keras.src.ops.numpy",
        class_name: "Add",
        config: { name: names[0] },
        registered_name: "Add",
        name: names[0],
        inbound_nodes: [{ args: [at("d", [null, 4]), at("x", [null, 4])], kwargs: {} }],
      },
      {
        module: "keras.src.ops.numpy",
        class_name: "Sum",
        config: { name: names[1], axis: -1, keepdims: true },
        registered_name: "Sum",
        name: names[1],
        inbound_nodes: [{ args: [at(names[0], [null, 4])], kwargs: {} }],
      },
      {
        module: "keras.src.ops.numpy",
        class_name: "Multiply",
        config: { name: names[2] },
        registered_name: "Multiply",
        name: names[2],
        inbound_nodes: [{ args: [at(names[1], [null, 1]), 2], kwargs: {} }],
      },
    ]);
  });

  it("is not in the layers, and is in the summary", () => {
    const start = input();
    const model = new Model({ inputs: start, outputs: ops.relu(new layers.Dense(2, { name: "dense" }).apply(start)) });
    expect(model.layers.map(({ name }) => name)).toEqual(["x", "dense"]);
    expect(model.summary(() => undefined)).toContain("(Relu)");
  });

  it("lets gradients through, and trains in fit", async () => {
    const start = input();
    const hidden = new layers.Dense(3, { activation: "tanh" }).apply(start);
    const outputs = new layers.Dense(1).apply(ops.concatenate([hidden, ops.square(start)], -1));
    const model = new Model({ inputs: start, outputs });
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(ops.square(model.apply(x))));
    for (const gradient of tape.gradient(loss, model.trainableWeights)) expect(gradient).not.toBeNull();
    model.compile({ optimizer: "adam", loss: "mse" });
    const { history } = await model.fit(x, [[1], [2]], { epochs: 30, verbose: 0 });
    expect(history.loss?.at(-1)).toBeLessThan(history.loss?.[0] as number);
  });

  it("can be cut: a part of the model begins or ends at it", () => {
    const start = input();
    const middle = ops.square(start);
    const model = new Model({ inputs: middle, outputs: ops.add(middle, 1) });
    expect(values(model, [[1, 2, 3, 4]])).toEqual([2, 3, 4, 5]);
    expect(values(new Model({ inputs: start, outputs: middle }), [[1, 2, 3, 4]])).toEqual([1, 4, 9, 16]);
  });

  it("has the shape of its input, with what is not known", () => {
    expect(ops.shape(Input({ shape: [null, 3] }))).toEqual([null, null, 3]);
    expect(ops.matmul(Input({ shape: [null, 3] }), Input({ shape: [3, 5] })).shape).toEqual([null, null, 5]);
  });

  it("refuses variables and symbolic options, and takes no name then", () => {
    const start = input();
    const first = ops.square(start).name;
    const next = `square_${Number(first.split("_")[1] ?? 0) + 1}`;
    expect(() => ops.square(ops.add(start, new Variable([1]) as never))).toThrow("a variable beside a symbolic tensor");
    expect(() => ops.sum(start, { axis: start as never })).toThrow('the option "axis" cannot be a symbolic tensor');
    expect(() => ops.matmul(start, [[1]])).toThrow();
    expect(ops.square(start).name).toBe(next);
  });

  describe("Keras's GetItem", () => {
    const slice = (start: number | null, stop: number | null, step: number | null = null) => {
      return { class_name: "__slice__", config: { start, stop, step } };
    };
    const rest = { class_name: "__ellipsis__", config: {} };
    /** A model as Keras 3.15.1 writes it, of `x[key]`. */
    const model = (key: unknown, shape: readonly (number | null)[] = [null, 4]) => {
      const at = (name: string) => ({
        class_name: "__keras_tensor__",
        config: { shape, dtype: "float32", keras_history: [name, 0, 0] },
      });
      return {
        class_name: "Functional",
        config: {
          name: "m",
          layers: [
            {
              module: "keras.layers",
              class_name: "InputLayer",
              config: { batch_shape: shape, dtype: "float32", sparse: false, ragged: false, name: "x" },
              registered_name: null,
              name: "x",
              inbound_nodes: [],
            },
            {
              module: "keras.src.ops.numpy",
              class_name: "GetItem",
              config: { name: "get_item" },
              registered_name: "GetItem",
              name: "get_item",
              inbound_nodes: [{ args: [at("x"), key], kwargs: {} }],
            },
          ],
          input_layers: [["x", 0, 0]],
          output_layers: [["get_item", 0, 0]],
        },
      };
    };
    // By numpy.
    const CASES: readonly (readonly [string, unknown, readonly (number | null)[], readonly number[]])[] = [
      ["x[:, 1]", [slice(null, null), 1], [null], [-2, 2]],
      ["x[..., -1]", [rest, -1], [null], [-4, 1]],
      ["x[:, 1:3]", [slice(null, null), slice(1, 3)], [null, 2], [-2, 3, 2, -1]],
      ["x[:, -2:]", [slice(null, null), slice(-2, null)], [null, 2], [3, -4, -1, 1]],
      ["x[:, :-9]", [slice(null, null), slice(null, -9)], [null, 0], []],
      ["x[:, ::2]", [slice(null, null), slice(null, null, 2)], [null, 2], [1, 3, 0.5, -1]],
      ["x[:, ::-1]", [slice(null, null), slice(null, null, -1)], [null, 4], [-4, 3, -2, 1, 1, -1, 2, 0.5]],
      ["x[:, 3:0:-2]", [slice(null, null), slice(3, 0, -2)], [null, 2], [-4, -2, 1, 2]],
      ["x[:, None, 2:9]", [slice(null, null), null, slice(2, 9)], [null, 1, 2], [3, -4, -1, 1]],
      ["x[0]", 0, [4], [1, -2, 3, -4]],
      ["x[-1]", -1, [4], [0.5, 2, -1, 1]],
    ];
    it.each(CASES)("%s", (_, key, shape, expected) => {
      const made = modelFromJSON(model(key));
      expect(made.outputs[0]!.shape).toEqual(shape);
      expect(values(made)).toEqual(expected);
      const [, item] = JSON.parse(stringify(made)).config.layers;
      expect(item).toEqual(model(key).config.layers[1]);
      expect(values(restored(made))).toEqual(expected);
      expect(values(cloneModel(made))).toEqual(expected);
    });

    it("has gradients", () => {
      const start = new Variable(x);
      const made = modelFromJSON(model([slice(null, null), slice(null, null, -2)]));
      const tape = new GradientTape();
      const loss = tape.run(() => ops.sum(ops.square(made.apply(start as never) as never)));
      expect([...tape.gradient(loss, [start])[0]!.array()]).toEqual([0, -4, 0, -8, 0, 4, 0, 2]);
    });

    it.each([
      ["a place outside", [slice(null, null), 4], "GetItem: 4 is outside the axis 1 of 4"],
      ["too many", [0, 0, 0], "GetItem: 3 indices do not fit a tensor of 2 axes"],
      ["two ellipses", [rest, rest], "GetItem: 2 indices do not fit"],
      ["a step of 0", [slice(null, null, 0)], "GetItem: a slice has the step 0"],
      ["half a place", [slice(0.5, null)], "GetItem: a slice has the end or step 0.5"],
      ["a word", ["a"], 'GetItem: "a" is not supported as an index'],
    ])("refuses %s", (_, key, message) => {
      expect(() => modelFromJSON(model(key))).toThrow(message);
    });
  });
});
