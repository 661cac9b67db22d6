/** Lambda, Identity and Wrapper, by Keras's rules. */

import { describe, expect, it } from "vitest";
import {
  cloneModel,
  GradientTape,
  Input,
  layers,
  Model,
  modelFromJSON,
  ops,
  Sequential,
  stringify,
  type Tensor,
} from "../../../ts/index.js";

const { Dense, Identity, Lambda, Wrapper } = layers;

function scaled(x: Tensor, { factor = 1 }: { factor?: number }) {
  return ops.multiply(x, factor);
}

/** Keras's JSON of `Sequential([Input((4,)), Lambda(scaled, (4,), arguments={"factor": 3.0}, name="la"), Identity()])`. */
const KERAS = [
  {
    module: "keras.layers",
    class_name: "Lambda",
    config: {
      name: "la",
      trainable: true,
      dtype: { module: "keras", class_name: "DTypePolicy", config: { name: "float32" }, registered_name: null },
      function: { module: "builtins", class_name: "function", config: "scaled", registered_name: "function" },
      output_shape: [4],
      arguments: { factor: 3 },
    },
    registered_name: null,
    build_config: { input_shape: [null, 4] },
  },
  {
    module: "keras.layers",
    class_name: "Identity",
    config: {
      name: "identity_of_test",
      trainable: true,
      dtype: { module: "keras", class_name: "DTypePolicy", config: { name: "float32" }, registered_name: null },
    },
    registered_name: null,
  },
];

const stack = () =>
  new Sequential([
    Input({ shape: [4] }).layer,
    new Lambda(scaled, [4], null, { factor: 3 }, { name: "la" }),
    new Identity({ name: "identity_of_test" }),
  ]);
const x = [[1, -2, 3, -4]];
const values = (model: Model, given: unknown = x) => [...model.apply(given as number[][]).array()];

describe("Lambda", () => {
  it("is saved as Keras saves it, and read with the function", () => {
    const json = JSON.parse(stringify(stack()));
    expect(json.config.layers.slice(1)).toEqual(KERAS);
    expect(values(modelFromJSON(json, { scaled }))).toEqual([3, -6, 9, -12]);
    expect(() => modelFromJSON(json)).toThrow("pass it in customObjects, as { scaled: ... }");
  });

  it("reads what Python made of bytecode by the name of the layer", () => {
    const json = JSON.parse(stringify(stack()));
    json.config.layers[1].config.function = {
      class_name: "__lambda__",
      config: { code: "4wEA", defaults: null, closure: null },
    };
    expect(values(modelFromJSON(json, { la: (given: Tensor) => ops.add(given, 1) }))).toEqual([2, -1, 4, -3]);
    expect(() => modelFromJSON(json)).toThrow("Python saved its function as bytecode");
  });

  it("gets training and its arguments, and cannot change the arguments", () => {
    const seen: object[] = [];
    const layer = new Lambda(
      (given: Tensor, options: object) => {
        seen.push(options);
        return ops.multiply(given, 2);
      },
      { arguments: { list: [1] }, outputShape: [2] },
    );
    layer.apply([[1, 2]], { training: true });
    layer.apply([[1, 2]]);
    expect(seen).toEqual([
      { list: [1], training: true },
      { list: [1], training: false },
    ]);
    expect(Object.isFrozen(layer.arguments)).toBe(true);
  });

  it.each([
    ["found by a call", {}, [null, 3]],
    ["given", { outputShape: [3] }, [null, 3]],
    ["a function of the input's", { outputShape: (shape: unknown) => [7, ...(shape as number[]).slice(1)] }, [7, 3]],
  ])("its output shape is %s", (_, options, shape) => {
    const layer = new Lambda((given: Tensor) => ops.square(given), options);
    expect(layer.apply(Input({ shape: [3] })).shape).toEqual(shape);
  });

  it("takes several inputs in a functional model, and lets gradients through", () => {
    const [a, b] = [Input({ shape: [2] }), Input({ shape: [2] })];
    const product = new Lambda(([one, two]: readonly [Tensor, Tensor]) => ops.multiply(one, two)).apply([a, b]);
    const model = new Model({ inputs: [a, b], outputs: new Dense(1, { kernelInitializer: "ones" }).apply(product) });
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(model.apply([[[2, 3]], [[5, 7]]])));
    expect(loss.item()).toBe(31);
    expect([...(tape.gradient(loss, model.trainableWeights)[0] as Tensor).array()]).toEqual([10, 21]);
  });

  it("is cloned with its function, which may have no name", () => {
    const model = new Sequential([new Lambda((given: Tensor) => ops.multiply(given, 5), { inputShape: [1] })]);
    expect(values(cloneModel(model), [[2]])).toEqual([10]);
    expect(() => stringify(model)).toThrow("A function without a name as the function of a Lambda cannot be saved");
  });
});

class Residual extends Wrapper {
  static override readonly className = "Residual";
  override call(given: Tensor, { training }: layers.CallContext) {
    return ops.add(given, this.layer.apply(given, { training }));
  }
}

describe("Wrapper", () => {
  const model = () =>
    new Sequential([new Residual(new Dense(2, { kernelInitializer: "ones", name: "inside" }), { inputShape: [2] })]);

  it("builds and owns the inner layer", () => {
    const one = model();
    expect(one.weights.map(({ name }) => name)).toEqual(["inside/kernel", "inside/bias"]);
    expect(values(one, [[1, 2]])).toEqual([4, 5]);
    const [wrapper] = one.layers as [Residual];
    wrapper.trainable = false;
    expect(one.trainableWeights).toEqual([]);
  });

  it("survives JSON and clones, with the inner layer", () => {
    const [, saved] = JSON.parse(stringify(model())).config.layers;
    expect(saved).toMatchObject({
      class_name: "Residual",
      config: { layer: { module: "keras.layers", class_name: "Dense", build_config: { input_shape: [null, 2] } } },
    });
    for (const copy of [modelFromJSON(stringify(model()), { Residual }), cloneModel(model())]) {
      expect(values(copy, [[1, 2]])).toEqual([4, 5]);
    }
  });

  it("is read by its class alone", () => {
    const config = new Residual(new Dense(3, { name: "inside" })).getConfig();
    expect((Residual.fromConfig(config).layer as layers.Dense).units).toBe(3);
  });
});
