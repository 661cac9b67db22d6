// Softmax regression, 64 pixels to 10 digits, with its gradients written out by hand.

import { tensor, Variable } from "gradstep";
import { CLASSES, PIXELS } from "./data.mjs";

export class Classifier {
  kernel = new Variable(new Float32Array(PIXELS * CLASSES), { shape: [PIXELS, CLASSES], name: "digits/kernel" });
  bias = new Variable(new Float32Array(CLASSES), { name: "digits/bias" });
  // Tensors are in WebAssembly memory: the optimizer reads them without a copy.
  #kernelGradient = tensor(new Float32Array(PIXELS * CLASSES), [PIXELS, CLASSES]);
  #biasGradient = tensor(new Float32Array(CLASSES));
  #scores = new Float64Array(CLASSES);

  /** The pairs for `applyGradients`. */
  get gradientsAndVariables() {
    return [
      [this.#kernelGradient, this.kernel],
      [this.#biasGradient, this.bias],
    ];
  }

  /** Fills the gradients of the mean cross-entropy over some rows; returns `{ loss, hits }`, summed over them. */
  backward({ images, labels }, rows) {
    const weights = { kernel: this.kernel.value, bias: this.bias.value };
    const kernelGradient = this.#kernelGradient.value.fill(0);
    const biasGradient = this.#biasGradient.value.fill(0);
    let loss = 0;
    let hits = 0;
    for (const row of rows) {
      const label = labels[row];
      const probabilities = this.#forward(weights, images, row);
      loss -= Math.log(probabilities[label]);
      if (argmax(probabilities) === label) hits += 1;
      // The gradient of the loss with respect to the scores: probabilities minus the one-hot label, times 1 / n for the
      // mean.
      probabilities[label] -= 1;
      for (let digit = 0; digit < CLASSES; digit++) {
        const slope = probabilities[digit] / rows.length;
        biasGradient[digit] += slope;
        for (let pixel = 0; pixel < PIXELS; pixel++) {
          kernelGradient[pixel * CLASSES + digit] += images[row * PIXELS + pixel] * slope;
        }
      }
    }
    return { loss, hits };
  }

  /** The fraction of rows whose digit is recognized, 0 to 1. */
  accuracy({ images, labels, count }) {
    const weights = { kernel: this.kernel.value, bias: this.bias.value };
    let hits = 0;
    for (let row = 0; row < count; row++) {
      if (argmax(this.#forward(weights, images, row)) === labels[row]) hits += 1;
    }
    return hits / count;
  }

  dispose() {
    for (const owned of [this.kernel, this.bias, this.#kernelGradient, this.#biasGradient]) owned.dispose();
  }

  #forward({ kernel, bias }, images, row) {
    const scores = this.#scores;
    for (let digit = 0; digit < CLASSES; digit++) {
      let score = bias[digit];
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        score += images[row * PIXELS + pixel] * kernel[pixel * CLASSES + digit];
      }
      scores[digit] = score;
    }
    return softmax(scores);
  }
}

function softmax(scores) {
  const largest = Math.max(...scores);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    // Math.exp may differ between JavaScript engines in the last bit. gradstep's arithmetic has the same bits
    // everywhere; this forward pass belongs to the example, so its losses may differ.
    scores[i] = Math.exp(scores[i] - largest);
    sum += scores[i];
  }
  for (let i = 0; i < scores.length; i++) scores[i] /= sum;
  return scores;
}

function argmax(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
