/**
 * Hinge losses of labels -1 and 1. Labels of 0 and 1 are mapped to them.
 *
 * @module
 */

import { NO_OPTIONS, type NoOptions, placedOptions, readOptions } from "../arguments.js";
import { add, max, maximum, mean, multiply, square, subtract, sum } from "../ops/index.js";
import type { FloatOperand, TensorLike } from "../ops/operand.js";
import { checkMethod } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossOptions, type Predictions } from "./loss.js";
import { aligned } from "./operands.js";

/**
 * Computes `mean(max(1 - yTrue yPred, 0))` over the last axis.
 *
 * @param yTrue - Labels, -1 and 1, or 0 and 1, `[batch, ..., values]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: hinge](https://keras.io/api/losses/hinge_losses/#hinge-function)
 */
export function hinge(yTrue: TensorLike, yPred: TensorLike, ...none: NoOptions): Tensor<"float32"> {
  readOptions("hinge", NO_OPTIONS, none);
  return mean(margins("hinge", yTrue, yPred), { axis: -1 });
}

/**
 * Computes `mean(max(1 - yTrue yPred, 0)^2)` over the last axis.
 *
 * @param yTrue - Labels, -1 and 1, or 0 and 1, `[batch, ..., values]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: squared_hinge](https://keras.io/api/losses/hinge_losses/#squared_hinge-function)
 */
export function squaredHinge(yTrue: TensorLike, yPred: TensorLike, ...none: NoOptions): Tensor<"float32"> {
  readOptions("squaredHinge", NO_OPTIONS, none);
  return mean(square(margins("squaredHinge", yTrue, yPred)), { axis: -1 });
}

/**
 * Computes `max(max((1 - yTrue) yPred) - sum(yTrue yPred) + 1, 0)` over the last axis; labels are one-hot.
 *
 * @param yTrue - Labels, one-hot, `[batch, ..., classes]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without its last axis
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: categorical_hinge](https://keras.io/api/losses/hinge_losses/#categorical_hinge-function)
 */
export function categoricalHinge(yTrue: TensorLike, yPred: TensorLike, ...none: NoOptions): Tensor<"float32"> {
  readOptions("categoricalHinge", NO_OPTIONS, none);
  const [labels, predictions] = aligned("categoricalHinge", yTrue, yPred);
  const own = sum(multiply(labels, predictions), { axis: -1 });
  const others = max(multiply(subtract(1, labels), predictions), { axis: -1 });
  return maximum(add(subtract(others, own), 1), 0);
}

function margins(owner: string, yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
  const [labels, predictions] = aligned(owner, yTrue, yPred);
  return maximum(subtract(1, multiply(signed(labels), predictions)), 0);
}

/** Converts 0 and 1 to -1 and 1, if the batch contains no other values. */
function signed(labels: FloatOperand): FloatOperand {
  const values = labels.numbers;
  if (!values.every((value) => value === 0 || value === 1)) return labels;
  return subtract(multiply(labels, 2), 1);
}

/**
 * The hinge loss, `mean(max(1 - yTrue yPred, 0))`, of labels -1 and 1, or 0 and 1.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Hinge](https://keras.io/api/losses/hinge_losses/#hinge-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.Hinge().apply([[0, 1]], [[-2, 0.5]]);
 * console.log(loss.item()); // 0.25
 * ```
 */
export class Hinge extends Loss {
  static override readonly className = "Hinge";

  constructor(
    options?: LossOptions | LossOptions["reduction"],
    name?: LossOptions["name"] | LossOptions,
    others?: LossOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LossOptions>("Hinge", ["reduction", "name"], given);
    super(options);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return hinge(yTrue, yPred);
  }
}

/**
 * The squared hinge loss, `mean(max(1 - yTrue yPred, 0)^2)`, of labels -1 and 1, or 0 and 1.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: SquaredHinge](https://keras.io/api/losses/hinge_losses/#squaredhinge-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.SquaredHinge().apply([[0, 1]], [[-2, 0.5]]);
 * console.log(loss.item()); // 0.125
 * ```
 */
export class SquaredHinge extends Loss {
  static override readonly className = "SquaredHinge";

  constructor(
    options?: LossOptions | LossOptions["reduction"],
    name?: LossOptions["name"] | LossOptions,
    others?: LossOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LossOptions>("SquaredHinge", ["reduction", "name"], given);
    super(options);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return squaredHinge(yTrue, yPred);
  }
}

/**
 * The hinge loss of one-hot labels, `max(neg - pos + 1, 0)`: `pos` is the score of the correct class, `neg` the best
 * score of the others.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CategoricalHinge](https://keras.io/api/losses/hinge_losses/#categoricalhinge-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.CategoricalHinge().apply([[0, 1]], [[0.25, 0.5]]);
 * console.log(loss.item()); // 0.75
 * ```
 */
export class CategoricalHinge extends Loss {
  static override readonly className = "CategoricalHinge";

  constructor(
    options?: LossOptions | LossOptions["reduction"],
    name?: LossOptions["name"] | LossOptions,
    others?: LossOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LossOptions>("CategoricalHinge", ["reduction", "name"], given);
    super(options);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return categoricalHinge(yTrue, yPred);
  }
}
