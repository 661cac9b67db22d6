/**
 * Layers made without options, and sample weights of metrics batch by batch. The numbers are from Keras 3.15.1.
 */

import { describe, expect, it } from "vitest";
import { layers, metrics, ops, tensor } from "../../ts/index.js";
import { LAYER_ALIASES } from "../../ts/layers/registry.js";

const x = [[-2, -0.5, 0.5, 3]];
const rows: readonly (readonly [layers.Layer, readonly number[]])[] = [
  [new layers.ELU(), [-0.8646647334098816, -0.39346933364868164, 0.5, 3]],
  [new layers.LeakyReLU(), [-0.6000000238418579, -0.15000000596046448, 0.5, 3]],
  [new layers.ReLU(), [0, 0, 0.5, 3]],
  [new layers.PReLU(), [0, 0, 0.5, 3]],
  [new layers.Softmax(), [0.006021290551871061, 0.02698555402457714, 0.07335434854030609, 0.8936387896537781]],
  [new layers.Flatten(), [-2, -0.5, 0.5, 3]],
  [
    new layers.BatchNormalization(),
    [-1.9990007877349854, -0.49975019693374634, 0.49975019693374634, 2.9985013008117676],
  ],
  [
    new layers.LayerNormalization(),
    [-1.2360585927963257, -0.4120195508003235, 0.13733984529972076, 1.5107383728027344],
  ],
];

describe("an operation without options", () => {
  it("concatenate joins along the first axis", () => {
    expect(ops.concatenate([[[1, 2]], [[3, 4]]]).shape).toEqual([2, 2]);
  });

  it("layerNormalization adds 1e-7 to the variance", () => {
    const [first] = ops.layerNormalization([[0, 0.001, 0.002]]).array();
    expect(Math.abs((first as number) + 1.142080545425415)).toBeLessThan(1e-5);
  });
});

describe("a layer without options", () => {
  it.each(rows)("%#", (layer, expected) => {
    const got = layer.apply(x).array();
    got.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number)), layer.className).toBeLessThanOrEqual(1e-6);
    });
  });

  it("pools by two, without overlap, and drops what is left", () => {
    const image = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    expect(Array.from(new layers.MaxPooling2D().apply(image).array())).toEqual([5]);
    expect(Array.from(new layers.AveragePooling2D().apply(image).array())).toEqual([3]);
    const steps = tensor([1, 2, 3, 4, 9], [1, 5, 1]);
    expect(Array.from(new layers.MaxPooling1D().apply(steps).array())).toEqual([2, 4]);
    expect(Array.from(new layers.AveragePooling1D().apply(steps).array())).toEqual([1.5, 3.5]);
  });
});

/** An initializer as configs have it. */
const initializer = (class_name: string, config: Readonly<Record<string, unknown>> = {}) => ({
  module: "keras.initializers",
  class_name,
  config,
  registered_name: null,
});
const ZEROS = initializer("Zeros");
const ONES = initializer("Ones");
const GLOROT = initializer("GlorotUniform", { seed: null, input_axes: null, output_axes: null });
const UNIFORM = initializer("RandomUniform", { seed: null, minval: -0.05, maxval: 0.05 });

/** Arguments of every convolution. */
const CONVOLUTION = {
  padding: "valid",
  data_format: "channels_last",
  activation: "linear",
  use_bias: true,
  bias_initializer: ZEROS,
  bias_regularizer: null,
  activity_regularizer: null,
  bias_constraint: null,
};
/** Arguments of layers with a weight named kernel. */
const KERNEL = { kernel_initializer: GLOROT, kernel_regularizer: null, kernel_constraint: null };

