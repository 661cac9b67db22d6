/**
 * The Poisson loss.
 *
 * @module
 */

import { NO_OPTIONS, type NoOptions, placedOptions, readOptions } from "../arguments.js";
import { add, log, mean, multiply, subtract, type TensorLike } from "../ops/index.js";
import { checkMethod } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossOptions, type Predictions } from "./loss.js";
import { aligned, EPSILON } from "./operands.js";

/**
 * Computes `mean(yPred - yTrue log(yPred + 1e-7))` over the last axis.
 *
 * @param yTrue - Counts, `[batch, ..., values]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: poisson](https://keras.io/api/losses/probabilistic_losses/#poisson-function)
 */
export function poisson(yTrue: TensorLike, yPred: TensorLike, ...none: NoOptions): Tensor<"float32"> {
  readOptions("poisson", NO_OPTIONS, none);
  const [labels, predictions] = aligned("poisson", yTrue, yPred);
  return mean(subtract(predictions, multiply(labels, log(add(predictions, EPSILON)))), { axis: -1 });
}

/**
 * The loss of counts: `mean(yPred - yTrue log(yPred))`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Poisson](https://keras.io/api/losses/probabilistic_losses/#poisson-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.Poisson().apply([[0, 0]], [[1, 2]]);
 * console.log(loss.item()); // 1.5
 * ```
 */
export class Poisson extends Loss {
  static override readonly className = "Poisson";

  constructor(
    options?: LossOptions | LossOptions["reduction"],
    name?: LossOptions["name"] | LossOptions,
    others?: LossOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LossOptions>("Poisson", ["reduction", "name"], given);
    super(options);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return poisson(yTrue, yPred);
  }
}
