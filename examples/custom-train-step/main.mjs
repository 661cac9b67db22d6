// Custom training and test steps in fit, on this thread and in a worker, after Keras's guide "Customizing what happens
// in fit()".

import { Worker } from "node:worker_threads";
import { Adam, callbacks, layers, setRandomSeed } from "gradstep";
import { offload } from "gradstep/worker";
import { CustomModel } from "./model.mjs";

// A smooth function of three numbers.
const x = Array.from({ length: 600 }, (_, i) => [((i * 37) % 101) / 101, ((i * 53) % 97) / 97, ((i * 29) % 89) / 89]);
const y = x.map(([a, b, c]) => [a * b + c * c]);
const rows = (from, to) => [x.slice(from, to), y.slice(from, to)];
const [train, test] = [rows(0, 500), rows(500, 600)];

function compiled() {
  setRandomSeed(1);
  const model = new CustomModel([new layers.Dense(16, { activation: "tanh", inputShape: [3] }), new layers.Dense(1)]);
  model.compile({ optimizer: new Adam(0.01), loss: "mse" });
  return model;
}

/** Trains a local model, or one in a worker: the calls are the same. */
async function trained(model) {
  const stop = new callbacks.EarlyStopping({ monitor: "val_mae", patience: 8, mode: "min" });
  const options = { epochs: 40, batchSize: 20, validationData: test, verbose: 0, callbacks: [stop] };
  return (await model.fit(...train, options)).history;
}

const model = compiled();
const history = await trained(model);
for (const name of Object.keys(history)) {
  console.log(`${name}: ${history[name][0].toFixed(4)} -> ${history[name].at(-1).toFixed(4)}`);
}

const createWorker = () => new Worker(new URL("./worker.mjs", import.meta.url));
const remote = await offload(compiled(), { createWorker });
const there = await trained(remote);
await remote.dispose();
console.log(JSON.stringify(there) === JSON.stringify(history) ? "in a worker: the same" : "in a worker: other numbers");
