/** Functional models with operations, in workers and on replicas. */

import { Input, layers, Model, ops, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";
import { bits, x, y } from "./training.js";

function compiled(distribute?: MirroredStrategy): Model {
  setRandomSeed(3);
  const input = Input({ shape: [6] });
  const hidden = ops.add(ops.tanh(new layers.Dense(6).apply(input)), ops.multiply(input, 0.5));
  const [left, right] = ops.split(hidden, 2, -1) as [layers.SymbolicTensor, layers.SymbolicTensor];
  const joined = ops.concatenate([ops.multiply(left, right), ops.mean(hidden, -1, true)], -1);
  const model = new Model({ inputs: input, outputs: new layers.Dense(1).apply(joined) });
  model.compile({ optimizer: "adam", loss: "mse", ...(distribute ? { distribute } : {}) });
  return model;
}

const options = { epochs: 2, batchSize: 24, shuffle: false, verbose: 0 } as const;

it("train in a worker with the same bits", async () => {
  const local = compiled();
  const { history } = await local.fit(x, y, options);
  const remote = await offload(compiled());
  const there = await remote.fit(x, y, options);
  expect([there.history, bits(await remote.getWeights())]).toEqual([history, bits(local.getWeights())]);
  await remote.dispose();
});

it("train on replicas", async () => {
  const strategy = new MirroredStrategy({ replicas: 2 });
  const model = compiled(strategy);
  const { history } = await model.fit(x, y, options);
  const alone = await compiled().fit(x, y, options);
  for (const [i, loss] of (history.loss as number[]).entries())
    expect(loss).toBeCloseTo(alone.history.loss?.[i] as number, 4);
  await strategy.close();
});
