/**
 * Recorded steps compute what usual steps compute, byte for byte: over layers, activations, losses, metrics and
 * optimizers, through everything that may happen between two steps.
 */

import { describe, expect, it } from "vitest";
import * as g from "../../../ts/index.js";
import { type Both, both, type Case, ints, numbers, table } from "../../support/recorded-runs.js";

const { layers: L, losses, metrics, regularizers } = g;

/** Same numbers, and steps that were replayed. */
async function expectSame(given: Case, replayed = true): Promise<Both> {
  const result = await both(given);
  expect(result.recorded.fingerprint).toEqual(result.usual.fingerprint);
  if (replayed) expect(result.recorded.replayed).toBeGreaterThan(0);
  else expect(result.recorded.replayed).toBe(0);
  return result;
}

const dense = (...inner: g.layers.Layer[]) => [new L.Dense(8, { activation: "tanh" }), ...inner, new L.Dense(3)];

describe("a recorded step of layers", () => {
  const flat: Record<string, () => g.layers.Layer[]> = {
    Dense: () => dense(),
    "Dense without bias": () => [new L.Dense(4, { useBias: false }), new L.Dense(3)],
    Activation: () => dense(new L.Activation("relu")),
    BatchNormalization: () => dense(new L.BatchNormalization()),
    "BatchNormalization, no scale": () => dense(new L.BatchNormalization({ scale: false, center: false })),
    LayerNormalization: () => dense(new L.LayerNormalization()),
    Dropout: () => dense(new L.Dropout(0.4)),
    "Dropout with a seed": () => dense(new L.Dropout(0.4, { seed: 3 })),
    "Dropout of everything": () => dense(new L.Dropout(1)),
    GaussianNoise: () => dense(new L.GaussianNoise(0.1)),
    Reshape: () => dense(new L.Reshape([2, 4]), new L.Flatten()),
    RepeatVector: () => dense(new L.RepeatVector(2), new L.Flatten()),
    Permute: () => dense(new L.Reshape([2, 4]), new L.Permute([2, 1]), new L.Flatten()),
    Rescaling: () => dense(new L.Rescaling(0.5, 1)),
    ReLU: () => dense(new L.ReLU({ negativeSlope: 0.1, maxValue: 1 })),
    LeakyReLU: () => dense(new L.LeakyReLU()),
    PReLU: () => dense(new L.PReLU({ alphaInitializer: "he_normal" })),
    ELU: () => dense(new L.ELU()),
    Softmax: () => dense(new L.Softmax()),
    "several regularizers": () => [
      new L.Dense(8, { kernelRegularizer: new regularizers.L1L2({ l1: 0.01, l2: 0.02 }), biasRegularizer: "l1" }),
      new L.Dense(3, { kernelRegularizer: new regularizers.L2(0.1) }),
    ],
    "a constraint": () => [new L.Dense(8, { kernelConstraint: "max_norm" }), new L.Dense(3)],
    "a frozen layer": () => [
      new L.Dense(8, { trainable: false }),
      new L.BatchNormalization({ trainable: false }),
      new L.Dense(3),
    ],
  };
  for (const [name, make] of Object.entries(flat)) {
    it(name, async () => {
      await expectSame({ make });
    });
  }

  const image = { input: [8, 8, 2], y: numbers(40 * 3, 5) } as const;
  const images: Record<string, () => g.layers.Layer[]> = {
    Conv2D: () => [new L.Conv2D(4, 3, { activation: "relu" })],
    "Conv2D with strides": () => [new L.Conv2D(4, 3, { strides: 2, padding: "same" })],
    DepthwiseConv2D: () => [new L.DepthwiseConv2D(3)],
    Conv2DTranspose: () => [new L.Conv2DTranspose(2, 3, { strides: 2 })],
    MaxPooling2D: () => [new L.Conv2D(4, 3), new L.MaxPooling2D(2)],
    AveragePooling2D: () => [new L.Conv2D(4, 3), new L.AveragePooling2D(2)],
    ZeroPadding2D: () => [new L.ZeroPadding2D(1), new L.Conv2D(2, 3)],
    BatchNormalization: () => [new L.Conv2D(4, 3), new L.BatchNormalization(), new L.ReLU()],
    GlobalMaxPooling2D: () => [new L.Conv2D(4, 3), new L.GlobalMaxPooling2D(), new L.Reshape([4, 1])],
  };
  for (const [name, make] of Object.entries(images)) {
    it(`${name}, of images`, async () => {
      await expectSame({ make: () => [...make(), new L.Flatten(), new L.Dense(3)], ...image });
    });
  }

  const tokens = { input: [6], x: ints(40 * 6, 20) } as const;
  it("Embedding", async () => {
    const make = () => [new L.Embedding(20, 4), new L.GlobalAveragePooling1D(), new L.Dense(3)];
    await expectSame({ make, ...tokens });
    await expectSame({ make, ...tokens, x: Float32Array.from(tokens.x) });
  });

  it("Conv1D and pooling of sequences", async () => {
    const make = () => [
      new L.Embedding(20, 4),
      new L.Conv1D(5, 3),
      new L.MaxPooling1D(2),
      new L.Flatten(),
      new L.Dense(3),
    ];
    await expectSame({ make, ...tokens });
  });

  it("a model inside a model", async () => {
    const make = () => [new g.Sequential([new L.Dense(5, { activation: "relu" }), new L.Dropout(0.2)]), new L.Dense(3)];
    await expectSame({ make });
  });

  it("a functional model with two inputs, two outputs and a shared layer", async () => {
    const model = () => {
      const [a, b] = [g.Input({ shape: [4] }), g.Input({ shape: [4] })];
      const shared = new L.Dense(5, { activation: "tanh" });
      const [p, q] = [shared.apply(a), shared.apply(b)];
      const merged = new L.Concatenate().apply([p, q, new L.Add().apply([p, q]), new L.Multiply().apply([p, q])]);
      return new g.Model({
        inputs: [a, b],
        outputs: [new L.Dense(3, { name: "p" }).apply(merged), new L.Dense(1, { name: "q" }).apply(merged)],
      });
    };
    const [x, y] = [
      [table(40, 4, 1), table(40, 4, 2)],
      [table(40, 3, 3), table(40, 1, 4)],
    ];
    await expectSame({
      model,
      data: { x, y },
      compile: { loss: ["mse", "mae"], lossWeights: [1, 0.5], metrics: [["mae"], ["mse"]] },
    });
  });
});

