/**
 * Mean absolute percentage error.
 *
 * @module
 */

import { NO_OPTIONS, type NoOptions, placedOptions, readOptions } from "../arguments.js";
import { abs, divide, maximum, mean, multiply, subtract, type TensorLike } from "../ops/index.js";
import { checkCount } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossOptions, type Predictions } from "./loss.js";
import { aligned, EPSILON } from "./operands.js";

/** `100 mean(|yTrue - yPred| / max(|yTrue|, 1e-7))` over the last axis. @throws ValueError when the shapes do not fit */
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
    checkCount("call", arguments.length, 2);
    return meanAbsolutePercentageError(yTrue, yPred);
  }
}
