/**
 * Models and data that the replicas of the tests train.
 *
 * @module
 */

import {
  type CompileOptions,
  type FitOptions,
  Input,
  layers,
  Model,
  optimizers,
  Sequential,
  setRandomSeed,
} from "gradstep";

/** No multiple of a batch, so that the last one is smaller than there are replicas. */
export const COUNT = 97;
const FEATURES = 6;

const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => ((i * step) % 23) / 11 - 1);

/** Samples, flat. */
export const x: Float32Array<ArrayBuffer> = wave(COUNT * FEATURES, 7);
/** Three classes. */
export const y: Int32Array<ArrayBuffer> = Int32Array.from({ length: COUNT }, (_, i) => (i * 5) % 3);
/** Weights of samples, some of them 0. */
export const sampleWeight: Float32Array<ArrayBuffer> = Float32Array.from({ length: COUNT }, (_, i) => (i % 4) / 2);

/** Settings in which tests differ. */
export interface Recipe extends CompileOptions {
  readonly dropout?: boolean;
  readonly normalized?: boolean;
  readonly built?: boolean;
  readonly regularized?: boolean;
}

/** A model whose runs are the same each time. */
export function classifier({ dropout, normalized, built = true, regularized, ...options }: Recipe): Sequential {
  setRandomSeed(3);
  const penalty = regularized ? { kernelRegularizer: "l2", activityRegularizer: "l1" } : {};
  const model = new Sequential([
    new layers.Dense(8, { activation: "relu", ...penalty, ...(built ? { inputShape: [FEATURES] } : {}) }),
    ...(normalized ? [new layers.BatchNormalization()] : []),
    ...(dropout ? [new layers.Dropout(0.3), new layers.GaussianNoise(0.1)] : []),
    new layers.Dense(3, { activation: "softmax" }),
  ]);
  const optimizer = new optimizers.Adam({ learningRate: 0.01 });
  model.compile({ optimizer, loss: "sparse_categorical_crossentropy", metrics: ["accuracy"], ...options });
  return model;
}

/** Two inputs, two outputs. */
export function branched(options: CompileOptions): Model {
  setRandomSeed(4);
  const [left, right] = [Input({ shape: [FEATURES], name: "left" }), Input({ shape: [FEATURES], name: "right" })];
  const both = new layers.Concatenate().apply([left, right]);
  const outputs = [
    new layers.Dense(3, { activation: "softmax", name: "kind" }).apply(both),
    new layers.Dense(1, { name: "size" }).apply(both),
  ];
  const model = new Model({ inputs: [left, right], outputs });
  model.compile({
    optimizer: "sgd",
    loss: { kind: "sparse_categorical_crossentropy", size: "mse" },
    lossWeights: { kind: 1, size: 0.5 },
    metrics: { size: ["mae"] },
    ...options,
  });
  return model;
}

/** Batches of 25, but for the last one of 1. */
export const FIT: FitOptions = { epochs: 3, batchSize: 24, verbose: 0 };

/** All weights behind one another. */
export function numbers(model: Model): Float32Array {
  return Float32Array.from(model.getWeights().flatMap(({ data }) => [...data]));
}

/** The largest difference. */
export function distance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}
