/**
 * Top-k accuracy: how often the correct class is among the k largest predictions.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { argmax } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import { boolean, integer, MOST } from "../options.js";
import { sameShape, sizeOf } from "../shape.js";
import { MeanOfValues } from "./mean-of-values.js";
import type { MetricConfig, MetricOptions } from "./metric.js";
import { type Numbers, numbersOf, refuse } from "./operands.js";

/** Options of {@link TopKCategoricalAccuracy}. */
export interface TopKOptions extends MetricOptions {
  /** Number of largest predictions that count. Default: 5. */
  readonly k?: number | undefined;
}

/**
 * Fraction of samples whose one-hot label is among the `k` largest predictions. Ties count for the label.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: TopKCategoricalAccuracy](https://keras.io/api/metrics/accuracy_metrics/#topkcategoricalaccuracy-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * const metric = new metrics.TopKCategoricalAccuracy({ k: 2 });
 * console.log(metric.apply([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.5, 0.2, 0.3]])); // 0.5
 * ```
 */
export class TopKCategoricalAccuracy extends MeanOfValues {
  static override readonly className = "TopKCategoricalAccuracy";
  /** The number of the largest predictions that count. */
  readonly k: number;

  constructor(options?: TopKOptions | TopKOptions["k"], name?: TopKOptions["name"] | TopKOptions, others?: TopKOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<TopKOptions>("TopKCategoricalAccuracy", ["k", "name"], given);
    super(options, ["k"]);
    this.k = integer("TopKCategoricalAccuracy", "k", options.k ?? 5, 1, MOST);
  }

  override get direction(): "up" {
    return "up";
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): Numbers {
    const [labels, predictions] = [numbersOf(this.name, yTrue), numbersOf(this.name, yPred)];
    if (!sameShape(labels.shape, predictions.shape)) refuse(this.name, labels, predictions);
    const right = argmax(yTrue, -1);
    return inTopK({ data: right.numbers, shape: right.shape }, predictions, this.k);
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), k: this.k };
  }
}

/** Options of {@link SparseTopKCategoricalAccuracy}. */
export interface SparseTopKOptions extends TopKOptions {
  /** Whether predictions are indices of classes, best first, instead of scores. Default: false. */
  readonly fromSortedIds?: boolean | undefined;
}

/**
 * Fraction of samples whose label, an index, is among the `k` largest predictions. Ties count for the
 * label.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: SparseTopKCategoricalAccuracy](https://keras.io/api/metrics/accuracy_metrics/#sparsetopkcategoricalaccuracy-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * const metric = new metrics.SparseTopKCategoricalAccuracy({ k: 2 });
 * console.log(metric.apply([2, 1], [[0.1, 0.9, 0.8], [0.5, 0.2, 0.3]])); // 0.5
 * ```
 */
export class SparseTopKCategoricalAccuracy extends MeanOfValues {
  static override readonly className = "SparseTopKCategoricalAccuracy";
  /** The number of the largest predictions that count. */
  readonly k: number;
  /** Whether predictions are indices of classes, best first. */
  readonly fromSortedIds: boolean;

  constructor(
    options?: SparseTopKOptions | SparseTopKOptions["k"],
    name?: SparseTopKOptions["name"] | SparseTopKOptions,
    others?: SparseTopKOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<SparseTopKOptions>("SparseTopKCategoricalAccuracy", ["k", "name"], given);
    super(options, ["k", "fromSortedIds"]);
    this.k = integer("SparseTopKCategoricalAccuracy", "k", options.k ?? 5, 1, MOST);
    this.fromSortedIds = boolean("SparseTopKCategoricalAccuracy", "fromSortedIds", options.fromSortedIds ?? false);
  }

  override get direction(): "up" {
    return "up";
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): Numbers {
    const [labels, predictions] = [numbersOf(this.name, yTrue), numbersOf(this.name, yPred)];
    if (labels.data.length !== sizeOf(predictions.shape.slice(0, -1))) refuse(this.name, labels, predictions);
    return this.fromSortedIds ? amongFirst(labels, predictions, this.k) : inTopK(labels, predictions, this.k);
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), k: this.k, ...(this.fromSortedIds ? { from_sorted_ids: true } : {}) };
  }
}

/** 1 if fewer than `k` predictions of a row are larger than that of its label. */
function inTopK(labels: Numbers, { data, shape }: Numbers, k: number): Numbers {
  const classes = shape.at(-1) ?? 1;
  const found = new Float32Array(labels.data.length);
  for (let row = 0; row < found.length; row++) {
    const start = row * classes;
    const label = labels.data[row]!;
    if (!(label >= 0 && label < classes)) continue;
    const own = data[start + Math.trunc(label)]!;
    // NaN ranks below all other predictions.
    const score = Number.isNaN(own) ? -Infinity : own;
    let larger = 0;
    for (let i = start; i < start + classes; i++) if (data[i]! > score) larger++;
    found[row] = larger < k ? 1 : 0;
  }
  return { data: found, shape: labels.shape };
}

/** 1 if the label is one of the first `k` in its row. */
function amongFirst(labels: Numbers, { data, shape }: Numbers, k: number): Numbers {
  const length = shape.at(-1) ?? 1;
  const found = new Float32Array(labels.data.length);
  for (let row = 0; row < found.length; row++) {
    for (let i = 0; i < Math.min(k, length); i++) {
      if (data[row * length + i] === labels.data[row]) found[row] = 1;
    }
  }
  return { data: found, shape: labels.shape };
}
