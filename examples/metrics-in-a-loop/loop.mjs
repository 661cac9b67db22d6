// Keras's guide "writing a training loop from scratch": a metric of training, a loop of validation after each epoch.

import { Adam, GradientTape, layers, losses, metrics, Sequential, setRandomSeed, tensor, zip } from "gradstep";

setRandomSeed(1);
const EPOCHS = 5;
const BATCH = 32;

// Points of a square, and their class: one of two rings, or the rest.
const samples = Array.from({ length: 1280 }, (_, i) => [((i * 37) % 199) / 99.5 - 1, ((i * 101) % 211) / 105.5 - 1]);
const ring = ([x, y]) => Math.min(2, Math.floor(Math.hypot(x, y) * 2.2));
const batches = Array.from({ length: samples.length / BATCH }, (_, i) => {
  const part = samples.slice(i * BATCH, (i + 1) * BATCH);
  return [tensor(part), tensor(Int32Array.from(part, ring), [BATCH, 1])];
});
const [validation, training] = [batches.slice(0, 8), batches.slice(8)];

const model = new Sequential([
  new layers.Dense(64, { activation: "relu", inputShape: [2] }),
  new layers.Dense(64, { activation: "relu" }),
  new layers.Dense(3),
]);
const optimizer = new Adam({ learningRate: 0.01 });
const lossFn = new losses.SparseCategoricalCrossentropy({ fromLogits: true });
const trainMetric = new metrics.SparseCategoricalAccuracy();
const validationMetric = new metrics.SparseCategoricalAccuracy();
const meanLoss = new metrics.Mean();

for (let epoch = 1; epoch <= EPOCHS; epoch++) {
  for (const [x, y] of training) {
    const tape = new GradientTape();
    let logits;
    const loss = tape.run(() => {
      logits = model.apply(x, { training: true });
      return lossFn.apply(y, logits);
    });
    const gradients = tape.gradient(loss, model.trainableWeights);
    optimizer.applyGradients(zip(gradients, model.trainableWeights));
    // Logits and loss of this iteration are still readable.
    trainMetric.updateState(y, logits);
    meanLoss.updateState(loss);
  }
  for (const [x, y] of validation) validationMetric.updateState(y, model.apply(x, { training: false }));

  const [loss, accuracy, validated] = [meanLoss, trainMetric, validationMetric].map((metric) => {
    const result = metric.result().toFixed(3);
    metric.resetState();
    return result;
  });
  console.log(`epoch ${epoch}: loss ${loss}, accuracy ${accuracy}, validation accuracy ${validated}`);
}
