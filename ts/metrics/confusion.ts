/**
 * Counts of right and wrong predictions, at one or more thresholds.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { TensorLike } from "../ops/operand.js";
import { sizeOf } from "../shape.js";
import { broadcastIndices, type Numbers, pairOf, reshaped } from "./operands.js";
import type { Thresholds } from "./thresholds.js";

/** A value below every prediction, for predictions that are not among the top k. */
export const LEAST = -1e10;

/** Classification of predictions. */
export interface View {
  /** Only the k largest of a row can be positive. */
  readonly topK?: number | null;
  /** Only this class counts. */
  readonly classId?: number | null;
  /** A factor for each label. */
  readonly labelWeights?: readonly number[] | null;
}

/** Weighted counts, `columns` of them for each threshold. */
export class Confusion {
  readonly thresholds: Thresholds;
  readonly columns: number;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly trueNegatives: Float64Array;
  readonly falseNegatives: Float64Array;

  constructor(thresholds: Thresholds, columns = 1) {
    this.thresholds = thresholds;
    this.columns = columns;
    const size = thresholds.values.length * columns;
    this.truePositives = new Float64Array(size);
    this.falsePositives = new Float64Array(size);
    this.trueNegatives = new Float64Array(size);
    this.falseNegatives = new Float64Array(size);
  }

  /** Resets all counts. */
  reset(): void {
    for (const counts of this.#all) counts.fill(0);
  }

  /** Returns a function that restores the current counts. */
  saved(): () => void {
    const all = this.#all;
    const before = all.map((counts) => counts.slice());
    return () => before.forEach((counts, i) => void all[i]!.set(counts));
  }

  get #all(): readonly Float64Array[] {
    return [this.truePositives, this.falsePositives, this.trueNegatives, this.falseNegatives];
  }

  /**
   * Adds a batch. A label is true unless it is 0.
   *
   * @throws ValueError when the shapes do not fit; * then nothing is added
   */
  add(owner: string, yTrue: TensorLike, yPred: TensorLike, sampleWeight: Numbers | undefined, view: View = {}): void {
    const [labels, predictions] = selected(owner, ...pairOf(owner, yTrue, yPred), view);
    const weights = factors(owner, labels, sampleWeight, view.labelWeights ?? null);
    if (this.thresholds.even) this.#addByBucket(labels, predictions, weights);
    else this.#addByThreshold(labels, predictions, weights);
  }

  #addByThreshold(labels: Numbers, predictions: Numbers, weights: Float64Array | undefined): void {
    const { columns } = this;
    this.thresholds.values.forEach((value, t) => {
      // Predictions are float32, so the threshold is rounded to float32.
      const threshold = Math.fround(value);
      for (let i = 0; i < predictions.data.length; i++) {
        const isPositive = predictions.data[i]! > threshold;
        const isTrue = labels.data[i] !== 0;
        const right = isPositive ? this.truePositives : this.falseNegatives;
        const wrong = isPositive ? this.falsePositives : this.trueNegatives;
        plus(isTrue ? right : wrong, t * columns + (i % columns), weights === undefined ? 1 : weights[i]!);
      }
    });
  }

  /** The bucket of a prediction: it is positive at the bucket's lower threshold, and at all thresholds below. */
  #bucketOf(prediction: number): number {
    const { values, beyond } = this.thresholds;
    const bucket = Math.ceil(Math.fround(Math.min(1, Math.max(0, prediction)) * (values.length - 1))) - 1;
    return beyond ? Math.max(0, bucket) : bucket;
  }

  #addByBucket(labels: Numbers, predictions: Numbers, weights: Float64Array | undefined): void {
    const { columns } = this;
    const steps = this.thresholds.values.length;
    const buckets = [new Float64Array(steps * columns), new Float64Array(steps * columns)] as const;
    const totals = [new Float64Array(columns), new Float64Array(columns)] as const;
    for (let i = 0; i < labels.data.length; i++) {
      const side = labels.data[i] === 0 ? 0 : 1;
      const weight = weights === undefined ? 1 : weights[i]!;
      const bucket = this.#bucketOf(predictions.data[i]!);
      plus(totals[side], i % columns, weight);
      if (bucket >= 0) plus(buckets[side], bucket * columns + (i % columns), weight);
    }
    for (let column = 0; column < columns; column++) {
      let [falses, trues] = [0, 0];
      for (let at = (steps - 1) * columns + column; at >= 0; at -= columns) {
        falses += buckets[0][at]!;
        trues += buckets[1][at]!;
        plus(this.truePositives, at, trues);
        plus(this.falsePositives, at, falses);
        plus(this.trueNegatives, at, totals[0][column]! - falses);
        plus(this.falseNegatives, at, totals[1][column]! - trues);
      }
    }
  }
}

