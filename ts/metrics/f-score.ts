/**
 * The harmonic mean of precision and recall.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { TensorLike } from "../ops/operand.js";
import {
  checkKnownOptions,
  checkMethod,
  choice,
  numberIn,
  positiveNumber,
  type Range,
  refuseRange,
} from "../options.js";
import { needed } from "./mean-of-values.js";
import { Metric, type MetricConfig, type MetricOptions, type MetricResult } from "./metric.js";
import { broadcastIndices, checkColumns, numbersOf, reshaped, weightsOf } from "./operands.js";
import { sumOf } from "./samplewise.js";

/** Options of {@link F1Score}. */
export interface F1ScoreOptions extends MetricOptions {
  /**
   * `null`: a result for each class. `"macro"`: their mean. `"weighted"`: their mean by number of true labels.
   * `"micro"`: one for all classes together. Default: null.
   */
  readonly average?: "micro" | "macro" | "weighted" | null | undefined;
  /** Predictions above it are positive. Default: null: the largest prediction of each row is positive. */
  readonly threshold?: number | null | undefined;
}

/** Options of {@link FBetaScore}. */
export interface FBetaScoreOptions extends F1ScoreOptions {
  /** Weight of recall, relative to precision. Default: 1. */
  readonly beta?: number | undefined;
}

const AVERAGES = [null, "micro", "macro", "weighted"] as const;
const EPSILON = 1e-7;
const THRESHOLD: Range = { above: 0, most: 1 };

/** Counts of one class, or of all. */
interface Counts {
  tp: number;
  fp: number;
  fn: number;
}

/**
 * The F-beta score, `(1 + beta^2) precision recall / (beta^2 precision + recall)`, of labels and predictions
 * `[batch, classes]`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: FBetaScore](https://keras.io/api/metrics/classification_metrics/#fbetascore-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * const metric = new metrics.FBetaScore({ beta: 2, threshold: 0.5, average: "micro" });
 * console.log((metric.apply([[1, 0], [0, 1]], [[0.9, 0.1], [0.2, 0.3]]) as number).toFixed(4)); // 0.5556
 * ```
 */
export class FBetaScore extends Metric {
  static override readonly className: string = "FBetaScore";
  /** Average over the classes; `null` for one score each. */
  readonly average: "micro" | "macro" | "weighted" | null;
  /** Weight of recall, relative to precision. */
  readonly beta: number;
  /** The number above which predictions are positive; with `null` the largest of each row is. */
  readonly threshold: number | null;
  #counts: Counts[] = [];

  constructor(
    options?: FBetaScoreOptions | FBetaScoreOptions["average"],
    beta?: FBetaScoreOptions["beta"] | FBetaScoreOptions,
    threshold?: FBetaScoreOptions["threshold"] | FBetaScoreOptions,
    name?: FBetaScoreOptions["name"] | FBetaScoreOptions,
    others?: FBetaScoreOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<FBetaScoreOptions>("FBetaScore", ["average", "beta", "threshold", "name"], given);
    super(options, ["average", "beta", "threshold"]);
    const { className } = this;
    const { average = null, threshold = null } = options;
    if (!AVERAGES.includes(average)) refuseRange(className, "average", choice(AVERAGES), average);
    this.average = average;
    this.threshold = threshold === null ? null : numberIn(className, "threshold", threshold, THRESHOLD);
    this.beta = positiveNumber(className, "beta", options.beta ?? 1);
  }

  /** @internal */
  protected override defaultName(): string {
    return this.className === "FBetaScore" ? "fbeta_score" : super.defaultName();
  }

  override get direction(): "up" {
    return "up";
  }

