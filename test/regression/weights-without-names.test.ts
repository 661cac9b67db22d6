/** Weights made without names, as Keras's guide of custom layers makes them: they are saved and loaded as others are. */

import { expect, it } from "vitest";
import { layers, ops, Sequential, type Tensor, type Variable } from "../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";

class Linear extends layers.Layer {
  static override readonly className = "UnnamedLinear";
  w!: Variable;
  b!: Variable;
  override build(shape: readonly (number | null)[]) {
    this.w = this.addWeight({ shape: [shape.at(-1)!, 2] });
    this.b = this.addWeight({ shape: [2], initializer: "ones", name: "variable_1" });
    this.addWeight({ shape: [2], initializer: "zeros", trainable: false });
  }
  override call(x: Tensor) {
    return ops.add(ops.matmul(x, this.w), this.b);
  }
}

const make = () => {
  const model = new Sequential([new Linear({ name: "a" }), new Linear({ name: "b" })]);
  model.build([null, 3]);
  return model;
};

it("have unlike names within their layer", () => {
  const names = ["variable", "variable_1", "variable_2"];
  const paths = make().weights.map(({ path }) => path);
  expect(paths.sort()).toEqual(["a", "b"].flatMap((layer) => names.map((name) => `${layer}/${name}`)));
});

it.each(["safetensors", "npz", "weights.h5"] as const)("come back from %s", async (format) => {
  const [model, again] = [make(), make()];
  await loadWeights(again, await saveWeights(model, { format }), { format });
  expect(again.getWeights()).toEqual(model.getWeights());
});

it("survive a model's file", async () => {
  const model = make();
  const bytes = await saveModel(model, { format: "keras" });
  const again = await loadModel(bytes, { format: "keras", customObjects: { UnnamedLinear: Linear } });
  expect(again.getWeights()).toEqual(model.getWeights());
});
