/**
 * Mean squared logarithmic error.
 *
 * @module
 */

import { NO_OPTIONS, type NoOptions, placedOptions, readOptions } from "../arguments.js";
import { add, log, maximum, mean, square, subtract, type TensorLike } from "../ops/index.js";
import { checkMethod } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossOptions, type Predictions } from "./loss.js";
import { aligned, EPSILON } from "./operands.js";

/**
 * Computes `mean((log(yTrue + 1) - log(yPred + 1))^2)` over the last axis; values below 1e-7 count as 1e-7.
 *
 * @param yTrue - Labels, `[batch, ..., values]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: mean_squared_logarithmic_error](https://keras.io/api/losses/regression_losses/#mean_squared_logarithmic_error-function)
 */
export function meanSquaredLogarithmicError(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...none: NoOptions
): Tensor<"float32"> {
  readOptions("meanSquaredLogarithmicError", NO_OPTIONS, none);
  const [labels, predictions] = aligned("meanSquaredLogarithmicError", yTrue, yPred);
  const logarithm = (x: TensorLike) => log(add(maximum(x, EPSILON), 1));
  return mean(square(subtract(logarithm(predictions), logarithm(labels))), { axis: -1 });
}

/**
 * The mean of squared differences of logarithms: for numbers of different magnitudes.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MeanSquaredLogarithmicError](https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.MeanSquaredLogarithmicError().apply([[3, 0]], [[3, 0]]);
 * console.log(loss.item()); // 0
 * ```
 */
export class MeanSquaredLogarithmicError extends Loss {
  static override readonly className = "MeanSquaredLogarithmicError";

  constructor(
    options?: LossOptions | LossOptions["reduction"],
    name?: LossOptions["name"] | LossOptions,
    others?: LossOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LossOptions>("MeanSquaredLogarithmicError", ["reduction", "name"], given);
    super(options);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return meanSquaredLogarithmicError(yTrue, yPred);
  }
}
