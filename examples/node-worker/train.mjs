// A model trains in a worker; this thread stays responsive, gets the logs of every epoch, and stops training early.

import { callbacks, layers, Sequential, setRandomSeed } from "gradstep";
import { offload } from "gradstep/worker";

setRandomSeed(1);

// Points in a square; those within a circle are 1.
const x = Array.from({ length: 2000 }, (_, i) => [((i * 37) % 101) / 50 - 1, ((i * 53) % 97) / 48 - 1]);
const y = x.map(([a, b]) => (a * a + b * b < 0.5 ? 1 : 0));

const model = new Sequential([
  new layers.Dense(32, { activation: "relu", inputShape: [2] }),
  new layers.Dense(32, { activation: "relu" }),
  new layers.Dense(1, { activation: "sigmoid" }),
]);
model.compile({ optimizer: "adam", loss: "binary_crossentropy", metrics: ["accuracy"] });

// Layers, weights, optimizer and the random generator are sent along: the worker continues like this thread.
const remote = await offload(model);

let turns = 0;
const timer = setInterval(() => turns++, 5);

const { epoch } = await remote.fit(x, y, {
  epochs: 200,
  validationSplit: 0.2,
  callbacks: [
    // Callbacks run on this thread, and may stop training in the worker.
    new callbacks.EarlyStopping({ monitor: "val_loss", patience: 5, restoreBestWeights: true }),
    {
      onEpochEnd(epoch, logs) {
        if (epoch % 20 === 0) console.log(`epoch ${String(epoch).padStart(3)}  loss ${logs.loss.toFixed(4)}`);
      },
    },
  ],
});
clearInterval(timer);
console.log(`${epoch.length} epochs; meanwhile this thread ran ${turns > 0 ? "its timer" : "nothing"}`);

// The weights are copied back; without the worker, Node exits.
model.setWeights(await remote.getWeights());
await remote.dispose();

const { accuracy } = await model.evaluate(x, y, { returnDict: true });
console.log(`Accuracy: ${(accuracy * 100).toFixed(1)} %`);
