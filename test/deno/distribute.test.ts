// Run by `npm test` in a separate project, with the packed package installed and no permission granted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { layers, Sequential, setRandomSeed } from "gradstep";
import { getReplicaContext, MirroredStrategy } from "gradstep/distribute";

const x = Float32Array.from({ length: 60 }, (_, i) => ((i * 5) % 17) / 8 - 1);
const y = Float32Array.from({ length: 20 }, (_, i) => ((i * 3) % 7) / 3);

async function trained(distribute: MirroredStrategy | null) {
  setRandomSeed(3);
  const model = new Sequential([
    new layers.Dense(4, { inputShape: [3] }),
    new layers.Dropout(0.2),
    new layers.Dense(1),
  ]);
  model.compile({ optimizer: "adam", loss: "mse", distribute });
  await model.fit(x, y, { epochs: 3, batchSize: 7 });
  return model.getWeights().flatMap(({ data }) => [...data]);
}

test("replicas train without any permission, as one would, with the same bits each time", async () => {
  const alone = await trained(null);
  const strategy = new MirroredStrategy({ replicas: 2, verify: true });
  const first = await trained(strategy);
  const second = await trained(strategy);
  await strategy.close();
  assert.deepEqual(second, first);
  first.forEach((value, i) => {
    assert.ok(Math.abs(value - (alone[i] ?? Number.NaN)) < 1e-5);
  });
  assert.equal(getReplicaContext().size, 1);
});

test("a refusal of one replica is thrown by all, and no replica hangs", async () => {
  const strategy = new MirroredStrategy({ replicas: 2 });
  const model = new Sequential([new layers.Dense(2, { inputShape: [3], activation: "softmax" })]);
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", distribute: strategy });
  const labels = new Int32Array(20);
  labels[19] = 5;
  await assert.rejects(model.fit(x, labels, { batchSize: 20, shuffle: false }), { name: "ValueError" });
  await strategy.close();
});
