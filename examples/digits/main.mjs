// `npm start`: a convolutional network learns handwritten digits by compile and fit.

import { Adam, CosineDecay, callbacks, Input, layers, Sequential, setRandomSeed } from "gradstep";
import { confusionTable } from "./confusion.mjs";
import { loadDigits } from "./data.mjs";

const EPOCHS = 20;
const BATCH = 32;

// Weights, order of the samples and dropout depend on the seed: every run has the same bits, on any machine.
setRandomSeed(1);
const { train, test } = loadDigits();

const model = new Sequential([
  Input({ shape: [8, 8, 1] }),
  new layers.Conv2D(16, 3, { padding: "same", activation: "relu" }),
  new layers.Conv2D(32, 3, { padding: "same", activation: "relu" }),
  new layers.MaxPooling2D(),
  new layers.Flatten(),
  new layers.Dropout(0.25),
  new layers.Dense(64, { activation: "relu" }),
  new layers.Dropout(0.25),
  new layers.Dense(10, { activation: "softmax" }),
]);
const decaySteps = EPOCHS * Math.ceil(train.count / BATCH);
model.compile({
  optimizer: new Adam({ learningRate: new CosineDecay({ initialLearningRate: 0.003, decaySteps }) }),
  loss: "sparse_categorical_crossentropy",
  metrics: ["accuracy"],
});
model.summary();

const start = performance.now();
await model.fit(train.x, train.y, {
  batchSize: BATCH,
  epochs: EPOCHS,
  validationData: [test.x, test.y],
  verbose: process.stdout.isTTY ? 1 : 2,
  callbacks: [new callbacks.TerminateOnNaN()],
});
const seconds = (performance.now() - start) / 1000;

const { loss, accuracy } = await model.evaluate(test.x, test.y, { returnDict: true });
console.log(`\nTrained on ${train.count} images in ${seconds.toFixed(1)} s.`);
console.log(
  `Test accuracy: ${(accuracy * 100).toFixed(1)} % of ${test.count} other images (loss ${loss.toFixed(4)})\n`,
);

const predictions = await model.predict(test.x);
console.log(confusionTable(test.y, predictions));

console.log(`
Next:
  docs/getting-started.md  training, saving and custom loops, step by step
  examples/                complete programs, such as custom losses, workers, a GAN and a browser page
  npm test                 compares everything with Keras
  npm run bench            measures against other libraries`);
