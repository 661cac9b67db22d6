/**
 * Models written by gradstep. Real Keras opened exactly these files: `test/golden/keras_files.py --check` passes them
 * to it, and compares its predictions and next losses with those in the file.
 */

import { expect, it } from "vitest";
import { setRandomSeed, type Tensor } from "../../ts/index.js";
import { saveModel } from "../../ts/saving/index.js";
import ours from "../golden/keras-by-gradstep.json" with { type: "json" };
import { expectSameBits, unzippedOf } from "../support/bytes.js";
import { dataOf, WRITTEN } from "../support/written-models.js";

it.each(Object.entries(WRITTEN))("%s", async (name, make) => {
  const one = ours.cases[name as keyof typeof ours.cases];
  setRandomSeed(5);
  const [model, optimizer] = make();
  model.compile({ optimizer, loss: "mse" });
  const { x, y } = dataOf(model);
  for (let i = 0; i < 2; i++) await model.trainOnBatch(x, y);
  const bytes = await saveModel(model, { format: "keras" });
  // Not by predict: that would show the averages of ScheduleFreeAdamW.
  const predicted = (model.apply(x as never) as unknown as Tensor).array();
  const losses: unknown[] = [];
  for (let i = 0; i < 3; i++) losses.push(await model.trainOnBatch(x, y));
  expect(bytes).toEqual(await unzippedOf(one.file));
  expectSameBits("predicted", predicted, Float32Array.from(one.predicted));
  expect(losses).toEqual(one.losses);
});
