/**
 * Cross-entropy of one-hot labels.
 *
 * @module
 */

import { placedOptions, readOptions } from "../arguments.js";
import { categoricalCrossentropy as perRow } from "../ops/index.js";
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
import { warnOfOneClass } from "./label-cures.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
import { alignedAlike } from "./operands.js";

/** Options of {@link CategoricalCrossentropy}. */
export interface CategoricalCrossentropyOptions extends LossOptions, CrossentropyArguments {}

/**
 * Computes `-sum(yTrue log(p))` over the classes. Probabilities are divided by their sum, and clipped to 1e-7 away from
 * 0 and 1; clipped ones have a gradient of 0.
 *
 * @param yTrue - Labels, one-hot or distributions, `[batch, ..., classes]`.
 * @param yPred - Probabilities or logits, `[batch, ..., classes]`.
 * @returns a value for each sample: the shape of `yPred` without `axis`
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN;
 * TypeError ERR_OPTION_TYPE
 * @see [Keras: categorical_crossentropy](https://keras.io/api/losses/probabilistic_losses/#categorical_crossentropy-function)
 */
export function categoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...given: CrossentropyGiven
): Tensor<"float32"> {
  const name = "categoricalCrossentropy";
  return crossentropyOf(yTrue, yPred, checkedArguments(name, readOptions(name, CROSSENTROPY, given)));
}

function crossentropyOf(
  yTrue: TensorLike,
  yPred: TensorLike,
  { fromLogits, labelSmoothing, axis }: CheckedArguments,
): Tensor<"float32"> {
  const name = "categoricalCrossentropy";
  const [labels, predictions] = alignedAlike(name, yTrue, yPred);
  if (axis === -1) warnOfOneClass(name, predictions.shape);
  // The number of classes, on any axis (Keras up to 3.15 uses the length of the last axis).
  const classes = labels.shape.at(axis) ?? 1;
  return perRow(smoothed(labels, labelSmoothing, 1 / classes), predictions, { fromLogits, axis });
}

/**
 * The cross-entropy of mutually exclusive classes; labels are one-hot, or distributions.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CategoricalCrossentropy](https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.CategoricalCrossentropy({ fromLogits: true }).apply([[0, 1]], [[0, 0]]);
 * console.log(loss.item()); // 0.6931471824645996
 * ```
 */
export class CategoricalCrossentropy extends Loss {
  static override readonly className = "CategoricalCrossentropy";
  /** Whether predictions are logits, rather than probabilities. */
  readonly fromLogits: boolean;
  /** Amount of label smoothing towards the mean of all classes, 0 to 1. */
  readonly labelSmoothing: number;
  /** The axis of the classes. */
  readonly axis: number;

  constructor(
    options?: CategoricalCrossentropyOptions | CategoricalCrossentropyOptions["fromLogits"],
    labelSmoothing?: CategoricalCrossentropyOptions["labelSmoothing"] | CategoricalCrossentropyOptions,
    axis?: CategoricalCrossentropyOptions["axis"] | CategoricalCrossentropyOptions,
    reduction?: CategoricalCrossentropyOptions["reduction"] | CategoricalCrossentropyOptions,
    name?: CategoricalCrossentropyOptions["name"] | CategoricalCrossentropyOptions,
    others?: CategoricalCrossentropyOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<CategoricalCrossentropyOptions>(
      "CategoricalCrossentropy",
      ["fromLogits", "labelSmoothing", "axis", "reduction", "name"],
      given,
    );
    super(options, CROSSENTROPY_OPTIONS);
    const { fromLogits, labelSmoothing, axis } = checkedArguments("CategoricalCrossentropy", options);
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
