/**
 * Accuracy: how often predictions equal labels.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { TensorLike } from "../ops/operand.js";
import { finiteNumber } from "../options.js";
import { MeanOfValues } from "./mean-of-values.js";
import type { MetricConfig, MetricOptions } from "./metric.js";
import { type Numbers, pairOf } from "./operands.js";

/**
 * Fraction of predictions that equal their labels exactly.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Accuracy](https://keras.io/api/metrics/accuracy_metrics/#accuracy-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.Accuracy().apply([[1], [2], [3], [4]], [[0], [2], [3], [4]])); // 0.75
 * ```
 */
export class Accuracy extends MeanOfValues {
  static override readonly className = "Accuracy";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("Accuracy", ["name"], given);
    super(options);
  }

  override get direction(): "up" {
    return "up";
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): Numbers {
    const [labels, predictions] = pairOf(this.name, yTrue, yPred);
    const equal = new Float32Array(labels.data.length);
    for (let i = 0; i < equal.length; i++) equal[i] = labels.data[i] === predictions.data[i] ? 1 : 0;
    return { data: equal, shape: labels.shape };
  }
}

/** Options of {@link BinaryAccuracy}. */
export interface BinaryAccuracyOptions extends MetricOptions {
  /** Predictions above it are 1, others 0. Default: 0.5. */
  readonly threshold?: number | undefined;
}

/**
 * Fraction of predictions with the correct label: 1 above the threshold, otherwise 0.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: BinaryAccuracy](https://keras.io/api/metrics/accuracy_metrics/#binaryaccuracy-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.BinaryAccuracy().apply([1, 1, 0, 0], [0.98, 1, 0, 0.6])); // 0.75
 * ```
 */
export class BinaryAccuracy extends MeanOfValues {
  static override readonly className = "BinaryAccuracy";
  /** The number above which predictions are 1. */
  readonly threshold: number;

  constructor(options?: BinaryAccuracyOptions | BinaryAccuracyOptions["name"], others?: BinaryAccuracyOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<BinaryAccuracyOptions>("BinaryAccuracy", ["name"], given);
    super(options, ["threshold"]);
    this.threshold = finiteNumber("BinaryAccuracy", "threshold", options.threshold ?? 0.5);
  }

  override get direction(): "up" {
    return "up";
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): Numbers {
    const [labels, predictions] = pairOf(this.name, yTrue, yPred);
    // Predictions are float32, so the threshold is rounded to float32.
    const threshold = Math.fround(this.threshold);
    const equal = new Float32Array(labels.data.length);
    for (let i = 0; i < equal.length; i++) {
      const predicted = predictions.data[i]! > threshold ? 1 : 0;
      equal[i] = labels.data[i] === predicted ? 1 : 0;
    }
    return { data: equal, shape: labels.shape };
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), threshold: this.threshold };
  }
}
