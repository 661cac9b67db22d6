// A model trains in a worker, with a rate that this thread lowers, and computes the same bits as a local model.

import { Adam, callbacks, layers, Sequential, setRandomSeed } from "gradstep";
import { offload } from "gradstep/worker";

// Points in a 3 x 3 checkerboard; those on dark fields have label 1.
const x = Array.from({ length: 1800 }, (_, i): [number, number] => [((i * 37) % 101) / 34, ((i * 53) % 97) / 33]);
const y = x.map(([a, b]) => (Math.floor(a) + Math.floor(b)) % 2);

function newModel(): Sequential {
  setRandomSeed(1);
  const model = new Sequential([
    new layers.Dense(48, { activation: "relu", inputShape: [2] }),
    new layers.Dense(48, { activation: "relu" }),
    new layers.Dense(1, { activation: "sigmoid" }),
  ]);
  model.compile({ optimizer: new Adam({ learningRate: 0.01 }), loss: "binary_crossentropy", metrics: ["accuracy"] });
  return model;
}

const options = {
  epochs: 60,
  validationSplit: 0.2,
  callbacks: [new callbacks.ReduceLROnPlateau({ monitor: "loss", patience: 3, factor: 0.5 })],
};
const report = {
  onEpochEnd(epoch: number, { loss, val_accuracy }: callbacks.Logs) {
    if ((epoch + 1) % 15 !== 0) return;
    console.log(`epoch ${epoch + 1}  loss ${Number(loss).toFixed(4)}  accuracy ${percent(val_accuracy)}`);
  },
};

let turns = 0;
const timer = setInterval(() => turns++, 5);
const model = newModel();
{
  // The worker ends with this block, whatever happens in it.
  await using remote = await offload(model);
  await remote.fit(x, y, { ...options, callbacks: [...options.callbacks, report] });
  model.setWeights(await remote.getWeights());
}
clearInterval(timer);
console.log(`Meanwhile this thread ran ${turns > 0 ? "its timer" : "nothing"}.`);

const local = newModel();
await local.fit(x, y, options);
const isSame =
  String(model.getWeights().map(({ data }) => data)) === String(local.getWeights().map(({ data }) => data));
console.log(`Trained here, ${isSame ? "it gets the same weights" : "its weights differ"}.`);

function percent(value: callbacks.Logs[string]): string {
  return `${(Number(value) * 100).toFixed(1)} %`;
}
