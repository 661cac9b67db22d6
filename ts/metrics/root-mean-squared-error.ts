/**
 * Root mean squared error.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { TensorLike } from "../ops/operand.js";
import { checkMethod } from "../options.js";
import { MeanOfValues } from "./mean-of-values.js";
import type { MetricOptions } from "./metric.js";
import { type Numbers, pairOf } from "./operands.js";

/**
 * The square root of the mean of squared errors, over all samples together.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: RootMeanSquaredError](https://keras.io/api/metrics/regression_metrics/#rootmeansquarederror-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.RootMeanSquaredError().apply([[0, 0]], [[3, 3]])); // 3
 * ```
 */
export class RootMeanSquaredError extends MeanOfValues {
  static override readonly className = "RootMeanSquaredError";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("RootMeanSquaredError", ["name"], given);
    super(options);
  }

  override get direction(): "down" {
    return "down";
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): Numbers {
    const [labels, predictions] = pairOf(this.name, yTrue, yPred);
    const squares = new Float64Array(labels.data.length);
    for (let i = 0; i < squares.length; i++) {
      const error = predictions.data[i]! - labels.data[i]!;
      squares[i] = error * error;
    }
    return { data: squares, shape: labels.shape };
  }

  override result(): number {
    checkMethod(this, "result", arguments.length, 0);
    this.checkSelf();
    return Math.sqrt(super.result());
  }
}