describe("a recorded step with activations", () => {
  const names = ["relu", "leaky_relu", "relu6", "softmax", "celu", "elu", "selu", "softplus", "softsign", "squareplus"];
  const more = ["soft_shrink", "sparse_plus", "silu", "gelu", "tanh", "tanh_shrink", "sigmoid", "sparse_sigmoid"];
  const rest = [
    "exponential",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "hard_shrink",
    "linear",
    "mish",
    "log_softmax",
  ];
  for (const activation of [...names, ...more, ...rest, "log_sigmoid"]) {
    it(activation, async () => {
      await expectSame({ make: () => [new L.Dense(8), new L.Activation(activation), new L.Dense(3)] });
    });
  }

  it("but not with sparsemax, which JavaScript computes", async () => {
    await expectSame({ make: () => [new L.Dense(8, { activation: "sparsemax" }), new L.Dense(3)] }, false);
  });
});

describe("a recorded step with losses", () => {
  const probabilities = () => [new L.Dense(3, { activation: "softmax" })];
  const positive = Float32Array.from(numbers(120, 3), (value) => Math.abs(value));
  const cases: Record<string, Partial<Case> & { readonly loss: unknown }> = {
    mse: { loss: "mse" },
    mae: { loss: "mae" },
    mape: { loss: "mape", y: positive },
    msle: { loss: "msle", y: positive },
    huber: { loss: "huber" },
    logCosh: { loss: "log_cosh" },
    poisson: { loss: "poisson", y: positive },
    klDivergence: { loss: "kl_divergence", y: positive, make: probabilities },
    "binary crossentropy": {
      loss: "binary_crossentropy",
      y: Float32Array.from(ints(120, 2)),
      make: () => [new L.Dense(3, { activation: "sigmoid" })],
    },
    "binary crossentropy of logits, smoothed": {
      loss: new losses.BinaryCrossentropy({ fromLogits: true, labelSmoothing: 0.1 }),
      y: ints(120, 2),
    },
    "binary focal crossentropy": {
      loss: "binary_focal_crossentropy",
      y: ints(120, 2),
      make: () => [new L.Dense(3, { activation: "sigmoid" })],
    },
    "categorical crossentropy": { loss: "categorical_crossentropy", y: positive, make: probabilities },
    "categorical crossentropy of logits": {
      loss: new losses.CategoricalCrossentropy({ fromLogits: true }),
      y: positive,
    },
    "sparse categorical crossentropy": { loss: "sparse_categorical_crossentropy", y: ints(40, 3), make: probabilities },
    "sparse labels in float32": {
      loss: "sparse_categorical_crossentropy",
      y: Float32Array.from(ints(40, 3)),
      make: probabilities,
    },
    "sparse labels in a column": {
      loss: "sparse_categorical_crossentropy",
      data: { y: table(40, 1, 2, 3) },
      make: probabilities,
    },
    "a sum": { loss: new losses.MeanSquaredError({ reduction: "sum" }) },
    "a mean": { loss: new losses.MeanAbsoluteError({ reduction: "mean" }) },
  };
  for (const [name, given] of Object.entries(cases)) {
    it(name, async () => {
      await expectSame({ make: () => [new L.Dense(3)], ...given, compile: { loss: given.loss as never } });
    });
    it(`${name}, with weights of samples`, async () => {
      const sampleWeight = Float32Array.from(numbers(40, 8), (value) => Math.abs(value));
      await expectSame({
        make: () => [new L.Dense(3)],
        ...given,
        compile: { loss: given.loss as never },
        fit: { sampleWeight },
      });
    });
  }

  for (const loss of ["hinge", "squared_hinge", "cosine_similarity"] as const) {
    it(`but not ${loss}, which looks at numbers`, async () => {
      await expectSame({ compile: { loss }, y: Float32Array.from(ints(120, 2)) }, false);
    });
  }

  it("but not with ignored classes or a weighted mean, which look at numbers", async () => {
    const loss = new losses.SparseCategoricalCrossentropy({ ignoreClass: 0 });
    await expectSame({ make: probabilities, compile: { loss }, y: ints(40, 3) }, false);
    const sampleWeight = Float32Array.from(numbers(40, 8), (value) => Math.abs(value));
    await expectSame(
      {
        compile: { loss: new losses.MeanSquaredError({ reduction: "mean_with_sample_weight" }) },
        fit: { sampleWeight },
      },
      false,
    );
  });
});

describe("a recorded step with metrics", () => {
  const made = {
    regression: () => [
      "mse",
      "mae",
      new metrics.RootMeanSquaredError(),
      "cosine_similarity",
      new metrics.R2Score(),
      "logCoshError",
    ],
    binary: () => [
      "binary_accuracy",
      new metrics.AUC(),
      new metrics.Precision(),
      new metrics.Recall(),
      new metrics.F1Score(),
    ],
  };
  it("of regression", async () => {
    await expectSame({ compile: { metrics: made.regression() as never, weightedMetrics: ["mse"] } });
  });

  it("of two classes", async () => {
    const make = () => [new L.Dense(3, { activation: "sigmoid" })];
    await expectSame({
      make,
      y: ints(120, 2),
      compile: { loss: "binary_crossentropy", metrics: made.binary() as never },
    });
  });

  it("of several classes", async () => {
    const make = () => [new L.Dense(3, { activation: "softmax" })];
    const given = ["accuracy", new metrics.SparseTopKCategoricalAccuracy({ k: 2 })];
    await expectSame({
      make,
      y: ints(40, 3),
      compile: { loss: "sparse_categorical_crossentropy", metrics: given as never },
    });
  });
});
