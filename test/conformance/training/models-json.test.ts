/** Models as weights, JSON and summaries. */

import { describe, expect, it, vi } from "vitest";
import { Input, layers, Model, modelFromJSON, optimizers, type Tensor } from "../../../ts/index.js";
import { known } from "../../support/known-names.js";
import { thrown } from "../../support/refusal.js";
import { functional, list, sequential, x } from "../../support/small-models.js";

describe("weights and JSON", () => {
  it("go out and come back in Keras's order", () => {
    const model = sequential();
    const weights = model.getWeights();
    expect(weights.map(({ shape }) => shape)).toEqual([[4, 3], [3], [3], [3], [3], [3], [3, 1], [1]]);
    const copy = sequential();
    copy.setWeights(weights);
    expect(list(copy.apply(x) as Tensor)).toEqual(list(model.apply(x) as Tensor));
    expect(() => copy.setWeights(weights.slice(1))).toThrow(
      thrown(
        "ValueError",
        "ERR_WEIGHTS_COUNT",
        'Sequential "sequential": setWeights expected 8 arrays (dense/kernel, dense/bias, batch_normalization/gamma, batch_normalization/beta, batch_normalization/moving_mean, batch_normalization/moving_variance, ...), got 7.',
      ),
    );
  });

  it.each([
    ["Sequential", sequential],
    ["functional", functional],
  ])("a %s model survives JSON, with what it was compiled with", (_, build) => {
    const model: Model = build();
    model.compile({ optimizer: new optimizers.Adam({ learningRate: 0.5 }), loss: "mse", metrics: ["mae"] });
    const copy = modelFromJSON(JSON.stringify(model));
    expect(JSON.parse(JSON.stringify(copy))).toEqual(JSON.parse(JSON.stringify(model)));
    copy.setWeights(model.getWeights());
    expect(copy.optimizer?.learningRate).toBe(0.5);
    expect(copy.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name));
  });

  it("names the weights that it cannot load", () => {
    expect(() => modelFromJSON("{")).toThrow(/the text is not JSON/);
    expect(() =>
      modelFromJSON({ class_name: "Sequential", config: { layers: [{ class_name: "Dens", config: {} }] } }),
    ).toThrow(
      thrown(
        "ValueError",
        "ERR_CONFIG_UNKNOWN_CLASS",
        `No layer is called "Dens". Did you mean "Dense"? Known: ${known("layer")}. Pass a custom class in customObjects.`,
      ),
    );
    expect(() => modelFromJSON({ class_name: "Tree", config: {} })).toThrow(
      thrown(
        "ValueError",
        "ERR_CONFIG_UNKNOWN_CLASS",
        'modelFromJSON creates Sequential and Functional models, not "Tree". Pass a subclass in customObjects.',
      ),
    );
  });

  it("shows a summary", () => {
    const print = vi.fn();
    const text = functional().summary(print);
    expect(print).toHaveBeenCalledWith(text);
    expect(text).toContain("│ shared (Dense)     │ (None, 3)    │      15 │ a[0][0], b[0][0]           │");
    expect(text).toContain("│ both (Concatenate) │ (None, 6)    │       0 │ shared[0][0], shared[1][0] │");
    expect(text).toContain(" Total params: 36 (144.00 B)");
  });

  it("says what is connected to what only where the order of the rows does not", () => {
    const input = Input({ shape: [4] });
    const once = new Model({ inputs: input, outputs: new layers.Dense(1).apply(new layers.Dense(4).apply(input)) });
    const dense = new layers.Dense(4);
    const twice = new Model({ inputs: input, outputs: dense.apply(dense.apply(input)) });
    const silent = () => {};
    expect(once.summary(silent)).not.toContain("Connected to");
    expect(sequential().summary(silent)).not.toContain("Connected to");
    expect(twice.summary(silent)).toContain("Connected to");
  });
});
