/** Models that are not built, of which some layers were built by hand: Keras builds these layers again when it reads them. */

import { expect, it, vi } from "vitest";
import { layers, Model, modelFromJSON, Sequential, stringify, type Tensor } from "../../ts/index.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";

function half(): Sequential {
  const dense = new layers.Dense(3);
  dense.build([null, 2]);
  return new Sequential([dense, new layers.Dense(1)]);
}

it("JSON: the layers are built, the model is not", () => {
  const model = modelFromJSON(stringify(half()));
  expect(model.built).toBe(false);
  expect(model.weights.map(({ shape }) => shape)).toEqual([[2, 3], [3]]);
});

it.each(["keras", "tfjs"] as const)("%s: the weights come back", async (format) => {
  const model = half();
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const bytes = await saveModel(model, { format });
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
  const loaded = await loadModel(bytes, { format });
  expect(loaded.built).toBe(false);
  expect(loaded.getWeights()).toEqual(model.getWeights());
});

it("a custom model with unbuilt layers is refused, with the cure", async () => {
  class Halves extends Model {
    readonly dense = new layers.Dense(3);
    override call(x: Tensor) {
      return this.dense.apply(x);
    }
    override getConfig() {
      return {};
    }
    static override fromConfig<T>(): T {
      return new Halves() as T;
    }
  }
  const model = new Halves();
  model.dense.build([null, 2]);
  const bytes = await saveModel(model, { format: "keras" });
  await expect(loadModel(bytes, { format: "keras", customObjects: { Halves } })).rejects.toMatchObject({
    name: "ValueError",
    code: "ERR_NOT_BUILT",
    message: expect.stringMatching(
      /^the file: "dense" has weights, but halves\w* was not built when it was saved.* build\(inputShape\), and save it again\.$/,
    ),
  });
});
