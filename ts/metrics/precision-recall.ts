/**
 * Precision and recall.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { isReadable } from "../brands.js";
import { integer, MOST } from "../options.js";
import { type Confusion, LEAST, type View } from "./confusion.js";
import { type ConditionCountOptions, ConfusionMetric } from "./confusion-metric.js";
import type { MetricConfig } from "./metric.js";

/** Options of {@link Precision} and {@link Recall}. */
export interface PrecisionOptions extends ConditionCountOptions {
  /** Only the k largest predictions of a row can be positive; without `thresholds` all of them are. Default: null. */
  readonly topK?: number | null | undefined;
  /** Only this class counts. Default: null, all classes. */
  readonly classId?: number | null | undefined;
}

/** A quotient of true positives. */
abstract class Share extends ConfusionMetric {
  /** The number of largest predictions in a row that can be positive, or `null`. */
  readonly topK: number | null;
  /** The class to evaluate, or `null` for all. */
  readonly classId: number | null;

  constructor(options: PrecisionOptions = {}) {
    super(options, ["topK", "classId"], ((isReadable(options) ? options.topK : null) ?? null) === null ? 0.5 : LEAST);
    const { className } = this;
    const { topK = null, classId = null } = options;
    this.topK = topK === null ? null : integer(className, "topK", topK, 1, MOST);
    this.classId = classId === null ? null : integer(className, "classId", classId, 0, MOST);
  }

  override get direction(): "up" {
    return "up";
  }

  /** The other count in the denominator: false positives or false negatives. @internal */
  protected abstract rest(confusion: Confusion): Float64Array;

  protected override get view(): View {
    return this;
  }

  /** The quotient, or one for each threshold; 0 if there is nothing to count. */
  protected override values(confusion: Confusion): ArrayLike<number> {
    const rest = this.rest(confusion);
    return confusion.truePositives.map((right, i) => quotient(right, right + rest[i]!));
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), top_k: this.topK, class_id: this.classId };
  }
}

/** `a / b`, or 0 for `b` = 0. */
export function quotient(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

/**
 * Fraction of positive predictions that are correct.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Precision](https://keras.io/api/metrics/classification_metrics/#precision-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.Precision().apply([0, 1, 1, 1], [1, 0, 1, 0])); // 0.5
 * ```
 */
export class Precision extends Share {
  static override readonly className = "Precision";

  constructor(
    options?: PrecisionOptions | PrecisionOptions["thresholds"],
    topK?: PrecisionOptions["topK"] | PrecisionOptions,
    classId?: PrecisionOptions["classId"] | PrecisionOptions,
    name?: PrecisionOptions["name"] | PrecisionOptions,
    others?: PrecisionOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<PrecisionOptions>("Precision", ["thresholds", "topK", "classId", "name"], given);
    super(options);
  }

  /** @internal */
  protected override rest({ falsePositives }: Confusion): Float64Array {
    return falsePositives;
  }
}

/**
 * Fraction of positive labels that are predicted.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Recall](https://keras.io/api/metrics/classification_metrics/#recall-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.Recall().apply([0, 1, 1, 0], [1, 0, 1, 0])); // 0.5
 * ```
 */
export class Recall extends Share {
  static override readonly className = "Recall";

  constructor(
    options?: PrecisionOptions | PrecisionOptions["thresholds"],
    topK?: PrecisionOptions["topK"] | PrecisionOptions,
    classId?: PrecisionOptions["classId"] | PrecisionOptions,
    name?: PrecisionOptions["name"] | PrecisionOptions,
    others?: PrecisionOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<PrecisionOptions>("Recall", ["thresholds", "topK", "classId", "name"], given);
    super(options);
  }

  /** @internal */
  protected override rest({ falseNegatives }: Confusion): Float64Array {
    return falseNegatives;
  }
}
