// A model with custom steps: this script and the worker's use the same class.

import { GradientTape, metrics, Sequential } from "gradstep";

export class CustomModel extends Sequential {
  static className = "CustomModel";
  /** Metrics in public fields are reset before each epoch, and reported after it. */
  lossTracker = new metrics.Mean({ name: "loss" });
  error = new metrics.MeanAbsoluteError({ name: "mae" });

  trainStep([x, y, sampleWeight]) {
    const tape = new GradientTape();
    let yPred;
    const loss = tape.run(() => {
      yPred = this.apply(x, { training: true });
      return this.computeLoss({ x, y, yPred, sampleWeight, training: true });
    });
    this.optimizer.apply(tape.gradient(loss, this.trainableWeights), this.trainableWeights);
    return this.#measured(loss, y, yPred);
  }

  testStep([x, y, sampleWeight]) {
    const yPred = this.apply(x);
    return this.#measured(this.computeLoss({ x, y, yPred, sampleWeight, training: false }), y, yPred);
  }

  #measured(loss, y, yPred) {
    this.lossTracker.updateState(loss);
    this.error.updateState(y, yPred);
    return { loss: this.lossTracker.result(), mae: this.error.result() };
  }
}
