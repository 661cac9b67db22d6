/**
 * How many predictions are right or wrong, by kind.
 *
 * @module
 */

import type { TensorLike } from "../ops/operand.js";
import { Confusion } from "./confusion.js";
import { needed } from "./mean-of-values.js";
import { Metric, type MetricConfig, type MetricOptions, type MetricResult } from "./metric.js";
import { weightsOf } from "./numbers.js";
import { checkedThresholds, type ThresholdsOption } from "./thresholds.js";

/** Options of the counts. */
export interface ConditionCountOptions extends MetricOptions {
  /** Predictions above it are positive; of a list, each gives a result. Default: 0.5. */
  readonly thresholds?: ThresholdsOption | undefined;
}

/** Counts one of the four kinds. */
abstract class ConditionCount extends Metric {
  readonly thresholds: ThresholdsOption;
  readonly #confusion: Confusion;

  constructor(options: ConditionCountOptions = {}) {
    super(options, ["thresholds"]);
    this.thresholds = options.thresholds ?? null;
    this.#confusion = new Confusion(checkedThresholds(this.className, options.thresholds, 0.5));
  }

  protected abstract counts(confusion: Confusion): Float64Array;

  override updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void {
    this.#confusion.add(this.name, yTrue, needed(this.name, yPred), weightsOf(this.name, sampleWeight));
  }

  /** The weighted count, or one for each threshold. */
  override result(): MetricResult {
    return oneOrAll([...this.counts(this.#confusion)]);
  }

  override resetState(): void {
    this.#confusion.reset();
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), thresholds: this.thresholds };
  }
}

/** A list of one as its number. */
export function oneOrAll(values: readonly number[]): MetricResult {
  return values.length === 1 ? (values[0] as number) : values;
}

/**
 * How many predictions are positive and right.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.TruePositives().apply([0, 1, 1, 1], [1, 0, 1, 1])); // 2
 * ```
 */
export class TruePositives extends ConditionCount {
  static override readonly className = "TruePositives";

  protected override counts({ truePositives }: Confusion): Float64Array {
    return truePositives;
  }
}

/**
 * How many predictions are negative and right.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.TrueNegatives().apply([0, 1, 1, 1], [1, 0, 1, 1])); // 0
 * ```
 */
export class TrueNegatives extends ConditionCount {
  static override readonly className = "TrueNegatives";

  protected override counts({ trueNegatives }: Confusion): Float64Array {
    return trueNegatives;
  }
}

/**
 * How many predictions are positive and wrong.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.FalsePositives().apply([0, 1, 1, 1], [1, 0, 1, 1])); // 1
 * ```
 */
export class FalsePositives extends ConditionCount {
  static override readonly className = "FalsePositives";

  protected override counts({ falsePositives }: Confusion): Float64Array {
    return falsePositives;
  }
}

/**
 * How many predictions are negative and wrong.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.FalseNegatives().apply([0, 1, 1, 1], [1, 0, 1, 1])); // 1
 * ```
 */
export class FalseNegatives extends ConditionCount {
  static override readonly className = "FalseNegatives";

  protected override counts({ falseNegatives }: Confusion): Float64Array {
    return falseNegatives;
  }
}
