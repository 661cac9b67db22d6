/**
 * Hinge losses as metrics.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { categoricalHinge, hinge, squaredHinge } from "../losses/hinge.js";
import type { TensorLike } from "../ops/operand.js";
import type { Tensor } from "../tensor.js";
import { LossMetric } from "./loss-metric.js";
import type { MetricOptions } from "./metric.js";

/**
 * The mean of `max(1 - yTrue yPred, 0)`; labels are -1 and 1, or 0 and 1.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Hinge](https://keras.io/api/metrics/hinge_metrics/#hinge-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.Hinge().apply([[0, 1]], [[-2, 0.5]])); // 0.25
 * ```
 */
export class Hinge extends LossMetric {
  static override readonly className = "Hinge";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("Hinge", ["name"], given);
    super(options);
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return hinge(yTrue, yPred);
  }
}

/**
 * The mean of `max(1 - yTrue yPred, 0)^2`; labels are -1 and 1, or 0 and 1.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: SquaredHinge](https://keras.io/api/metrics/hinge_metrics/#squaredhinge-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.SquaredHinge().apply([[0, 1]], [[-2, 0.5]])); // 0.125
 * ```
 */
export class SquaredHinge extends LossMetric {
  static override readonly className = "SquaredHinge";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("SquaredHinge", ["name"], given);
    super(options);
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return squaredHinge(yTrue, yPred);
  }
}

/**
 * The mean of `max(neg - pos + 1, 0)`: `pos` is the score of the right class, `neg` the best of the others.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CategoricalHinge](https://keras.io/api/metrics/hinge_metrics/#categoricalhinge-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.CategoricalHinge().apply([[0, 1]], [[0.25, 0.5]])); // 0.75
 * ```
 */
export class CategoricalHinge extends LossMetric {
  static override readonly className = "CategoricalHinge";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("CategoricalHinge", ["name"], given);
    super(options);
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return categoricalHinge(yTrue, yPred);
  }
}
