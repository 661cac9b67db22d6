/** Custom optimizers in files: their options and their state, so that training continues with the same bits. */

import { expect, it } from "vitest";
import { LossScaleOptimizer, layers, type Optimizer, Sequential, setRandomSeed } from "../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";
import { Momentum } from "../support/custom-optimizers.js";

const x = Array.from({ length: 11 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 11]);
const y = Array.from({ length: 11 }, (_, i) => [Math.sin(2 * i)]);

const OPTIMIZERS: Readonly<Record<string, () => Optimizer>> = {
  alone: () => new Momentum({ momentum: 0.5, useEma: true, gradientAccumulationSteps: 2 }),
  "in loss scaling": () => new LossScaleOptimizer(new Momentum({ clipnorm: 1 })),
};

it.each(Object.entries(OPTIMIZERS))("%s", async (_, make) => {
  const compiled = () => {
    setRandomSeed(3);
    const model = new Sequential([
      new layers.Dense(4, { inputShape: [3], name: "a" }),
      new layers.Dense(1, { name: "b" }),
    ]);
    model.compile({ optimizer: make(), loss: "mse" });
    return model;
  };
  const options = { epochs: 1, batchSize: 4, shuffle: false, verbose: 0 } as const;
  const model = compiled();
  await model.fit(x, y, options);
  const again = await loadModel(await saveModel(model, { format: "keras" }), {
    format: "keras",
    customObjects: { Momentum },
  });
  const third = compiled();
  await loadWeights(third, await saveWeights(model, { format: "safetensors" }), { format: "safetensors" });
  expect(again.optimizer?.getConfig()).toEqual(model.optimizer?.getConfig());
  for (const one of [model, again, third]) await one.fit(x, y, options);
  for (const one of [again, third]) {
    expect(one.getWeights()).toEqual(model.getWeights());
    expect(one.optimizer?.getWeights()).toEqual(model.optimizer?.getWeights());
  }
});
