/** Metrics that Keras stores as functions, `compile(metrics=[keras.metrics.binary_accuracy])`. */

import { describe, expect, it } from "vitest";
import { layers, modelFromJSON, Sequential, stringify } from "../../ts/index.js";

/** What Keras 3.15.1 writes for a function. */
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
