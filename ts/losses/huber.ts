/**
 * The Huber loss.
 *
 * @module
 */

import { placedOptions, readOptions } from "../arguments.js";
import { abs, lessEqual, mean, multiply, square, subtract, type TensorLike, where } from "../ops/index.js";
import { checkMethod, positiveNumber } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
import { aligned } from "./operands.js";

/** Options of {@link Huber}. */
export interface HuberOptions extends LossOptions {
  /** Up to this error the loss is quadratic, beyond it linear. Default: 1. */
  readonly delta?: number | undefined;
}

/**
 * Computes `error^2 / 2` up to `delta`, `delta |error| - delta^2 / 2` beyond it; the mean over the last axis.
 *
 * @param given - `delta`: up to this error the loss is quadratic, beyond it linear. Default: 1.
 * @param yTrue - Labels, `[batch, ..., values]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN;
 * TypeError ERR_OPTION_TYPE
 * @see [Keras: huber](https://keras.io/api/losses/regression_losses/#huber-function)
 */
export function huber(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...given: [delta?: number | { readonly delta?: number | undefined } | undefined]
): Tensor<"float32"> {
  const { delta = 1 } = readOptions<{ delta?: number | undefined }>("huber", HUBER, given);
  return huberOf(yTrue, yPred, positiveNumber("huber", "delta", delta));
}

const HUBER = { names: ["delta"], after: 2 };

function huberOf(yTrue: TensorLike, yPred: TensorLike, exact: number): Tensor<"float32"> {
  const delta = Math.fround(exact);
  const [labels, predictions] = aligned("huber", yTrue, yPred);
  const error = subtract(predictions, labels);
  const size = abs(error);
  const quadratic = multiply(square(error), 0.5);
  const linear = subtract(multiply(size, delta), 0.5 * delta * delta);
  return mean(where(lessEqual(size, delta), quadratic, linear), { axis: -1 });
}

/**
 * The Huber loss: quadratic for small errors, linear for large ones, which reduces the influence of outliers.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Huber](https://keras.io/api/losses/regression_losses/#huber-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.Huber({ delta: 1 }).apply([[0, 0]], [[0.5, 3]]);
 * console.log(loss.item()); // 1.3125
 * ```
 */
export class Huber extends Loss {
  static override readonly className = "Huber";
  /** The error up to which the loss is quadratic. */
  readonly delta: number;

  constructor(
    options?: HuberOptions | HuberOptions["delta"],
    reduction?: HuberOptions["reduction"] | HuberOptions,
    name?: HuberOptions["name"] | HuberOptions,
    others?: HuberOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<HuberOptions>("Huber", ["delta", "reduction", "name"], given);
    super(options, ["delta"], "huber_loss");
    this.delta = positiveNumber("Huber", "delta", options.delta ?? 1);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return huberOf(yTrue, yPred, this.delta);
  }

  /**
   * Keras omits `delta` and loses it; gradstep saves it unless it is the default.
   *
   * @returns the constructor's arguments, by Keras's names
   */
  override getConfig(): LossConfig {
    return { ...super.getConfig(), ...(this.delta === 1 ? {} : { delta: this.delta }) };
  }
}
