/**
 * The base of layers: building, weights, calls, configs, and layers of one's own.
 */

import { describe, expect, it } from "vitest";
import {
  ArgumentTypeError,
  GradientTape,
  Input,
  layers,
  ops,
  type Tensor,
  tidy,
  ValueError,
  type Variable,
} from "../../../ts/index.js";
import { builtInLayers } from "../../../ts/layers/registry.js";
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

describe("a layer of one's own", () => {
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
    expect(() => layer.apply(x)).toThrow("no");
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

describe("a layer", () => {
  it("takes names from its class", () => {
    const names = [new layers.Reshape([1]), new layers.Reshape([1])].map(({ name }) => name);
    expect(names[0]).toMatch(/^reshape/);
    expect(names[0]).not.toBe(names[1]);
  });

  it("gives no gradient to frozen weights", () => {
    const layer = new layers.Dense(1, { kernelInitializer: "ones", trainable: false });
    const tape = new GradientTape();
    const y = tape.run(() => layer.apply(x));
    expect(tape.gradient(y, layer.weights)).toEqual([null, null]);
  });

  it("gives weights as copies, and takes them all or none", () => {
    const layer = new layers.Dense(2, { kernelInitializer: "ones" });
    layer.build([null, 2]);
    const before = layer.getWeights();
    expect(before.map(({ shape }) => shape)).toEqual([[2, 2], [2]]);
    expect(() => layer.setWeights([new Float32Array(4), new Float32Array(3)])).toThrow(/entry 1 .*bias/);
    expect(layer.getWeights()).toEqual(before);
    layer.setWeights([
      [
        [1, 2],
        [3, 4],
      ],
      [5, 6],
    ]);
    expect([...layer.apply([[1, 1]]).array()]).toEqual([9, 12]);
  });

  it("leaves no weights behind when it cannot be built", () => {
    const layer = new layers.Dense(2, { kernelInitializer: "ones", biasInitializer: () => [1, 2, 3] });
    expect(() => layer.apply(x)).toThrow(ValueError);
    expect(layer.weights).toEqual([]);
    expect(layer.built).toBe(false);
  });

  it("frees its weights", () => {
    const layer = new layers.Dense(2, { kernelInitializer: "ones" });
    layer.build([null, 2]);
    layer.dispose();
    expect(() => layer.apply(x)).toThrow(/disposed/);
  });

  it("connects symbolic tensors", () => {
    const input = Input({ shape: [2, 2], name: "input" });
    const flat = new layers.Flatten({ name: "flat" }).apply(input);
    const dense = new layers.Dense(3, { kernelInitializer: "ones", name: "out" });
    const output = dense.apply(flat, { training: true });
    expect([input.shape, flat.shape, output.shape]).toEqual([
      [null, 2, 2],
      [null, 4],
      [null, 3],
    ]);
    expect(dense.built).toBe(true);
    expect(output.layer).toBe(dense);
    expect(output.inputs).toEqual([flat]);
    expect(output.node).toMatchObject({ index: 0, isList: false, training: true });
    expect(dense.apply(flat).node.index).toBe(1);
    expect(input.layer).toBeInstanceOf(layers.InputLayer);
    expect(layers.Input({ batchShape: [8, null], dtype: "int32" })).toMatchObject({ shape: [8, null], dtype: "int32" });
  });

  it("goes to a config and back", () => {
    const made = [
      new layers.Dense(3, { activation: "softmax", useBias: false, kernelInitializer: "ones", trainable: false }),
      new layers.Activation("log_softmax"),
      new layers.Flatten(),
      new layers.Reshape([-1, 2]),
      new layers.Dropout(0.3, { seed: 5 }),
      new layers.InputLayer({ shape: [3], dtype: "int32" }),
    ];
    for (const layer of made) {
      const saved = JSON.parse(JSON.stringify(layers.serialize(layer)));
      const again = layers.deserialize(saved);
      expect(again.constructor).toBe(layer.constructor);
      expect(again.getConfig()).toEqual(layer.getConfig());
    }
  });

  it("writes Keras's config", () => {
    const layer = new layers.Dense(3, { name: "dense", kernelInitializer: "ones" });
    layer.build([null, 2]);
    expect(layers.serialize(layer)).toEqual({
      module: "keras.layers",
      class_name: "Dense",
      config: {
        name: "dense",
        trainable: true,
        dtype: { module: "keras", class_name: "DTypePolicy", config: { name: "float32" }, registered_name: null },
        units: 3,
        activation: "linear",
        use_bias: true,
        kernel_initializer: { module: "keras.initializers", class_name: "Ones", config: {}, registered_name: null },
        bias_initializer: { module: "keras.initializers", class_name: "Zeros", config: {}, registered_name: null },
        kernel_regularizer: null,
        bias_regularizer: null,
        kernel_constraint: null,
        bias_constraint: null,
        quantization_config: null,
      },
      registered_name: null,
      build_config: { input_shape: [null, 2] },
    });
  });
});

const built = () => {
  const layer = new layers.Dense(2, { name: "dense", kernelInitializer: "ones" });
  layer.build([null, 10]);
  return layer;
};

describe("dropout", () => {
  const ones = [new Array(200).fill(1)];

  it("drops in training only, and goes on in its stream", () => {
    const layer = new layers.Dropout(0.25, { seed: 3 });
    expect(
      layer
        .apply(ones)
        .array()
        .every((value) => value === 1),
    ).toBe(true);
    const [first, second] = [1, 2].map(() => layer.apply(ones, { training: true }).array());
    const dropped = first?.filter((value) => value === 0).length ?? 0;
    expect(dropped).toBeGreaterThan(25);
    expect(dropped).toBeLessThan(75);
    expect(first?.every((value) => value === 0 || value === Math.fround(4 / 3))).toBe(true);
    expect(first).not.toEqual(second);
    const again = new layers.Dropout(0.25, { seed: 3 });
    expect(again.apply(ones, { training: true }).array()).toEqual(first);
  });
});

describe("the list of layers", () => {
  it("has every class, and no name twice", () => {
    const classes = Object.values(layers).filter((value) => {
      const isClass = typeof value === "function" && value.prototype instanceof layers.Layer;
      return isClass && (value as { readonly className?: string }).className !== undefined;
    }) as unknown as readonly { readonly className: string }[];
    const names = classes.map(({ className }) => className).sort();
    expect(names).toEqual([...builtInLayers.names()].sort());
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(30);
  });
});

suite("what layers refuse", [
  [
    "a class of one's own without the class",
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
    /must be a class that extends the base of every layer/,
  ],
  [
    "JSON without a class",
    () => layers.deserialize({}),
    ValueError,
    "ERR_CONFIG_INVALID",
    /"class_name", got undefined/,
  ],
  [
    "what is no JSON",
    () => layers.deserialize([]),
    ArgumentTypeError,
    "ERR_CONFIG_INVALID",
    /a saved layer, an object/,
  ],
  [
    "inputs of another length",
    () => built().apply(new Array(32).fill(new Array(12).fill(0))),
    ValueError,
    "ERR_SHAPE",
    'Dense "dense": expected inputs of 10 on the last axis, got 12 (32 x 12).',
  ],
  [
    "inputs without a batch axis",
    () => built().apply([1, 2]),
    ValueError,
    "ERR_SHAPE",
    'Dense "dense": expected inputs of rank 2 or above, the batch axis included, got rank 1 (2).',
  ],
  ["no units", () => new layers.Dense(0), ValueError, "ERR_OPTION_RANGE", /"units" must be a whole number, 1 or above/],
  [
    "an unknown option",
    () => new layers.Dense(1, { unit: 3 } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /^Dense does not know "unit". Its options are: activation, useBias, kernelInitializer/,
  ],
  [
    "an unknown activation",
    () => new layers.Activation("rellu"),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /^No activation is called "rellu". Known: .*softmax/,
  ],
  [
    "an unknown initializer",
    () => new layers.Dense(1, { kernelInitializer: "glorot" }),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /^No initializer is called "glorot". Known: .*Zeros/,
  ],
  ["a name with a slash", () => new layers.Flatten({ name: "a/b" }), ValueError, "ERR_OPTION_RANGE", /"name"/],
  [
    "another dtype",
    () => new layers.Flatten({ dtype: "float16" as never }),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /float32/,
  ],
  [
    "an unknown length that weights need",
    () => new layers.Dense(1).apply(Input({ shape: [null] })),
    ValueError,
    "ERR_SHAPE",
    /must have a known length when the layer is built, got \? x \?/,
  ],
  [
    "a shape that does not hold the values",
    () => new layers.Reshape([4, 4], { name: "square" }).apply([[1, 2, 3]]),
    ValueError,
    "ERR_SHAPE",
    'Reshape "square": cannot make [4, 4] of 3 values per sample (3).',
  ],
  [
    "symbols and numbers together",
    () => new layers.Dense(1).apply([Input({ shape: [1] }), [1]] as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /cannot be mixed/,
  ],
  ["countParams before build", () => new layers.Dense(1).countParams(), ValueError, "ERR_NOT_BUILT", /no weights yet/],
  ["no shape for Input", () => Input({}), ValueError, "ERR_OPTION_CONFLICT", /give "shape"/],
  [
    "channels first",
    () => new layers.Flatten({ dataFormat: "channels_first" as never }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"channels_last"/,
  ],
]);
