// `fit` on replicas, compared with local `fit`.

import { MirroredStrategy } from "../../dist/distribute/index.js";
import { Adam, layers, Sequential, setRandomSeed } from "../../dist/index.js";
import { offload } from "../../dist/worker/index.js";
import { uniform } from "../data.mjs";
import { summary } from "../measure/rounds.mjs";

const BATCH = 512;
/** Steps of the `fit` of a sample: the weights are sent and returned once. */
const [EPOCHS, BATCHES] = [3, 16];
const STEPS = EPOCHS * BATCHES;
const PIXELS = 784;
const CLASSES = 10;
const LOCAL = "here, without a strategy";
const REPLICAS = [1, 2];
const APART = "two workers, a half each, apart";
const MOST_ROUNDS = 15;

/** Noise around a pattern of its class, for each sample. */
function samples() {
  const next = uniform(20261124);
  const y = Int32Array.from({ length: BATCH * BATCHES }, () => Math.floor(next() * CLASSES));
  const x = new Float32Array(y.length * PIXELS);
  for (let i = 0; i < x.length; i++) {
    const kind = y[Math.floor(i / PIXELS)];
    x[i] = 0.5 * next() + (((i % PIXELS) * 37 + kind * 101) % 97) / 194;
  }
  return [x, y];
}

function compiled(distribute) {
  setRandomSeed(1);
  const model = new Sequential([
    new layers.Dense(512, { activation: "relu", inputShape: [PIXELS] }),
    new layers.Dense(512, { activation: "relu" }),
    new layers.Dense(CLASSES, { activation: "softmax" }),
  ]);
  model.compile({ optimizer: new Adam(), loss: "sparse_categorical_crossentropy", metrics: ["accuracy"], distribute });
  return model;
}

/** Two independent models: the limit of the machine. */
async function apart() {
  const models = [compiled(), compiled()];
  const remotes = await Promise.all(models.map((model) => offload(model)));
  for (const model of models) model.dispose();
  return {
    fit: (x, y, options) =>
      Promise.all(
        remotes.map((remote, i) => {
          const half = (array) => array.subarray((array.length * i) / 2, (array.length * (i + 1)) / 2);
          return remote.fit(half(x), half(y), options);
        }),
      ),
    dispose: () => Promise.all(remotes.map((remote) => remote.dispose())),
  };
}

export const fitScaling = {
  id: "fitScaling",
  title: "`fit` on replicas",
  means: `A complete step of \`fit\`: MLP 784-512-512-10 (670,000 parameters), global batches of ${BATCH}, Adam, accuracy. A sample is \`fit\` over ${STEPS} steps, including the transfer of model and data to the workers and back; rows take turns. The last row is the machine's limit: its workers sum nothing and never wait.`,
  async measure({ seconds }) {
    const data = samples();
    const strategies = REPLICAS.map((replicas) => new MirroredStrategy({ replicas }));
    const contestants = [
      { label: LOCAL, model: compiled() },
      ...strategies.map((distribute) => ({
        label: `${distribute.replicas} replica${distribute.replicas > 1 ? "s" : ""}`,
        model: compiled(distribute),
      })),
    ].map((contestant) => ({ ...contestant, samples: [] }));
    contestants.push({ label: APART, model: await apart(), batchSize: BATCH / 2, samples: [] });
    const turn = async ({ model, batchSize = BATCH }) => {
      const start = performance.now();
      await model.fit(...data, { batchSize, epochs: EPOCHS, verbose: 0 });
      return (performance.now() - start) / STEPS;
    };
    for (const contestant of contestants) await turn(contestant);
    const deadline = performance.now() + seconds * 1000;
    for (let round = 0; round < MOST_ROUNDS && performance.now() < deadline; round++) {
      for (const contestant of contestants) contestant.samples.push(await turn(contestant));
    }
    for (const { model } of contestants) await model.dispose();
    await Promise.all(strategies.map((strategy) => strategy.close()));
    return contestants.map(({ label, samples }) => {
      const measured = summary(samples);
      const note = `${(1000 / measured.median).toFixed(1)} steps a second`;
      return { label, measured, note, ...(label === LOCAL ? {} : { against: LOCAL }) };
    });
  },
};
