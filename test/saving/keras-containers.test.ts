/** Layers and variables in lists and dicts of a custom layer, in a .weights.h5 file that real Keras 3.15.1 wrote. */

import { expect, it } from "vitest";
import { layers, ops, Sequential, type Tensor, type Variable } from "../../ts/index.js";
import { arraysOf, readHdf5 } from "../../ts/saving/formats/hdf5/reader.js";
import { numbersOf } from "../../ts/saving/formats/stored-tensor.js";
import { loadWeights, saveWeights } from "../../ts/saving/index.js";
import theirs from "../golden/keras-containers.json" with { type: "json" };
import { unzippedOf } from "../support/bytes.js";

/** `Holder` of test/golden/keras_containers.py. */
class Holder extends layers.Layer {
  single = new layers.Dense(2);
  blocks = [new layers.Dense(2), new layers.LayerNormalization(), new layers.Dense(2)];
  named = { left: new layers.Dense(2), right: [new layers.Dense(2), new layers.Dense(2)] };
  scales: Variable[] = [];
  table: Record<string, Variable> = {};

  get order(): layers.Layer[] {
    return [this.single, ...this.blocks, this.named.left, ...this.named.right];
  }

  override build(): void {
    this.scales = [this.addWeight([1]), this.addWeight([1])];
    this.table = { factor: this.addWeight([1]) };
  }

  override call(x: Tensor): Tensor<"float32"> {
    const made = this.order.reduce((y, layer) => layer.apply(y), x) as Tensor<"float32">;
    const [scale, shift] = this.scales as [Variable, Variable];
    return ops.add(ops.multiply(made, scale), ops.multiply(shift, this.table.factor as Variable));
  }
}

const make = () => new Sequential([new Holder({ inputShape: [2] })]);

it("is read, with Keras's predictions", async () => {
  const model = make();
  const before = [...(await model.predict(theirs.x)).array()];
  await loadWeights(model, await unzippedOf(theirs.file), { format: "weights.h5" });
  const predicted = (await model.predict(theirs.x)).array();
  expect(before).not.toEqual([...predicted]);
  theirs.predicted.forEach((value, i) => {
    expect(Math.abs(predicted[i]! - value), String(i)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
  });
});

it("is written with the same paths and numbers", async () => {
  const model = make();
  model.apply(theirs.x);
  const file = await unzippedOf(theirs.file);
  await loadWeights(model, file, { format: "weights.h5" });
  const inFile = async (bytes: Uint8Array) => {
    const found: Record<string, number[]> = {};
    for (const [path, array] of arraysOf(readHdf5("file", bytes))) found[path] = [...(await numbersOf(path, array))];
    return found;
  };
  const expected = await inFile(file);
  expect(Object.keys(expected)).toHaveLength(17);
  // Entries that Keras lacks, such as the state of random generators, have other paths.
  expect(await inFile(await saveWeights(model, { format: "weights.h5" }))).toMatchObject(expected);
});
