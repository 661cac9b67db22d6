// The network that TensorFlow.js trained, frozen, with a new last layer.

import { Adam, Input, layers, type Model, Sequential } from "gradstep";
import { loadModel } from "gradstep/saving";
import { SIDE } from "./images.js";

const EPOCHS = 40;
const BATCH = 16;
const RATE = 0.01;

/** Contiguous images, and the class of each. */
export interface Labelled {
  readonly x: Float32Array;
  readonly y: Int32Array;
}

/** Its last layers, all dense, which are specific to the classes of the first training. */
const OLD_HEAD = 2;

/** A model for this many classes, with the frozen layers of the loaded one except its head. */
export async function withNewHead(url: URL | string, classes: number): Promise<Model> {
  const loaded = await loadModel(url);
  const features: layers.Layer[] = loaded.layers.slice(0, -OLD_HEAD);
  for (const layer of features) layer.trainable = false;
  const head = new layers.Dense(classes, { activation: "softmax", name: "head" });
  const model = new Sequential([Input([SIDE, SIDE, 1]), ...features, head]);
  model.compile({ optimizer: new Adam(RATE), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

/** The fraction of images with correct predictions, from 0 to 1. */
export async function accuracyOf(model: Model, { x, y }: Labelled): Promise<number> {
  const { accuracy } = await model.evaluate(x, y, { verbose: 0, returnDict: true });
  return Number(accuracy);
}

/** Trains the head. */
export async function train(model: Model, { x, y }: Labelled, onEpoch: (part: number) => void): Promise<void> {
  await model.fit(x, y, {
    epochs: EPOCHS,
    batchSize: BATCH,
    verbose: 0,
    callbacks: [{ onEpochEnd: (epoch) => onEpoch((epoch + 1) / EPOCHS) }],
  });
}

/** The predicted class of each image. */
export async function answers(model: Model, x: Float32Array): Promise<number[]> {
  using scores = await model.predict(x);
  const [count = 0, classes = 0] = scores.shape;
  const values = scores.array();
  return Array.from({ length: count }, (_, row) => {
    const own = values.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}
