/**
 * The base of layers: names, weights, calls, configs, and the list of all.
 */

import { describe, expect, it } from "vitest";
import { GradientTape, Input, layers, ValueError } from "../../../ts/index.js";
import { builtInLayers } from "../../../ts/layers/registry.js";
import { thrown } from "../../support/refusal.js";

const x = [
  [1, 2],
  [3, 4],
];

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

  it("returns weights as copies, and accepts all or none", () => {
    const layer = new layers.Dense(2, { kernelInitializer: "ones" });
    layer.build([null, 2]);
    const before = layer.getWeights();
    expect(before.map(({ shape }) => shape)).toEqual([[2, 2], [2]]);
    expect(() => layer.setWeights([new Float32Array(4), new Float32Array(3)])).toThrow(
      thrown(
        "ValueError",
        "ERR_VALUES_SHAPE",
        'Dense "dense": entry 1 of setWeights, "dense/bias": expected 2 values, got 3 values.',
      ),
    );
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
    expect(() => layer.apply(x)).toThrow(
      thrown(
        "DisposedError",
        "ERR_DISPOSED",
        'Variable "dense/kernel" was disposed of. Make a new one, or dispose of it later.',
      ),
    );
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

describe("dropout", () => {
  const ones = [new Array(200).fill(1)];

  it("drops in training only, and continues in its stream", () => {
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
    // Keras's other names, such as MaxPool2D, are the same classes.
    const classes = [...new Set<unknown>(Object.values(layers))].filter((value) => {
      const isClass = typeof value === "function" && (value.prototype as object) instanceof layers.Layer;
      return isClass && (value as { readonly className?: string }).className !== undefined;
    }) as unknown as readonly { readonly className: string }[];
    const names = classes.map(({ className }) => className).sort();
    expect(names).toEqual([...builtInLayers.names()].sort());
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(30);
  });
});
