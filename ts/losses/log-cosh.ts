/**
 * The logarithm of the hyperbolic cosine of the error.
 *
 * @module
 */

import { NO_OPTIONS, type NoOptions, placedOptions, readOptions } from "../arguments.js";
import { add, mean, multiply, softplus, subtract, type TensorLike } from "../ops/index.js";
import { checkMethod } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossOptions, type Predictions } from "./loss.js";
import { aligned } from "./operands.js";

/** The natural logarithm of 2, as float32. */
const LOG_2 = Math.fround(Math.LN2);

/**
 * Computes `mean(log(cosh(yPred - yTrue)))` over the last axis.
 *
 * @param yTrue - Labels, `[batch, ..., values]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: log_cosh](https://keras.io/api/losses/regression_losses/#log_cosh-function)
 */
export function logCosh(yTrue: TensorLike, yPred: TensorLike, ...none: NoOptions): Tensor<"float32"> {
  readOptions("logCosh", NO_OPTIONS, none);
  const [labels, predictions] = aligned("logCosh", yTrue, yPred);
  const error = subtract(predictions, labels);
  // log(cosh(x)) without the overflow of cosh.
  return mean(subtract(add(error, softplus(multiply(error, -2))), LOG_2), { axis: -1 });
}

/**
 * The log-cosh loss, `log(cosh(error))`: about `error^2 / 2` for small errors, `|error| - log 2` for large ones.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: LogCosh](https://keras.io/api/losses/regression_losses/#logcosh-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.LogCosh().apply([[0, 1]], [[0, 1]]);
 * console.log(loss.item()); // 0
 * ```
 */
export class LogCosh extends Loss {
  static override readonly className = "LogCosh";

  constructor(
    options?: LossOptions | LossOptions["reduction"],
    name?: LossOptions["name"] | LossOptions,
    others?: LossOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LossOptions>("LogCosh", ["reduction", "name"], given);
    super(options);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return logCosh(yTrue, yPred);
  }
}
