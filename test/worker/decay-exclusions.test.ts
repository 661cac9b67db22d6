/** Variables excluded from weight decay: they are not part of an optimizer's config, but are sent to workers with it. */

import { AdamW, LossScaleOptimizer, layers, type Optimizer, Sequential, setRandomSeed, type Variable } from "gradstep";
import { offload, RemoteOptimizer } from "gradstep/worker";
import { describe, expect, it } from "vitest";
import { bits, x, y } from "./training.js";

type Exclude = (weights: readonly Variable[]) => Parameters<Optimizer["excludeFromWeightDecay"]>[0];
const excludes: [string, Exclude][] = [
  ["by name", () => ({ varNames: ["^bias$"] })],
  ["by variable", (weights) => ({ varList: [weights[2] as Variable] })],
  ["by both", (weights) => ({ varNames: ["bias"], varList: weights.slice(0, 1) })],
];
const decaying = () => new AdamW({ learningRate: 0.1, weightDecay: 0.5 });

function compiled(optimizer: Optimizer): Sequential {
  setRandomSeed(7);
  const model = new Sequential([new layers.Dense(3, { inputShape: [6] }), new layers.Dense(1)]);
  model.setWeights(model.getWeights().map(({ data, ...rest }) => ({ ...rest, data: data.map((_, i) => i - 0.5) })));
  model.compile({ optimizer, loss: "mse" });
  return model;
}

describe.each(excludes)("%s", (_, exclude) => {
  it.each([
    ["before it is built", false],
    ["after it was", true],
  ] as const)("a model's optimizer, %s", async (_, built) => {
    const make = (excluding: boolean) => {
      const model = compiled(built ? new LossScaleOptimizer(decaying()) : decaying());
      if (built) model.optimizer?.build(model.trainableWeights);
      if (excluding) model.optimizer?.excludeFromWeightDecay(exclude(model.weights));
      return model;
    };
    const [local, plain, remote] = [make(true), make(false), await offload(make(true))];
    for (const model of [local, plain, remote]) await model.fit(x, y, { batchSize: 32 });
    const there = bits(await remote.getWeights());
    expect(there).toEqual(bits(local.getWeights()));
    expect(there).not.toEqual(bits(plain.getWeights()));
    await remote.dispose();
  });

  it("a remote optimizer", async () => {
    const { weights } = compiled(decaying());
    const gradients = weights.map(({ size }) => new Float32Array(size).fill(0.25));
    const [local, moving] = [decaying(), decaying()];
    for (const optimizer of [local, moving]) optimizer.excludeFromWeightDecay(exclude(weights));
    const remote = await RemoteOptimizer.create(moving, weights);
    const there = await remote.apply(gradients);
    local.apply(gradients, weights);
    expect(there).toEqual(weights.map((variable) => variable.array()));
    await remote.dispose();
  });
});
