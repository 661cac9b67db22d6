// Time from the loss of a worker to the rejection of a call.

import { Worker } from "node:worker_threads";
import { layers, Sequential } from "../../dist/index.js";
import { offload } from "../../dist/worker/index.js";
import { summary } from "../measure/rounds.mjs";

const KILLS = 50;

/** A model that trains endlessly in a worker, and the worker. */
async function training() {
  const model = new Sequential([new layers.Dense(64, { inputShape: [32] }), new layers.Dense(1)]);
  model.compile({ optimizer: "adam", loss: "mse" });
  let worker;
  const createWorker = (url) => {
    worker = new Worker(url);
    return worker;
  };
  const remote = await offload(model, { createWorker });
  let heard;
  const begun = new Promise((resolve) => {
    heard = resolve;
  });
  const data = [new Float32Array(32 * 256), new Float32Array(256)];
  const running = remote.fit(...data, { epochs: 1e9, callbacks: [{ onEpochEnd: heard }] });
  running.catch(() => {});
  await begun;
  model.dispose();
  return { remote, worker, running };
}

export const workerLoss = {
  id: "workerLoss",
  title: "A worker is lost",
  means: `From \`terminate()\` to the rejection of the \`fit\` that was running in it, ${KILLS} times. The promise is less than a second.`,
  async measure() {
    const samples = [];
    for (let i = 0; i < KILLS; i++) {
      const { remote, worker, running } = await training();
      const start = performance.now();
      worker.terminate();
      const error = await running.catch((error) => error);
      samples.push(performance.now() - start);
      if (error.code !== "ERR_WORKER_LOST") throw error;
      await remote.dispose();
    }
    return [{ label: "killed while it trains, Node", measured: summary(samples) }];
  },
};
