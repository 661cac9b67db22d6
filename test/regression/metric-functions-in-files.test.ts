/** Metrics that Keras stores as functions, `compile(metrics=[keras.metrics.binary_accuracy])`. */

import { describe, expect, it } from "vitest";
import { layers, metrics, modelFromJSON, Sequential, stringify } from "../../ts/index.js";

/** JSON that Keras 3.15.1 writes for a function. */
const stored = (config: string) => ({
  module: "builtins",
  class_name: "function",
  config,
  registered_name: "function",
});

async function evaluated(name: string, yTrue: number[][], yPred: number[][]) {
  const width = yPred[0]?.length as number;
  const model = new Sequential([
    new layers.Dense(width, { inputShape: [width], kernelInitializer: "identity", useBias: false }),
  ]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const json = JSON.parse(stringify(model));
  json.compile_config.metrics = [stored(name)];
  const again = modelFromJSON(json);
  again.setWeights(model.getWeights());
  return (await again.evaluate(yPred, yTrue, { returnDict: true, verbose: 0 })) as Record<string, number>;
}

describe("a function's name in compile_config gives the metric", () => {
  it.each([
    ["binary_accuracy", [[1], [1], [0], [1]], [[0.2], [0.8], [0.1], [0.7]], 0.75],
    [
      "categorical_accuracy",
      [
        [0, 1],
        [1, 0],
      ],
      [
        [0.1, 0.9],
        [0.2, 0.8],
      ],
      0.5,
    ],
    [
      "sparse_categorical_accuracy",
      [[1], [0]],
      [
        [0.1, 0.9],
        [0.2, 0.8],
      ],
      0.5,
    ],
    ["top_k_categorical_accuracy", [[0, 0, 1]], [[0.5, 0.3, 0.2]], 1],
    ["sparse_top_k_categorical_accuracy", [[2]], [[0.5, 0.3, 0.2]], 1],
  ])("%s", async (name, yTrue, yPred, wanted) => {
    const results = await evaluated(name, yTrue, yPred);
    expect(results[name]).toBe(wanted);
  });

  it("another function is refused by its name", async () => {
    await expect(evaluated("precision", [[1]], [[1]])).rejects.toMatchObject({ code: "ERR_CONFIG_UNKNOWN_CLASS" });
  });
});

/** Of `compile_config` as Keras 3.15.1 writes it, and what its `evaluate` returns. */
describe("functions with arguments, in wrappers", () => {
  const wrapped = (name: string, fn: string, args: object = {}) => ({
    module: "keras.metrics",
    class_name: "MeanMetricWrapper",
    config: { name, dtype: "float32", fn: stored(fn), ...args },
    registered_name: null,
  });
  const METRICS = [
    wrapped("a", "binary_accuracy", { threshold: 0.3 }),
    wrapped("b", "huber", { delta: 0.25 }),
    wrapped("c", "top_k_categorical_accuracy", { k: 2 }),
    wrapped("d", "categorical_crossentropy", { label_smoothing: 0.1, from_logits: false }),
    stored("tversky"),
    wrapped("f", "categorical_accuracy"),
  ];
  const RESULTS = {
    a: 0.6666666865348816,
    b: 0.06718310713768005,
    c: 0.75,
    d: 1.0755921602249146,
    f: 0.5,
    loss: 0.2157137244939804,
    tversky: 0.5702275633811951,
  };
  const x = [
    [1, 2, 0.5],
    [0.1, -1, 2],
    [0.3, 0.2, 0.1],
    [2, 1, 0],
  ];
  const y = [
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, 1],
    [1, 0, 0],
  ];
  const made = (metrics: readonly object[]) => {
    const model = new Sequential([
      new layers.Dense(3, { inputShape: [3], kernelInitializer: "identity", useBias: false, activation: "softmax" }),
    ]);
    model.compile({ optimizer: "sgd", loss: stored("mean_squared_error") as never });
    const json = JSON.parse(stringify(model));
    json.compile_config.metrics = metrics;
    json.compile_config.loss = stored("mean_squared_error");
    const again = modelFromJSON(json);
    again.setWeights(model.getWeights());
    return again;
  };

  it("give Keras's results, and are written as they were read", async () => {
    const model = made(METRICS);
    const results = (await model.evaluate(x, y, { returnDict: true, verbose: 0 })) as Record<string, number>;
    expect(Object.keys(results).sort()).toEqual(Object.keys(RESULTS).sort());
    for (const [name, value] of Object.entries(RESULTS)) expect(results[name]).toBeCloseTo(value, 5);
    expect(JSON.parse(stringify(model)).compile_config.metrics).toEqual(METRICS);
  });

  it("tell which way is better", () => {
    const read = (fn: string) => metrics.deserialize(wrapped("m", fn)).direction;
    expect(["binary_accuracy", "top_k_categorical_accuracy", "huber"].map(read)).toEqual(["up", "up", "down"]);
  });

  it("refuse arguments that the function does not take", () => {
    expect(() => metrics.deserialize(wrapped("m", "huber", { gamma: 1 }))).toThrow("gamma");
    expect(() => metrics.deserialize(wrapped("m", "binary_accuracy", { k: 1 }))).toThrow('does not know "k"');
    expect(() => metrics.deserialize(wrapped("m", "pearson_correlation"))).toThrow(
      'No function is called "pearson_correlation"',
    );
  });

  it("a custom function of the same name goes first", async () => {
    const wrapper = metrics.deserialize(wrapped("m", "huber"), { huber: () => [7] });
    expect(wrapper.apply([1], [1])).toBe(7);
  });

  /** The loss is minimized, and so negative; the metric of this name is not, and the function among the metrics is the loss's. */
  const FORMS: readonly (readonly [string, unknown, number])[] = [
    ["its name", "cosine_similarity", 0.6290758848190308],
    ["the function", stored("cosine_similarity"), -0.6290758848190308],
    [
      "the class",
      { module: "keras.metrics", class_name: "CosineSimilarity", config: { name: "cosine_similarity" } },
      0.6290758848190308,
    ],
    ["the function in a wrapper", wrapped("cosine_similarity", "cosine_similarity"), -0.6290758848190308],
  ];
  const LOSSES: readonly (readonly [string, unknown])[] = [
    ["its name", "cosine_similarity"],
    ["the function", stored("cosine_similarity")],
    ["the class", { module: "keras.losses", class_name: "CosineSimilarity", config: { name: "cosine_similarity" } }],
  ];
  it.each(
    LOSSES.flatMap(([kind, loss]) => FORMS.map(([form, metric, value]) => [kind, form, loss, metric, value] as const)),
  )(
    "cosine_similarity has Keras's sign: the loss by %s, the metric by %s",
    async (_kind, _form, loss, metric, value) => {
      const json = JSON.parse(stringify(made([])));
      Object.assign(json.compile_config, { loss, metrics: [metric] });
      const model = modelFromJSON(json);
      model.setWeights(made([]).getWeights());
      const results = (await model.evaluate(x, y, { returnDict: true, verbose: 0 })) as Record<string, number>;
      expect(results.loss).toBeCloseTo(-0.6290758848190308, 5);
      expect(results.cosine_similarity).toBeCloseTo(value, 5);
    },
  );
});
