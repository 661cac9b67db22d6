/**
 * Programs that the worker tests run in each host.
 *
 * @module
 */

/** Reads the line of {@link WORKERS} that says "same weights, replicas learn, no warnings" where all is well. */
export const REPORT = /^gradstep: (.*)$/m;

/** Reads the line with the weights, which are the same in every host. */
export const WEIGHTS = /^weights: (.*)$/m;

/** Declares `main`, which trains on this thread, in a worker and on replicas, compares the weights, and resolves to both lines. */
export const MAIN = `
import { layers, Sequential, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload } from "gradstep/worker";

const warnings = [];
console.warn = (...texts) => warnings.push(texts.join(" "));
const x = Array.from({ length: 8 }, (_, i) => [i / 8, 1 - i / 4]);
const y = x.map(([a, b]) => [a - 2 * b]);
const options = { epochs: 3, batchSize: 4, verbose: 0 };
const made = (distribute) => {
  setRandomSeed(7);
  const model = new Sequential([
    new layers.Dense(4, { inputShape: [2], activation: "tanh" }),
    new layers.BatchNormalization(),
    new layers.Dense(1),
  ]);
  model.compile({ optimizer: "adam", loss: "mse", distribute });
  return model;
};
const weightsOf = (weights) => weights.flatMap(({ data }) => [...data]);

async function main() {
  const local = made();
  await local.fit(x, y, options);
  const expected = weightsOf(local.getWeights());
  const remote = await offload(made());
  await remote.fit(x, y, options);
  const same = String(weightsOf(await remote.getWeights())) === String(expected);
  await remote.dispose();
  const told = [same ? "same weights" : "other weights"];
  if (typeof SharedArrayBuffer === "function" && globalThis.crossOriginIsolated !== false) {
    const strategy = new MirroredStrategy({ replicas: 2 });
    const mirrored = made(strategy);
    const { history } = await mirrored.fit(x, y, { ...options, epochs: 100 });
    await strategy.close();
    told.push(history.loss.at(-1) < history.loss[0] ? "replicas learn" : "replicas do not learn");
  }
  told.push(warnings.length === 0 ? "no warnings" : warnings.length + " warnings: " + warnings.join(" | "));
  return "weights: " + expected + "\\ngradstep: " + told.join(", ");
}
`;

/** The same in a host with files, after a model was saved and loaded. */
export const FILES = `${MAIN}
import { loadModel, saveModel } from "gradstep/saving";

async function saved() {
  const model = made();
  await model.fit(x, y, options);
  await saveModel(model, "saved.keras");
  const loaded = await loadModel("saved.keras");
  const same = String(weightsOf(loaded.getWeights())) === String(weightsOf(model.getWeights()));
  if (!same) throw new Error("The loaded model has other weights.");
}
saved().then(main).then(console.log, (error) => console.log("gradstep: " + (error.stack ?? error)));
`;

/** Prints what `main` resolves to. No top-level await: classic scripts have none. */
export const WORKERS = `${MAIN}
main().then(console.log, (error) => console.log("gradstep: " + (error.stack ?? error)));
`;
