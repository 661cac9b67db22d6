/**
 * Names and order of what `evaluate` and `testOnBatch` return. Values: Keras 3.15.1.
 */
import { describe, expect, it } from "vitest";
import { type CompileOptions, Input, layers, Model, Sequential, SGD } from "../../ts/index.js";

const Y = [[[2.5]], [[4]]];

/** Outputs 1 and 0; "z" is named such that sorting by name changes the order of outputs. */
function twoOutputs(options: Partial<CompileOptions>): Model {
  const input = Input({ shape: [1] });
  const z = new layers.Dense(1, { kernelInitializer: "ones", name: "z" }).apply(input);
  const b = new layers.Dense(1, { kernelInitializer: "zeros", name: "b" }).apply(input);
  const model = new Model({ inputs: input, outputs: [z, b] });
  model.compile({ optimizer: new SGD(), ...options } as CompileOptions);
  return model;
}

describe("scores of several outputs", () => {
  it.each([
    {
      of: "a loss and metrics for each",
      options: { loss: ["mse", "mae"], metrics: [["mse", "mae"], ["mae"]] },
      expected: [6.25, 2.25, 4, 4, 1.5, 2.25],
      names: ["b_loss", "b_mae", "loss", "z_loss", "z_mae", "z_mse"],
    },
    {
      of: "a metric that is weighted too",
      options: { loss: ["mse", "mae"], metrics: [["mse", "mae"], ["mae"]], weightedMetrics: [["mse"], null] },
      expected: [6.25, 2.25, 4, 4, 1.5, 2.25, 2.25],
      names: ["b_loss", "b_mae", "loss", "z_loss", "z_mae", "z_mse", "z_weighted_mse"],
    },
    {
      of: "an output without a loss",
      options: { loss: { z: "mse", b: null }, metrics: [["mse", "mae"], ["mae"]] },
      expected: [2.25, 4, 1.5, 2.25],
      names: ["b_mae", "loss", "z_mae", "z_mse"],
    },
  ])("have Keras's order and names with $of", async ({ options, expected, names }) => {
    const model = twoOutputs(options as never);
    expect(await model.evaluate([[1]], Y)).toEqual(expected);
    expect(await model.testOnBatch([[1]], Y)).toEqual(expected);
    expect(Object.keys(await model.evaluate([[1]], Y, { returnDict: true }))).toEqual(names);
  });

  it("are in the order of compile for one output", async () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "ones" })]);
    model.compile({ loss: "mse", metrics: ["mse", "mae"], weightedMetrics: ["mape"] });
    const scores = await model.evaluate([[1]], [[2.5]]);
    expect(scores.map((score) => Math.round(score * 100))).toEqual([225, 225, 150, 6000]);
  });
});
