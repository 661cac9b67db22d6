// The model, and a run of it: in a worker, or on this thread with the same calls.

import { Adam, CosineDecay, Input, layers, Sequential, setRandomSeed } from "gradstep";
import { offload, type RemoteModel } from "gradstep/worker";
import type { Digits } from "./digits.js";

const EPOCHS = 20;
const BATCH = 256;

/** Place of the training. */
export type Place = "worker" | "thread";

/** Callbacks of a run, on this thread. */
export interface Listener {
  /** Called before `fit`; `steps` is the total number. */
  onBegin(steps: number): void;
  /** Called after a batch, with its number and its loss. */
  onStep(step: number, loss: number): void;
  /** Called after an epoch, with loss and accuracy on test images, and some predictions. */
  onEpoch(epoch: number, epochs: number, loss: number, accuracy: number, answers: readonly number[]): void;
  /** Called after `fit`, with the number of images that the model was trained on. */
  onEnd(images: number): void;
}

/** The common interface of a local model and one in a worker. */
type Trainee = Pick<RemoteModel, "fit" | "predict" | "stopTraining">;

function newModel(steps: number): Sequential {
  // Weights and order are the same in every run, so both places have the same curve.
  setRandomSeed(1);
  const model = new Sequential([
    Input({ shape: [8, 8, 1] }),
    new layers.Conv2D(32, 3, { padding: "same", activation: "relu" }),
    new layers.Conv2D(64, 3, { padding: "same", activation: "relu" }),
    new layers.MaxPooling2D(),
    new layers.Flatten(),
    new layers.Dropout(0.25),
    new layers.Dense(128, { activation: "relu" }),
    new layers.Dropout(0.25),
    new layers.Dense(10, { activation: "softmax" }),
  ]);
  model.compile({
    optimizer: new Adam({ learningRate: new CosineDecay({ initialLearningRate: 0.003, decaySteps: steps }) }),
    loss: "sparse_categorical_crossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** One training after the other, each from the start. */
export class Trainer {
  readonly #train: Digits;
  readonly #test: Digits;
  readonly #samples: Float32Array;
  #running: Trainee | undefined;

  /** @param samples - The number of test images that are shown with predictions. */
  constructor(train: Digits, test: Digits, samples: number) {
    this.#train = train;
    this.#test = test;
    this.#samples = test.x.slice(0, (test.x.length / test.count) * samples);
  }

  /** Trains; resolves when it is done, or was stopped. */
  async run(place: Place, listener: Listener): Promise<void> {
    const batches = Math.ceil(this.#train.count / BATCH);
    const model = newModel(batches * EPOCHS);
    try {
      if (place === "thread") {
        await this.#fit(model, batches, listener);
      } else {
        await using remote = await offload(model);
        await this.#fit(remote, batches, listener);
      }
    } finally {
      model.dispose();
    }
  }

  /** Ends the training after the current batch. */
  stop(): void {
    if (this.#running !== undefined) this.#running.stopTraining = true;
  }

  async #fit(model: Trainee, batches: number, listener: Listener): Promise<void> {
    let steps = 0;
    let sum = 0;
    this.#running = model;
    listener.onBegin(batches * EPOCHS);
    try {
      await model.fit(this.#train.x, this.#train.y, {
        batchSize: BATCH,
        epochs: EPOCHS,
        validationData: [this.#test.x, this.#test.y],
        verbose: 0,
        callbacks: [
          {
            onTrainBatchEnd: (batch, logs) => {
              // The logs have the mean of the epoch so far, as Keras's do.
              const before = batch === 0 ? 0 : sum;
              sum = Number(logs.loss) * (batch + 1);
              listener.onStep(++steps, sum - before);
            },
            onEpochEnd: async (epoch, logs) => {
              const answers = await this.#answers(model);
              listener.onEpoch(epoch + 1, EPOCHS, Number(logs.val_loss), Number(logs.val_accuracy), answers);
            },
          },
        ],
      });
    } finally {
      this.#running = undefined;
      listener.onEnd(Math.min(steps * BATCH, this.#train.count * EPOCHS));
    }
  }

  /** Digits that the model predicts for the samples. */
  async #answers(model: Trainee): Promise<number[]> {
    using scores = await model.predict(this.#samples);
    const [count = 0, classes = 0] = scores.shape;
    const values = scores.array();
    return Array.from({ length: count }, (_, row) => {
      const own = values.subarray(row * classes, (row + 1) * classes);
      return own.indexOf(Math.max(...own));
    });
  }
}
