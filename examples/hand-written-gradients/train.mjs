// The training loop: shuffled mini-batches, one optimizer step each.

import { Classifier } from "./classifier.mjs";
import { seeded, shuffle } from "./random.mjs";

export const EPOCHS = 60;
export const BATCH = 32;

/** Number of steps of a whole run, for schedules. */
export const stepsFor = ({ count }) => Math.ceil(count / BATCH) * EPOCHS;

/**
 * Trains a new classifier. `onEpoch` gets `{ epoch, loss, accuracy }` of the training rows.
 * Returns `{ accuracy, stepsPerSecond, optimizerMicroseconds }`: test accuracy, complete steps per second, and the
 * optimizer's time per step.
 */
export function train(optimizer, { train: rows, test }, onEpoch = () => {}) {
  const classifier = new Classifier();
  const pairs = classifier.gradientsAndVariables;
  const order = Array.from({ length: rows.count }, (_, row) => row);
  const random = seeded(2);
  let inOptimizer = 0;
  const start = performance.now();
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    shuffle(order, random);
    let loss = 0;
    let hits = 0;
    for (let at = 0; at < rows.count; at += BATCH) {
      const batch = classifier.backward(rows, order.slice(at, at + BATCH));
      loss += batch.loss;
      hits += batch.hits;
      const before = performance.now();
      optimizer.applyGradients(pairs);
      inOptimizer += performance.now() - before;
    }
    onEpoch({ epoch, loss: loss / rows.count, accuracy: hits / rows.count });
  }
  const seconds = (performance.now() - start) / 1000;
  const accuracy = classifier.accuracy(test);
  const steps = optimizer.iterations;
  classifier.dispose();
  optimizer.dispose();
  return { accuracy, stepsPerSecond: steps / seconds, optimizerMicroseconds: (inOptimizer * 1000) / steps };
}
