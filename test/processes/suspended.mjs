// A program on replicas and then on threads, which the test suspends and resumes. It prints the name of each phase,
// and its weights. Its replicas and threads wait for each other for less than one suspension lasts.

import { MirroredStrategy } from "../../dist/distribute/index.js";
import { Adam, layers, Sequential, tensor, Variable } from "../../dist/index.js";
import { setThreads } from "../../dist/threads/index.js";
import { configureThreads } from "../../dist/threads/program-threads.js";

/** Milliseconds. On a busy machine, a thread may stand still for a second. */
const PATIENCE = 1500;
configureThreads({ patience: PATIENCE });
await setThreads(2);
const numbers = Float32Array.from({ length: 2_000_000 }, (_, i) => ((i * 7919) % 1000) / 1000 - 0.5);

const strategy = new MirroredStrategy({ replicas: 2, timeout: PATIENCE });
const model = new Sequential([
  new layers.Dense(32, { inputShape: [64], kernelInitializer: "ones" }),
  new layers.Dense(1, { kernelInitializer: "ones" }),
]);
model.compile({ optimizer: "adam", loss: "mse", distribute: strategy });
const train = (epochs) =>
  model.fit(tensor(numbers.subarray(0, 64_000), [1000, 64]), tensor(numbers.subarray(0, 1000), [1000, 1]), {
    epochs,
    verbose: 0,
    shuffle: false,
  });
await train(1);
console.log("replicas");
await train(60);
await strategy.close();

console.log("threads");
const w = new Variable(numbers);
const adam = new Adam();
for (let step = 0; step < 150; step++) {
  adam.apply([numbers], [w]);
  if (step % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 5));
}
let hash = 0;
for (const { value } of [w, ...model.weights])
  for (const word of new Uint32Array(Float32Array.from(value).buffer)) hash = Math.imul(hash ^ word, 16777619);
console.log(JSON.stringify({ hash, threads: await setThreads(1) }));
