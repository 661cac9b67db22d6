/**
 * A loss from a custom function.
 *
 * @module
 */

import { isCallable } from "../brands.js";
import { customFunction, savedFunction } from "../custom-objects.js";
import { ArgumentTypeError } from "../errors.js";
import { madeFrom, withKeysOf } from "../keras-names.js";
import { madeTensor } from "../ops/operand.js";
import { checkCount, checkMethod, shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
import { floatTensor } from "./operands.js";

/** A custom loss: returns one value per sample, or one for all. */
export type CustomLoss = (yTrue: Tensor<"float32">, yPred: Tensor<"float32">) => Tensor;

/**
 * A loss from a function, with weights and reduction. `compile` creates it.
 *
 * @param fn - A function of labels and predictions, float32, that returns a value for each sample.
 * @throws ValueError ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: custom losses](https://keras.io/api/losses/#creating-custom-losses)
 * @example
 * ```ts
 * import { losses, ops } from "gradstep";
 *
 * const quartic = new losses.FunctionLoss((yTrue, yPred) =>
 *   ops.mean(ops.square(ops.square(ops.subtract(yTrue, yPred))), { axis: -1 }),
 * );
 * console.log(quartic.apply([[0, 0]], [[1, 1]]).item()); // 1
 * ```
 */
export class FunctionLoss extends Loss {
  static override readonly className = "LossFunctionWrapper";
  /** The function. */
  readonly fn: CustomLoss;

  constructor(fn: CustomLoss, options: LossOptions = {}) {
    checkCount("FunctionLoss", arguments.length, 2);
    if (!isCallable(fn)) {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `FunctionLoss takes a function, got ${shown(fn)}.`);
    }
    super(options, [], fn.name || "loss");
    this.fn = fn;
  }

  /**
   * Calls the function with labels and predictions, converted to float32 tensors.
   *
   * @param yTrue - Labels, `[batch, ...]`.
   * @param yPred - Predictions, `[batch, ...]`.
   * @returns the result of the function: a value for each sample, or a scalar
   * @throws TypeError ERR_OPTION_TYPE when the function returns no float32 tensor
   */
  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    const values = this.fn(floatTensor(this.name, yTrue), floatTensor(this.name, yPred));
    return madeTensor(`The loss "${this.name}"`, values);
  }

  /**
   * Returns the configuration. The function is saved by its name.
   *
   * @returns the constructor's arguments, by Keras's names
   * @throws ValueError ERR_CONFIG_INVALID for a function without a name; TypeError ERR_OPTION_TYPE
   */
  override getConfig(): LossConfig {
    return { ...super.getConfig(), fn: savedFunction("a loss", this.fn) };
  }

  static override fromConfig<T extends Loss>(this: new (options: never) => T, config: Readonly<LossConfig>): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 1);
    const { fn, ...options } = madeFrom(config, (read) => read);
    // biome-ignore lint/complexity/noThisInStatic: the subclass is meant.
    const make = this as unknown as new (fn: unknown, options: LossOptions) => T;
    return withKeysOf(config, () => new make(typeof fn === "function" ? fn : customFunction("a loss", fn), options));
  }
}
