/** cloneModel: the same layers with new weights, by Keras's rules. */

import { expect, it } from "vitest";
import { cloneModel, Input, layers, Model, ops, Sequential, setRandomSeed, type Tensor } from "../../../ts/index.js";

const x = [
  [1, 2],
  [3, -4],
];
const numbers = (model: Model, given: unknown = x) => [
  ...(model.apply(given as never) as unknown as { array(): Float32Array }).array(),
];
const names = (model: Model) => model.layers.map(({ name }) => name);

class Scale extends layers.Layer {
  static override readonly className = "Scale";
  override call(given: never) {
    return ops.multiply(given, 2);
  }
}

function network(): Model {
  const [a, b] = [Input({ shape: [2], name: "a" }), Input({ shape: [2], name: "b" })];
  const shared = new layers.Dense(3, { name: "shared", activation: "relu" });
  const inside = new Sequential([new layers.Dense(2, { inputShape: [3], name: "deep" })], { name: "inside" });
  const sum = new layers.Add({ name: "sum" }).apply([
    shared.apply(a),
    new Scale({ name: "scale" }).apply(shared.apply(b)),
  ]);
  return new Model({ inputs: [a, b], outputs: inside.apply(sum as never), name: "network" } as never);
}

it.each([
  [
    "a stack",
    () => new Sequential([new layers.Dense(3, { inputShape: [2] }), new layers.Dropout(0.5), new layers.Dense(1)]),
  ],
  [
    "a stack that data built",
    () => {
      const model = new Sequential([new layers.Dense(3), new layers.Dense(1)]);
      model.build([null, 2]);
      return model;
    },
  ],
  ["a graph", network],
] as const)("%s", (_, make) => {
  setRandomSeed(1);
  const model: Model = make();
  const before = model.getWeights();
  const copy = cloneModel(model);
  expect([copy.name, names(copy)]).toEqual([model.name, names(model)]);
  expect(copy.weights.map(({ path, shape }) => [path, shape])).toEqual(
    model.weights.map(({ path, shape }) => [path, shape]),
  );
  expect(copy.getWeights()).not.toEqual(before);
  expect(copy.weights.some((weight) => model.weights.includes(weight))).toBe(false);
  copy.setWeights(before);
  const given = model.inputs?.length === 2 ? [x, x] : x;
  expect(numbers(copy, given)).toEqual(numbers(model, given));
  expect(copy.optimizer).toBeNull();
});

it("an unbuilt Sequential stays unbuilt", () => {
  expect(cloneModel(new Sequential([new layers.Dense(3)])).built).toBe(false);
});

it("cloneFunction changes or shares layers, each once; recursive reaches models inside", () => {
  const model = network();
  const seen: string[] = [];
  const cloneFunction = (layer: layers.Layer) => {
    seen.push(layer.name);
    return layer;
  };
  const copy = cloneModel(model, { cloneFunction });
  expect(seen.sort()).toEqual(["inside", "scale", "shared", "sum"]);
  expect(copy.weights).toEqual(model.weights);
  seen.length = 0;
  cloneModel(model, { cloneFunction, recursive: true });
  expect(seen.sort()).toEqual(["deep", "scale", "shared", "sum"]);
  const wider = cloneModel(new Sequential([new layers.Dense(3, { inputShape: [2] })]), {
    cloneFunction: (layer) => layers.Dense.fromConfig({ ...layer.getConfig(), units: 5 } as never),
  });
  expect(wider.countParams()).toBe(15);
});

it("inputTensors stand in place of the inputs; callFunction makes the calls", () => {
  const [a, b] = [Input([2]), Input([2])];
  const model = network();
  const on = cloneModel(model, { inputTensors: [a, b], cloneFunction: (layer) => layer });
  expect(on.inputs).toEqual([a, b]);
  expect(numbers(on, [x, x])).toEqual(numbers(model, [x, x]));
  const calls: string[] = [];
  cloneModel(model, {
    callFunction: (layer, inputs, options) => {
      calls.push(layer.name);
      return layer.apply(inputs as layers.SymbolicTensor[], options);
    },
  });
  expect(calls).toEqual(["shared", "shared", "scale", "sum", "inside"]);
});

it("a subclass is made from its config", () => {
  class Own extends Model {
    static override readonly className = "Own";
    readonly dense: layers.Dense;
    readonly units: number;
    constructor({ units = 2, ...options }: { units?: number } = {}) {
      super(options);
      this.units = units;
      this.dense = new layers.Dense(units);
    }
    override call(given: unknown) {
      return this.dense.apply(given as Tensor<"float32">);
    }
    override getConfig() {
      return { units: this.units };
    }
  }
  const copy = cloneModel(new Own({ units: 4 })) as Own;
  expect([copy instanceof Own, copy.units]).toEqual([true, 4]);
});
