/**
 * Mean squared error.
 *
 * @module
 */

import { NO_OPTIONS, type NoOptions, placedOptions, readOptions } from "../arguments.js";
import { mean, square, subtract, type TensorLike } from "../ops/index.js";
import { checkMethod } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossOptions, type Predictions } from "./loss.js";
import { aligned } from "./operands.js";

/**
 * Computes `mean((yTrue - yPred)^2)` over the last axis.
 *
 * @param yTrue - Labels, `[batch, ..., values]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: mean_squared_error](https://keras.io/api/losses/regression_losses/#mean_squared_error-function)
 */
export function meanSquaredError(yTrue: TensorLike, yPred: TensorLike, ...none: NoOptions): Tensor<"float32"> {
  readOptions("meanSquaredError", NO_OPTIONS, none);
  const [labels, predictions] = aligned("meanSquaredError", yTrue, yPred);
  return mean(square(subtract(labels, predictions)), { axis: -1 });
}

/**
 * The mean of squared errors: `mean((yTrue - yPred)^2)`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MeanSquaredError](https://keras.io/api/losses/regression_losses/#meansquarederror-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.MeanSquaredError().apply([[0, 1], [0, 0]], [[1, 1], [1, 0]]);
 * console.log(loss.item()); // 0.5
 * ```
 */
export class MeanSquaredError extends Loss {
  static override readonly className = "MeanSquaredError";

  constructor(
    options?: LossOptions | LossOptions["reduction"],
    name?: LossOptions["name"] | LossOptions,
    others?: LossOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LossOptions>("MeanSquaredError", ["reduction", "name"], given);
    super(options);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return meanSquaredError(yTrue, yPred);
  }
}
