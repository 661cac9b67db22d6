/**
 * Mean squared logarithmic error.
 *
 * @module
 */

import { NO_OPTIONS, type NoOptions, placedOptions, readOptions } from "../arguments.js";
import { add, log, maximum, mean, square, subtract, type TensorLike } from "../ops/index.js";
import { checkCount } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossOptions, type Predictions } from "./loss.js";
import { aligned, EPSILON } from "./operands.js";

/** `mean((log(yTrue + 1) - log(yPred + 1))^2)` over the last axis; below 1e-7 counts as 1e-7. @throws ValueError when the shapes do not fit */
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
 * The mean of squared differences of logarithms: for numbers of many magnitudes.
 *
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
    checkCount("call", arguments.length, 2);
    return meanSquaredLogarithmicError(yTrue, yPred);
  }
}
