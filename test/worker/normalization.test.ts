/** Statistics that Normalization was adapted to move into a worker and to replicas. */

import { layers, Sequential, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";
import { bits, y as labels, x as numbers } from "./training.js";

const y = Array.from(labels, (label) => [label]);
/** Far from zero: without the statistics, nothing would be learnt of them. */
const x = y.map((_, i) => [...numbers.slice(i * 6, i * 6 + 6)].map((value, k) => 100 * value + 1000 * k));
const options = { epochs: 2, batchSize: 12, shuffle: false, verbose: 0 } as const;

function compiled(distribute?: MirroredStrategy): Sequential {
  setRandomSeed(7);
  const normalization = new layers.Normalization({ name: "n" });
  normalization.adapt(x);
  const model = new Sequential([normalization, new layers.Dense(4, { activation: "tanh" }), new layers.Dense(1)]);
  model.build([null, 6]);
  model.compile({ optimizer: "adam", loss: "mse", ...(distribute ? { distribute } : {}) });
  return model;
}

it("in a worker: the same predictions, the same bits of training", async () => {
  const local = compiled();
  const remote = await offload(compiled());
  const here = Float32Array.from((await local.predict(x, { verbose: 0 })).array());
  expect(Float32Array.from((await remote.predict(x, { verbose: 0 })).array())).toEqual(here);
  const { history } = await local.fit(x, y, options);
  const there = await remote.fit(x, y, options);
  expect([there.history, bits(await remote.getWeights())]).toEqual([history, bits(local.getWeights())]);
  await remote.dispose();
});

it("on replicas: they normalize alike, and the statistics stay", async () => {
  const strategy = new MirroredStrategy({ replicas: 2 });
  const model = compiled(strategy);
  const before = bits(model.getWeights().slice(0, 3));
  const { history } = await model.fit(x, y, options);
  const alone = await compiled().fit(x, y, options);
  for (const [i, loss] of (history.loss as number[]).entries())
    expect(loss).toBeCloseTo(alone.history.loss?.[i] as number, 4);
  expect(bits(model.getWeights().slice(0, 3))).toEqual(before);
  await strategy.close();
});
