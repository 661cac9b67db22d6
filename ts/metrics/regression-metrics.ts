/**
 * Errors of numbers, as metrics.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { cosine } from "../losses/cosine-similarity.js";
import { checkedAxisOption } from "../losses/crossentropy-arguments.js";
import { logCosh } from "../losses/log-cosh.js";
import { meanAbsoluteError } from "../losses/mean-absolute-error.js";
import { meanAbsolutePercentageError } from "../losses/mean-absolute-percentage-error.js";
import { meanSquaredError } from "../losses/mean-squared-error.js";
import { meanSquaredLogarithmicError } from "../losses/mean-squared-logarithmic-error.js";
import type { TensorLike } from "../ops/operand.js";
import type { Tensor } from "../tensor.js";
import { LossMetric } from "./loss-metric.js";
import type { MetricConfig, MetricOptions } from "./metric.js";

/**
 * The mean of squared errors.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MeanSquaredError](https://keras.io/api/metrics/regression_metrics/#meansquarederror-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.MeanSquaredError().apply([[0, 1], [0, 0]], [[1, 1], [1, 0]])); // 0.5
 * ```
 */
export class MeanSquaredError extends LossMetric {
  static override readonly className = "MeanSquaredError";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("MeanSquaredError", ["name"], given);
    super(options);
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return meanSquaredError(yTrue, yPred);
  }
}

/**
 * The mean of absolute errors.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MeanAbsoluteError](https://keras.io/api/metrics/regression_metrics/#meanabsoluteerror-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.MeanAbsoluteError().apply([[0, 1], [0, 0]], [[1, 1], [1, 0]])); // 0.5
 * ```
 */
export class MeanAbsoluteError extends LossMetric {
  static override readonly className = "MeanAbsoluteError";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("MeanAbsoluteError", ["name"], given);
    super(options);
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return meanAbsoluteError(yTrue, yPred);
  }
}

/**
 * The mean error in percent of the labels.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MeanAbsolutePercentageError](https://keras.io/api/metrics/regression_metrics/#meanabsolutepercentageerror-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.MeanAbsolutePercentageError().apply([[2, 4]], [[1, 5]])); // 37.5
 * ```
 */
export class MeanAbsolutePercentageError extends LossMetric {
  static override readonly className = "MeanAbsolutePercentageError";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("MeanAbsolutePercentageError", ["name"], given);
    super(options);
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return meanAbsolutePercentageError(yTrue, yPred);
  }
}

/**
 * The mean of squared differences of logarithms.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MeanSquaredLogarithmicError](https://keras.io/api/metrics/regression_metrics/#meansquaredlogarithmicerror-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.MeanSquaredLogarithmicError().apply([[3, 0]], [[3, 0]])); // 0
 * ```
 */
export class MeanSquaredLogarithmicError extends LossMetric {
  static override readonly className = "MeanSquaredLogarithmicError";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("MeanSquaredLogarithmicError", ["name"], given);
    super(options);
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return meanSquaredLogarithmicError(yTrue, yPred);
  }
}

/**
 * The mean of `log(cosh(error))`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: LogCoshError](https://keras.io/api/metrics/regression_metrics/#logcosherror-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.LogCoshError().apply([[0, 1]], [[0, 1]])); // 0
 * ```
 */
export class LogCoshError extends LossMetric {
  static override readonly className = "LogCoshError";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("LogCoshError", ["name"], given);
    super(options);
  }

  /** @internal */
  protected override defaultName(): string {
    return "logcosh";
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return logCosh(yTrue, yPred);
  }
}

/** Options of {@link CosineSimilarity}. */
export interface CosineSimilarityMetricOptions extends MetricOptions {
  /** The axis of the vectors. Default: -1, the last. */
  readonly axis?: number | undefined;
}

/**
 * The mean cosine of the angle between labels and predictions: 1 for the same direction. The loss of this
 * name is its negative.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CosineSimilarity](https://keras.io/api/metrics/regression_metrics/#cosinesimilarity-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.CosineSimilarity().apply([[0, 1], [1, 0]], [[0, 4], [0, 4]])); // 0.5
 * ```
 */
export class CosineSimilarity extends LossMetric {
  static override readonly className = "CosineSimilarity";
  /** The axis of the vectors. */
  readonly axis: number;

  constructor(
    options?: CosineSimilarityMetricOptions | CosineSimilarityMetricOptions["name"],
    others?: CosineSimilarityMetricOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<CosineSimilarityMetricOptions>("CosineSimilarity", ["name"], given);
    super(options, ["axis"]);
    this.axis = checkedAxisOption("CosineSimilarity", options.axis);
  }

  override get direction(): "up" {
    return "up";
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return cosine(this.name, yTrue, yPred, this.axis);
  }

  /**
   * Keras omits `axis` and loses it; gradstep saves it unless it is the default.
   *
   * @returns the constructor's arguments, by Keras's names
   */
  override getConfig(): MetricConfig {
    return { ...super.getConfig(), ...(this.axis === -1 ? {} : { axis: this.axis }) };
  }
}
