/** The state of `ReduceOnPlateau` in a worker and on replicas: it comes back after each run. */

import { Adam, layers, ReduceOnPlateau, Sequential, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";
import { bits, x, y } from "./training.js";

/** Lowers the rate at the epochs 2, 3, 5, 6, and so on. */
const made = () => new ReduceOnPlateau(0.01, { rtol: 0.99, patience: 1, cooldown: 1, factor: 0.5 });

function compiled(learningRate: ReduceOnPlateau, distribute?: MirroredStrategy): Sequential {
  setRandomSeed(7);
  const model = new Sequential([new layers.Dense(4, { inputShape: [6] }), new layers.Dense(1)]);
  model.compile({ optimizer: new Adam({ learningRate }), loss: "mse", ...(distribute ? { distribute } : {}) });
  return model;
}

const fit = { batchSize: 32, shuffle: false, verbose: 0 } as const;

it("continues in a worker", async () => {
  const local = compiled(made());
  const remote = await offload(compiled(made()));
  for (const model of [local, remote]) {
    await model.fit(x, y, { ...fit, epochs: 2 });
    await model.fit(x, y, { ...fit, initialEpoch: 2, epochs: 5 });
  }
  expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
  expect(bits(await remote.getWeights())).not.toEqual(bits(compiled(made()).getWeights()));
  await remote.dispose();
});

it("is sent to replicas, and returned", async () => {
  const strategy = new MirroredStrategy({ replicas: 2, verify: true });
  const [alone, shared] = [made(), made()];
  for (const model of [compiled(alone), compiled(shared, strategy)]) {
    await model.fit(x, y, { ...fit, epochs: 2 });
    await model.fit(x, y, { ...fit, initialEpoch: 2, epochs: 5 });
  }
  expect(alone.scale).toBe(0.25);
  expect(shared.scale).toBe(alone.scale);
  await strategy.close();
});
