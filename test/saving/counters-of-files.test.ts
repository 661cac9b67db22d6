/** Counters in files: whole numbers of every dtype are taken, TensorFlow's int64 among them. */

import { describe, expect, it } from "vitest";
import { layers, Sequential } from "../../ts/index.js";
import { arraysOf, readHdf5 } from "../../ts/saving/formats/hdf5/reader.js";
import { groupAt, newGroup, writeHdf5 } from "../../ts/saving/formats/hdf5/writer.js";
import { type ModelNumbers, numbersOf } from "../../ts/saving/formats/stored-tensor.js";
import { loadWeights, saveModel } from "../../ts/saving/index.js";
import { joined } from "../../ts/saving/stores/pieces.js";
import { unzipped } from "../support/zip.js";

/** The weights and the state of a model after two steps, with another counter of these. */
async function fileWith(counter: ModelNumbers) {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], name: "d" })]);
  model.compile({ optimizer: "adam", loss: "mse" });
  model.trainOnBatch([[1]], [[1]]);
  model.trainOnBatch([[1]], [[1]]);
  const parts = await unzipped(await saveModel(model, { format: "keras" }));
  const root = newGroup();
  for (const [path, tensor] of arraysOf(readHdf5("model.weights.h5", parts.get("model.weights.h5")!))) {
    const at = path.lastIndexOf("/");
    const data = path === "optimizer/vars/0" ? counter : await numbersOf(path, tensor);
    groupAt(root, path.slice(0, at)).members.set(path.slice(at + 1), { shape: tensor.shape, data });
  }
  return { model, file: joined(writeHdf5(root)) };
}

describe("a counter of a file", () => {
  it.each([
    ["int32", Int32Array.of(7)],
    ["int64, which is read as float64", Float64Array.of(7)],
    ["float32", Float32Array.of(7)],
    ["int64, beyond 2^31", Float64Array.of(2 ** 31 + 1)],
  ])("of %s is read", async (_, counter) => {
    const { model, file } = await fileWith(counter);
    await loadWeights(model, file, { format: "weights.h5" });
    expect(model.optimizer?.iterations).toBe(counter[0]);
  });

  it.each([
    ["float32", Float32Array.of(7.5), "a counter must be a whole number, got 7.5."],
    ["float64", Float64Array.of(7.5), "is a number or an Int32Array, got a Float64Array of 7.5."],
  ])("that is not a whole number is refused: %s", async (_, counter, message) => {
    const { model, file } = await fileWith(counter);
    await expect(loadWeights(model, file, { format: "weights.h5" })).rejects.toThrow(message);
    expect(model.optimizer?.iterations).toBe(2);
  });
});
