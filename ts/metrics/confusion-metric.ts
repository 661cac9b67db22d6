/**
 * Base of metrics that count right and wrong predictions.
 *
 * @module
 */

import { customName } from "../custom-objects.js";
import type { TensorLike } from "../ops/operand.js";
import { checkMethod, ownNames } from "../options.js";
import { Confusion, type View } from "./confusion.js";
import { needed } from "./mean-of-values.js";
import { Metric, type MetricConfig, type MetricOptions, type MetricResult } from "./metric.js";
import { weightsOf } from "./operands.js";
import { checkedThresholds, type ThresholdsOption } from "./thresholds.js";

/** Options of the counts. */
export interface ConditionCountOptions extends MetricOptions {
  /** Predictions above it are positive. A list yields a result for each threshold. Default: null, 0.5. */
  readonly thresholds?: ThresholdsOption | undefined;
}

/** A metric computed from the counts: one number, or one for each threshold. */
export abstract class ConfusionMetric extends Metric {
  /** The numbers above which predictions are positive, or `null` for 0.5. */
  readonly thresholds: ThresholdsOption;
  readonly #confusion: Confusion;

  /**
   * A metric computed from the counts: one number, or one for each threshold.
   *
   * @param own - Names of the subclass's options, except `thresholds`.
   * @param threshold - The threshold if none are given.
   */
  constructor(options: ConditionCountOptions = {}, own: readonly string[] = [], threshold = 0.5) {
    super(options, ["thresholds", ...ownNames(customName(new.target), own)]);
    this.thresholds = options.thresholds ?? null;
    this.#confusion = new Confusion(checkedThresholds(this.className, options.thresholds, threshold));
  }

  /** The number for each threshold. */
  protected abstract values(confusion: Confusion): ArrayLike<number>;

  /** Predictions that count. */
  protected get view(): View {
    return {};
  }

  override updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void {
    checkMethod(this, "updateState", arguments.length, 3);
    this.checkUpdate();
    this.#confusion.add(this.name, yTrue, needed(this.name, yPred), weightsOf(this.name, sampleWeight), this.view);
  }

  /**
   * Computes the value over all batches since the last `resetState`.
   *
   * @returns a number; if `thresholds` is a list, one for each, `[thresholds]`
   */
  override result(): MetricResult {
    checkMethod(this, "result", arguments.length, 0);
    this.checkSelf();
    const values = Array.from(this.values(this.#confusion));
    return values.length === 1 ? values[0]! : values;
  }

  override resetState(): void {
    checkMethod(this, "resetState", arguments.length, 0);
    this.checkUpdate();
    this.#confusion.reset();
  }

  /** @internal */
  protected override stateUndo(): () => void {
    return this.#confusion.saved();
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), thresholds: this.thresholds };
  }
}
