/**
 * The coefficient of determination.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { TensorLike } from "../ops/operand.js";
import { checkMethod, choice, integer, refuseRange } from "../options.js";
import { warnOnce } from "../warnings.js";
import { needed } from "./mean-of-values.js";
import { Metric, type MetricConfig, type MetricOptions, type MetricResult } from "./metric.js";
import { broadcastIndices, checkColumns, pairOf, reshaped, weightsOf } from "./operands.js";
import { sumOf } from "./samplewise.js";

/** Options of {@link R2Score}. */
export interface R2ScoreOptions extends MetricOptions {
  /**
   * Average of the scores of several outputs: their mean, or their mean weighted by the outputs' variance; `null` for
   * none. Default: `"uniform_average"`.
   */
  readonly classAggregation?: "uniform_average" | "variance_weighted_average" | null | undefined;
  /** Number of independent regressors, for the adjusted score. Default: 0, not adjusted. */
  readonly numRegressors?: number | undefined;
}

const AGGREGATIONS = [null, "uniform_average", "variance_weighted_average"] as const;

/** Weighted sums of one output. */
interface Sums {
  labels: number;
  squares: number;
  errors: number;
  count: number;
}

/**
 * The coefficient of determination: the fraction of the labels' variance that is predicted; 1 for all, 0 for predicting
 * only their mean. Labels and predictions are `[batch, outputs]`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: R2Score](https://keras.io/api/metrics/regression_metrics/#r2score-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log((new metrics.R2Score().apply([[1], [4], [3]], [[2], [4], [4]]) as number).toFixed(4)); // 0.5714
 * ```
 */
export class R2Score extends Metric {
  static override readonly className = "R2Score";
  /** Average over several outputs; `null` for one score each. */
  readonly classAggregation: "uniform_average" | "variance_weighted_average" | null;
  /** Number of independent regressors; above 0, the score is adjusted. */
  readonly numRegressors: number;
  #sums: Sums[] = [];
  #samples = 0;

  constructor(
    options?: R2ScoreOptions | R2ScoreOptions["classAggregation"],
    numRegressors?: R2ScoreOptions["numRegressors"] | R2ScoreOptions,
    name?: R2ScoreOptions["name"] | R2ScoreOptions,
    others?: R2ScoreOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<R2ScoreOptions>("R2Score", ["classAggregation", "numRegressors", "name"], given);
    super(options, ["classAggregation", "numRegressors"]);
    const { classAggregation = "uniform_average" } = options;
    if (!AGGREGATIONS.includes(classAggregation)) {
      refuseRange("R2Score", "classAggregation", choice(AGGREGATIONS), classAggregation);
    }
    this.classAggregation = classAggregation;
    this.numRegressors = integer("R2Score", "numRegressors", options.numRegressors ?? 0, 0);
  }

  override get direction(): "up" {
    return "up";
  }

  override updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void {
    checkMethod(this, "updateState", arguments.length, 3);
    this.checkUpdate();
    const [labels, predictions] = pairOf(this.name, yTrue, needed(this.name, yPred));
    const outputs = labels.shape[1] ?? 0;
    checkColumns(this.name, labels, predictions, this.#sums.length);
    const given = weightsOf(this.name, sampleWeight);
    const weights = given?.shape.length === 1 ? reshaped(given, [...given.shape, 1]) : given;
    const shapes = given && ([given.shape, labels.shape] as const);
    const indices = weights && broadcastIndices(this.name, "sample weights", weights, labels.shape, shapes);
    while (this.#sums.length < outputs) this.#sums.push({ labels: 0, squares: 0, errors: 0, count: 0 });
    for (let i = 0; i < labels.data.length; i++) {
      const sums = this.#sums[i % outputs]!;
      const label = labels.data[i]!;
      const error = label - predictions.data[i]!;
      const weight = weights && indices ? weights.data[indices[i]!]! : 1;
      sums.labels += label * weight;
      sums.squares += label * label * weight;
      sums.errors += error * error * weight;
      sums.count += weight;
    }
    // A sample counts if it counts for any output (Keras up to 3.15 counts samples times outputs).
    for (let start = 0; start < labels.data.length; start += outputs) {
      const weighs = (_: unknown, i: number) => !weights || !indices || weights.data[indices[start + i]!] !== 0;
      if (this.#sums.some(weighs)) this.#samples++;
    }
  }

  /**
   * Computes the score over all batches since the last `resetState`.
   *
   * @returns a number; without `classAggregation` one for each output, `[outputs]`
   */
  override result(): MetricResult {
    checkMethod(this, "result", arguments.length, 0);
    this.checkSelf();
    const totals = this.#sums.map(({ labels, squares, count }) => squares - (labels * labels) / count);
    const scores = this.#sums.map(({ errors }, i) => {
      const score = 1 - errors / totals[i]!;
      return Math.abs(score) === Infinity ? 0 : score;
    });
    if (this.classAggregation === null) return scores.map((score) => this.#adjusted(score));
    if (scores.length === 0) return 0;
    if (this.classAggregation === "uniform_average") return this.#adjusted(sumOf(scores) / scores.length);
    return this.#adjusted(sumOf(scores.map((score, i) => score * totals[i]!)) / sumOf(totals));
  }

  #adjusted(score: number): number {
    const degrees = this.#samples - this.numRegressors - 1;
    if (this.numRegressors === 0 || this.#samples === 0) return score;
    if (degrees <= 0) {
      warnOnce(this, `${this.name}: there are too few samples for an adjusted score; this is the plain score.`);
      return score;
    }
    return 1 - ((1 - score) * (this.#samples - 1)) / degrees;
  }

  override resetState(): void {
    checkMethod(this, "resetState", arguments.length, 0);
    this.checkUpdate();
    // As in Keras, the outputs of the first batch remain.
    this.#sums = this.#sums.map(() => ({ labels: 0, squares: 0, errors: 0, count: 0 }));
    this.#samples = 0;
  }

  /** @internal */
  protected override stateUndo(): () => void {
    const samples = this.#samples;
    const before = this.#sums.map((sums) => ({ ...sums }));
    return () => {
      this.#samples = samples;
      this.#sums = before;
    };
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), class_aggregation: this.classAggregation, num_regressors: this.numRegressors };
  }
}