/** Configs of Keras 3.15.1 without names and dtypes. */
const configs: readonly (readonly [layers.Layer, Readonly<Record<string, unknown>>])[] = [
  [new layers.Add(), {}],
  [new layers.Subtract(), {}],
  [new layers.Multiply(), {}],
  [new layers.Average(), {}],
  [new layers.Maximum(), {}],
  [new layers.Minimum(), {}],
  [new layers.Concatenate(), { axis: -1 }],
  [new layers.GlobalAveragePooling1D(), { data_format: "channels_last", keepdims: false }],
  [new layers.GlobalAveragePooling2D(), { data_format: "channels_last", keepdims: false }],
  [new layers.GlobalMaxPooling1D(), { data_format: "channels_last", keepdims: false }],
  [new layers.GlobalMaxPooling2D(), { data_format: "channels_last", keepdims: false }],
  [
    new layers.ZeroPadding2D(),
    {
      padding: [
        [1, 1],
        [1, 1],
      ],
      data_format: "channels_last",
    },
  ],
  [new layers.MaxPooling1D(), { pool_size: [2], padding: "valid", strides: [2], data_format: "channels_last" }],
  [new layers.MaxPooling2D(), { pool_size: [2, 2], padding: "valid", strides: [2, 2], data_format: "channels_last" }],
  [new layers.ReLU(), { max_value: null, negative_slope: 0.0, threshold: 0.0 }],
  [new layers.LeakyReLU(), { negative_slope: 0.3 }],
  [new layers.ELU(), { alpha: 1.0 }],
  [
    new layers.PReLU(),
    {
      alpha_initializer: { module: "keras.initializers", class_name: "Zeros", config: {}, registered_name: null },
      alpha_regularizer: null,
      alpha_constraint: null,
      shared_axes: null,
    },
  ],
  [new layers.Softmax(), { axis: -1 }],
  [new layers.Flatten(), { data_format: "channels_last" }],
  [
    new layers.BatchNormalization(),
    {
      axis: -1,
      momentum: 0.99,
      epsilon: 0.001,
      center: true,
      scale: true,
      beta_initializer: ZEROS,
      gamma_initializer: ONES,
      moving_mean_initializer: ZEROS,
      moving_variance_initializer: ONES,
      beta_regularizer: null,
      gamma_regularizer: null,
      beta_constraint: null,
      gamma_constraint: null,
      synchronized: false,
      renorm: false,
      renorm_clipping: null,
      renorm_momentum: 0.99,
    },
  ],
  [
    new layers.LayerNormalization(),
    {
      axis: -1,
      epsilon: 0.001,
      center: true,
      scale: true,
      rms_scaling: false,
      beta_initializer: ZEROS,
      gamma_initializer: ONES,
      beta_regularizer: null,
      gamma_regularizer: null,
      beta_constraint: null,
      gamma_constraint: null,
    },
  ],
  [
    new layers.Dense(3),
    {
      units: 3,
      activation: "linear",
      use_bias: true,
      kernel_initializer: GLOROT,
      bias_initializer: ZEROS,
      kernel_regularizer: null,
      bias_regularizer: null,
      kernel_constraint: null,
      bias_constraint: null,
      quantization_config: null,
    },
  ],
  [
    new layers.Conv1D(2, 3),
    { ...CONVOLUTION, ...KERNEL, filters: 2, kernel_size: [3], strides: [1], dilation_rate: [1], groups: 1 },
  ],
  [
    new layers.Conv2D(2, 3),
    { ...CONVOLUTION, ...KERNEL, filters: 2, kernel_size: [3, 3], strides: [1, 1], dilation_rate: [1, 1], groups: 1 },
  ],
  [
    new layers.Conv2DTranspose(2, 3),
    {
      ...CONVOLUTION,
      ...KERNEL,
      filters: 2,
      kernel_size: [3, 3],
      strides: [1, 1],
      dilation_rate: [1, 1],
      output_padding: null,
    },
  ],
  [
    new layers.DepthwiseConv2D(3),
    {
      ...CONVOLUTION,
      depth_multiplier: 1,
      kernel_size: [3, 3],
      strides: [1, 1],
      dilation_rate: [1, 1],
      depthwise_initializer: GLOROT,
      depthwise_regularizer: null,
      depthwise_constraint: null,
    },
  ],
  [
    new layers.Embedding(3, 2),
    {
      input_dim: 3,
      output_dim: 2,
      embeddings_initializer: UNIFORM,
      embeddings_regularizer: null,
      activity_regularizer: null,
      embeddings_constraint: null,
      mask_zero: false,
      quantization_config: null,
    },
  ],
  [new layers.Activation("relu"), { activation: "relu" }],
  [new layers.Dropout(0.5), { rate: 0.5, seed: null, noise_shape: null }],
  [new layers.GaussianNoise(0.5), { stddev: 0.5, seed: null }],
  [new layers.Reshape([2]), { target_shape: [2] }],
  [new layers.Rescaling(0.5), { scale: 0.5, offset: 0 }],
  [new layers.Normalization(), { axis: [-1], invert: false, mean: null, variance: null }],
  [new layers.RepeatVector(2), { n: 2 }],
  [new layers.Identity(), {}],
  [new layers.Permute([2, 1]), { dims: [2, 1] }],
  [new layers.InputLayer({ shape: [2] }), { batch_shape: [null, 2], sparse: false, ragged: false, optional: false }],
];

describe("the config of a layer that got only what it needs is Keras's", () => {
  it.each(configs.map(([layer, config]) => [layer.className, layer, config] as const))("%s", (_, layer, config) => {
    const { name, dtype, trainable, ...own } = layer.getConfig();
    // Keras writes none for inputs.
    expect([typeof name, trainable]).toEqual(["string", layer.className === "InputLayer" ? undefined : true]);
    expect(own).toEqual(config);
  });

  it("covers every layer", () => {
    const covered = new Set(configs.map(([{ className }]) => className));
    const classes = Object.entries(layers).filter(
      ([name, made]) => typeof made === "function" && /^[A-Z]/.test(name) && !Object.hasOwn(LAYER_ALIASES, name),
    );
    // Not layers, layers that the test above covers, and those of which Keras has no JSON alone (Wrapper, Lambda).
    const others = ["Layer", "Wrapper", "Lambda", "SymbolicTensor", "Input", "AveragePooling1D", "AveragePooling2D"];
    const missing = classes.map(([name]) => name).filter((name) => !covered.has(name) && !others.includes(name));
    expect(missing, "each layer has a row of its config in this file").toEqual([]);
  });
});

describe("a mean of batches", () => {
  it("of two widths, the first with a weight for each value", () => {
    const mean = new metrics.Mean();
    mean.updateState(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 0],
        [1, 1],
      ],
    );
    // Means of the weighted rows are 0.5 and 3.5, of their weights 0.5 and 1.
    expect([mean.total, mean.count]).toEqual([4, 1.5]);
    mean.updateState([[5, 6, 7, 8]]);
    expect(mean.result()).toBeCloseTo(4.2, 6);
  });

  it("of scalars, one of them weighted", () => {
    const mean = new metrics.Mean();
    mean.updateState(3, 2);
    mean.updateState(6);
    expect(mean.result()).toBe(4);
  });

  it("is not moved by an empty batch", () => {
    const mean = new metrics.Mean();
    mean.updateState([1, 3]);
    mean.updateState([]);
    mean.updateState(tensor([], [0, 3]));
    expect([mean.result(), mean.count]).toEqual([2, 2]);
  });

  it("a sum takes the weights of values", () => {
    const sum = new metrics.Sum();
    sum.updateState(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 0],
        [1, 1],
      ],
    );
    expect(sum.result()).toBe(8);
  });
});
