/**
 * Cross-entropy of labels 0 and 1.
 *
 * @module
 */

import { placedOptions, readOptions } from "../arguments.js";
import { mean, binaryCrossentropy as perElement } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import { checkMethod } from "../options.js";
import type { Tensor } from "../tensor.js";
import {
  argumentsConfig,
  type CheckedArguments,
  CROSSENTROPY,
  CROSSENTROPY_OPTIONS,
  type CrossentropyArguments,
  type CrossentropyGiven,
  checkedArguments,
  smoothed,
} from "./crossentropy-arguments.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
import { alignedAlike } from "./operands.js";

/** Options of {@link BinaryCrossentropy}. */
export interface BinaryCrossentropyOptions extends LossOptions, CrossentropyArguments {}

/**
 * Computes `mean(-yTrue log(p) - (1 - yTrue) log(1 - p))` over an axis. Probabilities are clipped to 1e-7 away from 0
 * and 1.
 *
 * @param yTrue - Labels, 0 or 1, `[batch, ..., outputs]`.
 * @param yPred - Probabilities or logits, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without `axis`
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN;
 * TypeError ERR_OPTION_TYPE
 * @see [Keras: binary_crossentropy](https://keras.io/api/losses/probabilistic_losses/#binary_crossentropy-function)
 */
export function binaryCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...given: CrossentropyGiven
): Tensor<"float32"> {
  const name = "binaryCrossentropy";
  return crossentropyOf(yTrue, yPred, checkedArguments(name, readOptions(name, CROSSENTROPY, given)));
}

function crossentropyOf(
  yTrue: TensorLike,
  yPred: TensorLike,
  { fromLogits, labelSmoothing, axis }: CheckedArguments,
): Tensor<"float32"> {
  const name = "binaryCrossentropy";
  const [labels, predictions] = alignedAlike(name, yTrue, yPred, axis);
  const targets = smoothed(labels, labelSmoothing, 0.5);
  return mean(perElement(targets, predictions, { fromLogits }), { axis });
}

/**
 * The cross-entropy of labels 0 and 1, for one output or for several independent ones.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: BinaryCrossentropy](https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.BinaryCrossentropy({ fromLogits: true }).apply([[0, 1]], [[0, 0]]);
 * console.log(loss.item()); // 0.6931471824645996
 * ```
 */
export class BinaryCrossentropy extends Loss {
  static override readonly className = "BinaryCrossentropy";
  /** Whether predictions are logits, rather than probabilities. */
  readonly fromLogits: boolean;
  /** Amount of label smoothing towards the mean of all classes, 0 to 1. */
  readonly labelSmoothing: number;
  /** The axis over which the mean is computed. */
  readonly axis: number;

  constructor(
    options?: BinaryCrossentropyOptions | BinaryCrossentropyOptions["fromLogits"],
    labelSmoothing?: BinaryCrossentropyOptions["labelSmoothing"] | BinaryCrossentropyOptions,
    axis?: BinaryCrossentropyOptions["axis"] | BinaryCrossentropyOptions,
    reduction?: BinaryCrossentropyOptions["reduction"] | BinaryCrossentropyOptions,
    name?: BinaryCrossentropyOptions["name"] | BinaryCrossentropyOptions,
    others?: BinaryCrossentropyOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<BinaryCrossentropyOptions>(
      "BinaryCrossentropy",
      ["fromLogits", "labelSmoothing", "axis", "reduction", "name"],
      given,
    );
    super(options, CROSSENTROPY_OPTIONS);
    const { fromLogits, labelSmoothing, axis } = checkedArguments("BinaryCrossentropy", options);
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.axis = axis;
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return crossentropyOf(yTrue, yPred, this);
  }

  override getConfig(): LossConfig {
    return { ...super.getConfig(), ...argumentsConfig(this) };
  }
}
