/**
 * Binary cross-entropy that gives less weight to easy samples.
 *
 * @module
 */

import { placedOptions, readOptions } from "../arguments.js";
import { add, mean, multiply, binaryCrossentropy as perElement, power, sigmoid, subtract } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import { boolean, checkMethod, FRACTION, nonNegativeNumber, numberIn } from "../options.js";
import type { Tensor } from "../tensor.js";
import {
  argumentsConfig,
  type CheckedArguments,
  CROSSENTROPY_OPTIONS,
  type CrossentropyArguments,
  type CrossentropyGiven,
  checkedArguments,
  smoothed,
} from "./crossentropy-arguments.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
import { alignedAlike } from "./operands.js";

/** Arguments of {@link binaryFocalCrossentropy}. */
export interface BinaryFocalArguments extends CrossentropyArguments {
  /** Whether to weight the classes by `alpha` and `1 - alpha`. Default: false. */
  readonly applyClassBalancing?: boolean | undefined;
  /** The weight of class 1 in balancing, 0 to 1. Default: 0.25. */
  readonly alpha?: number | undefined;
  /** The exponent of the focal factor, 0 or above. Default: 2. */
  readonly gamma?: number | undefined;
}

/** Options of {@link BinaryFocalCrossentropy}. */
export interface BinaryFocalCrossentropyOptions extends LossOptions, BinaryFocalArguments {}

/**
 * Computes the binary cross-entropy times `(1 - p)^gamma`, where `p` is the probability of the correct label; the mean
 * over an axis.
 *
 * @param yTrue - Labels, 0 or 1, `[batch, ..., outputs]`.
 * @param yPred - Probabilities or logits, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without `axis`
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN;
 * TypeError ERR_OPTION_TYPE
 * @see [Keras: BinaryFocalCrossentropy](https://keras.io/api/losses/probabilistic_losses/#binaryfocalcrossentropy-class)
 */
export function binaryFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...given: [
    applyClassBalancing?: boolean | BinaryFocalArguments | undefined,
    alpha?: number | undefined,
    gamma?: number | undefined,
    ...CrossentropyGiven,
  ]
): Tensor<"float32"> {
  const name = "binaryFocalCrossentropy";
  return focalOf(yTrue, yPred, checkedFocal(name, readOptions(name, FOCAL, given)));
}

type CheckedFocal = CheckedArguments & {
  readonly applyClassBalancing: boolean;
  readonly alpha: number;
  readonly gamma: number;
};

const OWN = ["applyClassBalancing", "alpha", "gamma"];
const FOCAL = { names: [...OWN, ...CROSSENTROPY_OPTIONS], after: 2 };

function checkedFocal(owner: string, options: BinaryFocalArguments): CheckedFocal {
  return {
    ...checkedArguments(owner, options),
    applyClassBalancing: boolean(owner, "applyClassBalancing", options.applyClassBalancing ?? false),
    alpha: numberIn(owner, "alpha", options.alpha ?? 0.25, FRACTION),
    gamma: nonNegativeNumber(owner, "gamma", options.gamma ?? 2),
  };
}

function focalOf(yTrue: TensorLike, yPred: TensorLike, options: CheckedFocal): Tensor<"float32"> {
  const name = "binaryFocalCrossentropy";
  const { fromLogits, labelSmoothing, axis, applyClassBalancing, alpha, gamma } = options;
  const [labels, outputs] = alignedAlike(name, yTrue, yPred, axis);
  const targets = smoothed(labels, labelSmoothing, 0.5);
  const p = fromLogits ? sigmoid(outputs) : outputs;
  const others = subtract(1, targets);
  const right = add(multiply(targets, p), multiply(others, subtract(1, p)));
  const focal = multiply(power(subtract(1, right), gamma), perElement(targets, p));
  if (!applyClassBalancing) return mean(focal, { axis });
  const weights = add(multiply(targets, alpha), multiply(others, 1 - alpha));
  return mean(multiply(weights, focal), { axis });
}

/**
 * Binary cross-entropy that gives less weight to samples that are predicted well.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: BinaryFocalCrossentropy](https://keras.io/api/losses/probabilistic_losses/#binaryfocalcrossentropy-class),
 * [Lin et al. 2017](https://arxiv.org/abs/1708.02002)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.BinaryFocalCrossentropy().apply([[0, 1]], [[0.5, 0.5]]);
 * console.log(loss.item().toFixed(4)); // 0.1733
 * ```
 */
export class BinaryFocalCrossentropy extends Loss {
  static override readonly className = "BinaryFocalCrossentropy";
  /** Whether predictions are logits, rather than probabilities. */
  readonly fromLogits: boolean;
  /** Amount of label smoothing towards the mean of all classes, 0 to 1. */
  readonly labelSmoothing: number;
  /** The axis over which the mean is computed. */
  readonly axis: number;
  /** Whether classes are weighted by `alpha` and `1 - alpha`. */
  readonly applyClassBalancing: boolean;
  /** The weight of class 1 in balancing. */
  readonly alpha: number;
  /** The exponent of the focal factor. */
  readonly gamma: number;

  constructor(
    options?: BinaryFocalCrossentropyOptions | BinaryFocalCrossentropyOptions["applyClassBalancing"],
    alpha?: BinaryFocalCrossentropyOptions["alpha"] | BinaryFocalCrossentropyOptions,
    gamma?: BinaryFocalCrossentropyOptions["gamma"] | BinaryFocalCrossentropyOptions,
    fromLogits?: BinaryFocalCrossentropyOptions["fromLogits"] | BinaryFocalCrossentropyOptions,
    labelSmoothing?: BinaryFocalCrossentropyOptions["labelSmoothing"] | BinaryFocalCrossentropyOptions,
    axis?: BinaryFocalCrossentropyOptions["axis"] | BinaryFocalCrossentropyOptions,
    reduction?: BinaryFocalCrossentropyOptions["reduction"] | BinaryFocalCrossentropyOptions,
    name?: BinaryFocalCrossentropyOptions["name"] | BinaryFocalCrossentropyOptions,
    others?: BinaryFocalCrossentropyOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<BinaryFocalCrossentropyOptions>(
      "BinaryFocalCrossentropy",
      ["applyClassBalancing", "alpha", "gamma", "fromLogits", "labelSmoothing", "axis", "reduction", "name"],
      given,
    );
    super(options, FOCAL.names);
    const { className } = this;
    const { fromLogits, labelSmoothing, axis, applyClassBalancing, alpha, gamma } = checkedFocal(className, options);
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.axis = axis;
    this.applyClassBalancing = applyClassBalancing;
    this.alpha = alpha;
    this.gamma = gamma;
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return focalOf(yTrue, yPred, this);
  }

  override getConfig(): LossConfig {
    return {
      ...super.getConfig(),
      ...argumentsConfig(this),
      apply_class_balancing: this.applyClassBalancing,
      alpha: this.alpha,
      gamma: this.gamma,
    };
  }
}
