// mpirun -n 4 node train.js: a convolutional network learns handwritten digits in four processes.

import { Adam, Input, layers, Sequential, setRandomSeed } from "gradstep";
import { MpiGroup } from "gradstep/mpi";
import { loadDigits } from "../digits/data.mjs";

const EPOCHS = 10;
const BATCH = 64;

const group = await MpiGroup.open();

// Every process runs this script and has all of the data; `fit` assigns to each its part of each batch.
setRandomSeed(1);
const { train, test } = loadDigits();

const model = new Sequential([
  Input({ shape: [8, 8, 1] }),
  new layers.Conv2D(16, 3, { padding: "same", activation: "relu" }),
  new layers.MaxPooling2D(),
  new layers.Flatten(),
  new layers.Dropout(0.25),
  new layers.Dense(64, { activation: "relu" }),
  new layers.Dense(10, { activation: "softmax" }),
]);
model.compile({
  optimizer: new Adam({ learningRate: 0.003 }),
  loss: "sparse_categorical_crossentropy",
  metrics: ["accuracy"],
  distribute: group,
});

const start = performance.now();
await model.fit(train.x, train.y, { batchSize: BATCH, epochs: EPOCHS, verbose: 0 });
const seconds = (performance.now() - start) / 1000;
const { accuracy } = await model.evaluate(test.x, test.y, { returnDict: true, verbose: 0 });

// Compares the weights of all processes, bit by bit.
const hash = group.verify(model.weights).toString(16).padStart(8, "0");
if (group.rank === 0) {
  console.log(
    `${group.size} ${group.size === 1 ? "replica" : "replicas"}, ${seconds.toFixed(1)} s: test accuracy ${(accuracy * 100).toFixed(1)} %, ` +
      `weights ${hash} on all`,
  );
}
