/**
 * Mean absolute percentage error.
 *
 * @module
 */

import { NO_OPTIONS, type NoOptions, placedOptions, readOptions } from "../arguments.js";
import { abs, divide, maximum, mean, multiply, subtract, type TensorLike } from "../ops/index.js";
import { checkMethod } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossOptions, type Predictions } from "./loss.js";
import { aligned, EPSILON } from "./operands.js";

/**
 * Computes `100 mean(|yTrue - yPred| / max(|yTrue|, 1e-7))` over the last axis.
 *
 * @param yTrue - Labels, `[batch, ..., values]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: mean_absolute_percentage_error](https://keras.io/api/losses/regression_losses/#mean_absolute_percentage_error-function)
 */
export function meanAbsolutePercentageError(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...none: NoOptions
): Tensor<"float32"> {
  readOptions("meanAbsolutePercentageError", NO_OPTIONS, none);
  const [labels, predictions] = aligned("meanAbsolutePercentageError", yTrue, yPred);
  const error = divide(subtract(labels, predictions), maximum(abs(labels), EPSILON));
  return multiply(mean(abs(error), { axis: -1 }), 100);
}

/**
 * The mean error in percent of the labels.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MeanAbsolutePercentageError](https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.MeanAbsolutePercentageError().apply([[2, 4]], [[1, 5]]);
 * console.log(loss.item()); // 37.5
 * ```
 */
export class MeanAbsolutePercentageError extends Loss {
  static override readonly className = "MeanAbsolutePercentageError";

  constructor(
    options?: LossOptions | LossOptions["reduction"],
    name?: LossOptions["name"] | LossOptions,
    others?: LossOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LossOptions>("MeanAbsolutePercentageError", ["reduction", "name"], given);
    super(options);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return meanAbsolutePercentageError(yTrue, yPred);
  }
}
