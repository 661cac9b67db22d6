/**
 * Precision and recall.
 *
 * @module
 */

import type { TensorLike } from "../ops/operand.js";
import { integer } from "../options.js";
import { type ConditionCountOptions, oneOrAll } from "./condition-counts.js";
import { Confusion, LEAST } from "./confusion.js";
import { needed } from "./mean-of-values.js";
import { Metric, type MetricConfig, type MetricResult } from "./metric.js";
import { weightsOf } from "./numbers.js";
import { checkedThresholds, type ThresholdsOption } from "./thresholds.js";

/** Options of {@link Precision} and {@link Recall}. */
export interface PrecisionOptions extends ConditionCountOptions {
  /** Only the k largest predictions of a row can be positive; without `thresholds` they all are. Default: null. */
  readonly topK?: number | null | undefined;
  /** Only this class counts. Default: null, all. */
  readonly classId?: number | null | undefined;
}

/** True positives as a share of them and something else. */
abstract class Share extends Metric {
  readonly thresholds: ThresholdsOption;
  readonly topK: number | null;
  readonly classId: number | null;
  readonly #confusion: Confusion;

  constructor(options: PrecisionOptions = {}) {
    super(options, ["thresholds", "topK", "classId"]);
    const { className } = this;
    const { thresholds = null, topK = null, classId = null } = options;
    this.thresholds = thresholds;
    this.topK = topK === null ? null : integer(className, "topK", topK, 1);
    this.classId = classId === null ? null : integer(className, "classId", classId, 0);
    this.#confusion = new Confusion(checkedThresholds(className, thresholds, topK === null ? 0.5 : LEAST));
  }

  override get direction(): "up" {
    return "up";
  }

  /** What else there is. */
  protected abstract rest(confusion: Confusion): Float64Array;

  override updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void {
    this.#confusion.add(this.name, yTrue, needed(this.name, yPred), weightsOf(this.name, sampleWeight), this);
  }

  /** The share, or one for each threshold; 0 where there is nothing. */
  override result(): MetricResult {
    const rest = this.rest(this.#confusion);
    return oneOrAll(
      Array.from(this.#confusion.truePositives, (right, i) => quotient(right, right + (rest[i] as number))),
    );
  }

  override resetState(): void {
    this.#confusion.reset();
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), thresholds: this.thresholds, top_k: this.topK, class_id: this.classId };
  }
}

/** `a / b`, or 0 for `b` = 0. */
export function quotient(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

/**
 * How many of the positive predictions are right.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.Precision().apply([0, 1, 1, 1], [1, 0, 1, 0])); // 0.5
 * ```
 */
export class Precision extends Share {
  static override readonly className = "Precision";

  protected override rest({ falsePositives }: Confusion): Float64Array {
    return falsePositives;
  }
}

/**
 * How many of the true labels are predicted.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.Recall().apply([0, 1, 1, 0], [1, 0, 1, 0])); // 0.5
 * ```
 */
export class Recall extends Share {
  static override readonly className = "Recall";

  protected override rest({ falseNegatives }: Confusion): Float64Array {
    return falseNegatives;
  }
}
