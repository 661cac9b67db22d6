/** Saving and loading without copies and initial values: files, weights and random numbers are the same. */

import { expect, it } from "vitest";
import { initializers, layers, Sequential, setRandomSeed } from "../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";

it("loading over random initial values leaves every generator as it would be without loading", async () => {
  const made = () =>
    new Sequential([
      new layers.Dense(3, { inputShape: [2], kernelInitializer: "heNormal" }),
      new layers.Dense(1, { kernelInitializer: "orthogonal" }),
    ]);
  setRandomSeed(5);
  const bytes = await saveModel(made(), { format: "keras" });
  setRandomSeed(9);
  const again = await loadModel(bytes, { format: "keras" });
  expect((await saveModel(again, { format: "keras" })).length).toBe(bytes.length);
  const first = made().getWeights();
  setRandomSeed(9);
  // Its random state is in the file: the next model draws as if nothing had been loaded.
  expect(first).toEqual(made().getWeights());
});

it("an initializer that is a subclass of ours is called", async () => {
  let calls = 0;
  class Counting extends initializers.RandomInitializer {
    static override readonly className = "Counting";
    constructor(options: initializers.SeedOptions = {}) {
      super(options, []);
    }
    override call(shape: readonly number[]) {
      calls++;
      return new Float32Array(shape.reduce((a, b) => a * b, 1));
    }
  }
  const model = new Sequential([new layers.Dense(1, { inputShape: [2], kernelInitializer: new Counting() })]);
  const bytes = await saveModel(model, { format: "keras" });
  await loadModel(bytes, { format: "keras", customObjects: { Counting } });
  expect(calls).toBe(2);
});

it("bytes that were returned do not change with the model", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
  for (const format of ["safetensors", "npz"] as const) {
    const bytes = await saveWeights(model, { format });
    const before = bytes.slice();
    model.weights[0]?.assign([[7], [8]]);
    expect(bytes).toEqual(before);
    await loadWeights(model, bytes, { format });
    bytes.fill(0);
    expect(Array.from(model.weights[0]?.array() ?? [])).not.toContain(7);
    expect(model.weights[0]?.array().some((value) => value !== 0)).toBe(true);
  }
});
