/**
 * The Kullback-Leibler divergence.
 *
 * @module
 */

import { NO_OPTIONS, type NoOptions, placedOptions, readOptions } from "../arguments.js";
import { clip, divide, log, multiply, sum, type TensorLike } from "../ops/index.js";
import { checkMethod } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossOptions, type Predictions } from "./loss.js";
import { aligned, EPSILON } from "./operands.js";

/**
 * Computes `sum(yTrue log(yTrue / yPred))` over the last axis, both clipped to [1e-7, 1].
 *
 * @param yTrue - Distributions, `[batch, ..., classes]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: kl_divergence](https://keras.io/api/losses/probabilistic_losses/#kl_divergence-function)
 */
export function klDivergence(yTrue: TensorLike, yPred: TensorLike, ...none: NoOptions): Tensor<"float32"> {
  readOptions("klDivergence", NO_OPTIONS, none);
  const [labels, predictions] = aligned("klDivergence", yTrue, yPred);
  const [p, q] = [clip(labels, EPSILON, 1), clip(predictions, EPSILON, 1)];
  return sum(multiply(p, log(divide(p, q))), { axis: -1 });
}

/**
 * Divergence of the predicted distribution from that of the labels: `sum(yTrue log(yTrue / yPred))`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: KLDivergence](https://keras.io/api/losses/probabilistic_losses/#kldivergence-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.KLDivergence().apply([[0.5, 0.5]], [[0.5, 0.5]]);
 * console.log(loss.item()); // 0
 * ```
 */
export class KLDivergence extends Loss {
  static override readonly className = "KLDivergence";

  constructor(
    options?: LossOptions | LossOptions["reduction"],
    name?: LossOptions["name"] | LossOptions,
    others?: LossOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LossOptions>("KLDivergence", ["reduction", "name"], given);
    super(options);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return klDivergence(yTrue, yPred);
  }
}
