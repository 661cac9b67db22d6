// `fit` on 1, 2 and 4 replicas, each twice: the same call, and the guarantees about the weights.

import { createHash } from "node:crypto";
import { Adam, layers, Sequential, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { loadDigits } from "./digits.mjs";

const { train, test } = loadDigits();

async function trained(replicas, workers = replicas) {
  setRandomSeed(1); // weights, order of the samples, dropout
  // `verify`: all weights of all replicas are compared after every step. `fit` rejects if they ever differ.
  const strategy = new MirroredStrategy({ replicas, workers, verify: true });
  const model = new Sequential([
    new layers.Dense(64, { activation: "relu", inputShape: [64] }),
    new layers.Dropout(0.2),
    new layers.Dense(10, { activation: "softmax" }),
  ]);
  model.compile({
    optimizer: new Adam({ learningRate: 0.005 }),
    loss: "sparse_categorical_crossentropy",
    metrics: ["accuracy"],
    distribute: strategy,
  });
  const { history } = await model.fit(train.x, train.y, { epochs: 15, batchSize: 64 });
  // The weights are back; this runs on this thread.
  const { accuracy } = await model.evaluate(test.x, test.y, { returnDict: true });
  const weights = model.getWeights().map(({ data }) => data);
  await strategy.close(); // ends its workers
  return { loss: history.loss.at(-1), accuracy, weights };
}

const hashOf = (weights) => weights.reduce((hash, data) => hash.update(data), createHash("sha256")).digest("hex");
const largest = (list) => list.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

console.log(`${train.count} digits to learn, ${test.count} to test; each global batch of 64 is split.`);
let alone;
let isRepeatable = true;
let away = 0;
for (const replicas of [1, 2, 4]) {
  const hashes = new Set();
  for (const run of [1, 2]) {
    const { loss, accuracy, weights } = await trained(replicas);
    alone ??= weights;
    away = Math.max(away, ...weights.map((data, i) => largest(data.map((value, j) => value - alone[i][j]))));
    const hash = hashOf(weights).slice(0, 12);
    hashes.add(hash);
    const numbers = `loss ${loss.toFixed(5)}  test accuracy ${(accuracy * 100).toFixed(1)} %`;
    console.log(`${replicas} replica${replicas > 1 ? "s" : " "}  run ${run}  ${numbers}  weights ${hash}`);
  }
  isRepeatable &&= hashes.size === 1;
}
// The number of replicas determines the result, that of workers only the speed.
for (const workers of [1, 2]) {
  const { weights } = await trained(4, workers);
  console.log(
    `4 replicas, their work done by ${workers} worker${workers > 1 ? "s" : ""}:${workers > 1 ? "" : " "} weights ${hashOf(weights).slice(0, 12)}`,
  );
}
console.log(
  `From run to run, with as many replicas: ${isRepeatable ? "the same bits" : "other bits, which is a bug"}.`,
);
console.log("On all replicas, after every step: the same bits, or fit would have rejected.");
console.log(`Between 1, 2 and 4: sums have another order, so no weight is more than ${away.toExponential(0)} away.`);