function plus(counts: Float64Array, at: number, weight: number): void {
  counts[at] = counts[at]! + weight;
}

/** The predictions to count, and their labels. */
function selected(owner: string, labels: Numbers, predictions: Numbers, view: View): [Numbers, Numbers] {
  const { topK = null, classId = null } = view;
  const top = topK === null ? predictions : onlyTop(predictions, topK);
  if (classId === null) return [labels, top];
  const classes = predictions.shape.at(-1) ?? 1;
  if (predictions.shape.length < 2 || classId >= classes) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: "classId" ${classId} needs predictions of [batch, ${classId + 1} or more], got the shape [${predictions.shape.join(", ")}].`,
    );
  }
  return [column(labels, classId), column(top, classId)];
}

function column({ data, shape }: Numbers, index: number): Numbers {
  const classes = shape.at(-1) as number;
  const rows = sizeOf(shape) / classes;
  return {
    data: Float32Array.from({ length: rows }, (_, row) => data[row * classes + index]!),
    shape: [...shape.slice(0, -1), 1],
  };
}

/** Replaces all but the k largest of each row with {@link LEAST}; of equal values the first counts as larger. */
function onlyTop({ data, shape }: Numbers, k: number): Numbers {
  const classes = shape.at(-1) ?? 1;
  const top = new Float32Array(data.length).fill(LEAST);
  for (let start = 0; start < data.length; start += classes) {
    const order = Array.from({ length: classes }, (_, i) => i);
    order.sort((a, b) => data[start + b]! - data[start + a]! || a - b);
    for (const i of order.slice(0, k)) top[start + i] = data[start + i]!;
  }
  return { data: top, shape };
}

/** The weight of each prediction, if there are any weights. */
function factors(
  owner: string,
  labels: Numbers,
  sampleWeight: Numbers | undefined,
  labelWeights: readonly number[] | null,
): Float64Array | undefined {
  if (sampleWeight === undefined && labelWeights === null) return undefined;
  const weights = new Float64Array(labels.data.length).fill(1);
  const multiply = (what: string, numbers: Numbers | undefined, given = numbers) => {
    if (numbers === undefined || given === undefined) return;
    const indices = broadcastIndices(owner, what, numbers, labels.shape, [given.shape, labels.shape]);
    for (let i = 0; i < weights.length; i++) {
      weights[i] = weights[i]! * numbers.data[indices[i]!]!;
    }
  };
  multiply("sample weights", perSample(labels, sampleWeight), sampleWeight);
  multiply("label weights", listed(labelWeights));
  return weights;
}

/** Sample weights get an axis for the labels, unless they have as many axes as the labels. */
function perSample(labels: Numbers, weights: Numbers | undefined): Numbers | undefined {
  if (weights === undefined || weights.shape.length >= labels.shape.length) return weights;
  return reshaped(weights, [...weights.shape, 1]);
}

function listed(weights: readonly number[] | null): Numbers | undefined {
  return weights === null ? undefined : { data: weights, shape: [weights.length] };
}
