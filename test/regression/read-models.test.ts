/**
 * Losses among the metrics of a model that is read, layers of branches of unlike lengths, and weights that are not a
 * list.
 */

import { describe, expect, it } from "vitest";
import { Input, layers, losses, Model, modelFromJSON, Sequential, SGD } from "../../ts/index.js";

const linear = () => new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "ones" })]);

describe("a loss among the metrics", () => {
  it.each(["keras.losses", "keras.src.losses.losses", "keras.src.api.losses"])("of the module %s", async (module) => {
    const model = linear();
    model.compile({ optimizer: new SGD(), loss: "mse", metrics: [new losses.Huber({ delta: 2 })] });
    const text = JSON.stringify(model.toJSON());
    const saved = JSON.parse(text.replaceAll('"keras.losses"', `"${module}"`));
    expect(JSON.stringify(saved)).toContain(`"${module}"`);
    // An error of 3: 9, and 2 (3 - 2 / 2).
    expect(await modelFromJSON(saved).evaluate([[3]], [[0]], { verbose: 0 })).toEqual([9, 4]);
  });
});

it("layers are in Keras's order: the farthest from the outputs first", () => {
  const dense = (name: string) => new layers.Dense(2, { name });
  const x = Input({ shape: [2], name: "x" });
  const short = dense("d").apply(x);
  const long = dense("c").apply(dense("b").apply(dense("a").apply(x)));
  const model = new Model({ inputs: x, outputs: new layers.Add({ name: "sum" }).apply([short, long]) });
  // Real Keras 3.15.1 has this order.
  expect(model.layers.map(({ name }) => name)).toEqual(["x", "a", "b", "d", "c", "sum"]);
});

it("weights are read in the form in which JSON writes typed arrays, or refused", () => {
  const model = linear();
  const given = (data: object) => [
    { data, shape: [1, 1] },
    { data: { 0: 7 }, shape: [1] },
  ];
  model.setWeights(given({ 0: 5 }) as never);
  expect(model.getWeights().map((weight) => [...(weight as { data: Float32Array }).data])).toEqual([[5], [7]]);
  for (const odd of [{ a: 1 }, { 1: 1 }, { "00": 1 }]) {
    expect(() => model.setWeights(given(odd) as never)).toThrow(expect.objectContaining({ code: "ERR_VALUES_DTYPE" }));
  }
});