  /**
   * Adds a batch.
   *
   * @param sampleWeight - `[batch]`, `[batch, 1]`, or one for each label.
   * @param yTrue - Labels, 0 or 1, `[batch, classes]`.
   * @param yPred - Predictions, `[batch, classes]`.
   * @throws ValueError ERR_SHAPE when the shapes do not fit; TypeError ERR_OPTION_TYPE, ERR_VALUES_DTYPE; * then
   * nothing is added
   */
  override updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void {
    checkMethod(this, "updateState", arguments.length, 3);
    this.checkUpdate();
    const labels = numbersOf(this.name, yTrue);
    const predictions = numbersOf(this.name, needed(this.name, yPred));
    const weights = weightsOf(this.name, sampleWeight);
    const [rows = 0, classes = 0] = labels.shape;
    checkColumns(this.name, labels, predictions, this.average === "micro" ? 0 : this.#counts.length);
    const column = weights?.shape.length === 1 ? reshaped(weights, [...weights.shape, 1]) : weights;
    const given = weights && ([weights.shape, labels.shape] as const);
    const indices = column && broadcastIndices(this.name, "sample weights", column, labels.shape, given);
    const columns = this.average === "micro" ? 1 : classes;
    while (this.#counts.length < columns) this.#counts.push({ tp: 0, fp: 0, fn: 0 });
    for (let row = 0; row < rows; row++) {
      const isPositive = this.#decision(predictions.data, row * classes, classes);
      for (let i = 0; i < classes; i++) {
        const label = labels.data[row * classes + i]!;
        const predicted = isPositive(predictions.data[row * classes + i]!) ? 1 : 0;
        const counts = this.#counts[i % columns]!;
        const weight = column && indices ? column.data[indices[row * classes + i]!]! : 1;
        counts.tp += predicted * label * weight;
        counts.fp += predicted * (1 - label) * weight;
        counts.fn += (1 - predicted) * label * weight;
      }
    }
  }

  /** The test that decides which predictions of a row are positive. */
  #decision(data: ArrayLike<number>, start: number, classes: number): (value: number) => boolean {
    if (this.threshold !== null) {
      const threshold = Math.fround(this.threshold);
      return (value) => value > threshold;
    }
    let largest = -Infinity;
    for (let i = start; i < start + classes; i++) largest = Math.max(largest, data[i]!);
    return (value) => value >= largest && Math.abs(value) > 1e-9;
  }

  /**
   * Computes the score over all batches since the last `resetState`.
   *
   * @returns a number; without `average` one for each class, `[classes]`
   */
  override result(): MetricResult {
    checkMethod(this, "result", arguments.length, 0);
    this.checkSelf();
    const square = this.beta * this.beta;
    const scores = this.#counts.map(({ tp, fp, fn }) => {
      const precision = tp / (tp + fp + EPSILON);
      const recall = tp / (tp + fn + EPSILON);
      return ((precision * recall) / (square * precision + recall + EPSILON)) * (1 + square);
    });
    if (this.average === null) return scores;
    if (scores.length === 0) return 0;
    if (this.average !== "weighted") return sumOf(scores) / scores.length;
    const trues = this.#counts.map(({ tp, fn }) => tp + fn);
    const all = sumOf(trues) + EPSILON;
    return sumOf(scores.map((score, i) => (score * trues[i]!) / all));
  }

  override resetState(): void {
    checkMethod(this, "resetState", arguments.length, 0);
    this.checkUpdate();
    // As in Keras, the classes of the first batch remain.
    this.#counts = this.#counts.map(() => ({ tp: 0, fp: 0, fn: 0 }));
  }

  /** @internal */
  protected override stateUndo(): () => void {
    const before = this.#counts.map((counts) => ({ ...counts }));
    return () => {
      this.#counts = before;
    };
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), average: this.average, beta: this.beta, threshold: this.threshold };
  }
}

/**
 * The F1 score, `2 precision recall / (precision + recall)`, of labels and predictions `[batch, classes]`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: F1Score](https://keras.io/api/metrics/classification_metrics/#f1score-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * const metric = new metrics.F1Score({ threshold: 0.5, average: "micro" });
 * console.log((metric.apply([[1, 0], [0, 1]], [[0.9, 0.1], [0.2, 0.3]]) as number).toFixed(4)); // 0.6667
 * ```
 */
export class F1Score extends FBetaScore {
  static override readonly className = "F1Score";

  constructor(
    options?: F1ScoreOptions | F1ScoreOptions["average"],
    threshold?: F1ScoreOptions["threshold"] | F1ScoreOptions,
    name?: F1ScoreOptions["name"] | F1ScoreOptions,
    others?: F1ScoreOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<F1ScoreOptions>("F1Score", ["average", "threshold", "name"], given);
    checkKnownOptions("F1Score", options, ["average", "threshold", "name", "dtype"]);
    super(options);
  }

  override getConfig(): MetricConfig {
    const { beta: _, ...config } = super.getConfig();
    return config;
  }
}
