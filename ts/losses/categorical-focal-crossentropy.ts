/**
 * Categorical cross-entropy that gives less weight to easy samples.
 *
 * @module
 */

import { placedOptions, readOptions } from "../arguments.js";
import { clip, divide, log, multiply, negative, power, softmax, subtract, sum } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import { checkMethod, isList, nonNegativeNumber, oneOrMore } from "../options.js";
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
import { warnOfOneClass } from "./label-cures.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
import { alignedAlike, EPSILON } from "./operands.js";

/** Arguments of {@link categoricalFocalCrossentropy}. */
export interface CategoricalFocalArguments extends CrossentropyArguments {
  /** The weight of every class, or one for each, 0 or above. Default: 0.25. */
  readonly alpha?: number | readonly number[] | undefined;
  /** The exponent of the focal factor, 0 or above. Default: 2. */
  readonly gamma?: number | undefined;
}

/** Options of {@link CategoricalFocalCrossentropy}. */
export interface CategoricalFocalCrossentropyOptions extends LossOptions, CategoricalFocalArguments {}

/**
 * Computes `-sum(alpha (1 - p)^gamma yTrue log(p))` over the classes. Probabilities are divided by their sum, and
 * clipped to 1e-7 away from 0 and 1.
 *
 * @param yTrue - Labels, one-hot or distributions, `[batch, ..., classes]`.
 * @param yPred - Probabilities or logits, `[batch, ..., classes]`.
 * @returns a value for each sample: the shape of `yPred` without `axis`
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN;
 * TypeError ERR_OPTION_TYPE
 * @see [Keras: CategoricalFocalCrossentropy](https://keras.io/api/losses/probabilistic_losses/#categoricalfocalcrossentropy-class)
 */
export function categoricalFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...given: [
    alpha?: number | readonly number[] | CategoricalFocalArguments | undefined,
    gamma?: number | undefined,
    ...CrossentropyGiven,
  ]
): Tensor<"float32"> {
  const name = "categoricalFocalCrossentropy";
  return focalOf(yTrue, yPred, checkedFocal(name, readOptions(name, FOCAL, given)));
}

type CheckedFocal = CheckedArguments & { readonly alpha: number | readonly number[]; readonly gamma: number };

const FOCAL = { names: ["alpha", "gamma", ...CROSSENTROPY_OPTIONS], after: 2 };

function checkedFocal(owner: string, options: CategoricalFocalArguments): CheckedFocal {
  const { alpha = 0.25, gamma = 2 } = options;
  const weight = (value: unknown) => nonNegativeNumber(owner, "alpha", value);
  return {
    ...checkedArguments(owner, options),
    alpha: isList(alpha) ? oneOrMore(alpha).map(weight) : weight(alpha),
    gamma: nonNegativeNumber(owner, "gamma", gamma),
  };
}

function focalOf(yTrue: TensorLike, yPred: TensorLike, options: CheckedFocal): Tensor<"float32"> {
  const name = "categoricalFocalCrossentropy";
  const { fromLogits, labelSmoothing, axis, alpha, gamma } = options;
  const [labels, outputs] = alignedAlike(name, yTrue, yPred, axis);
  if (axis === -1) warnOfOneClass(name, outputs.shape);
  const targets = smoothed(labels, labelSmoothing, 1 / (labels.shape.at(axis) ?? 1));
  const given = fromLogits ? softmax(outputs, axis) : outputs;
  const p = clip(divide(given, sum(given, { axis, keepdims: true })), EPSILON, 1 - EPSILON);
  const weights = multiply(power(subtract(1, p), gamma), typeof alpha === "number" ? alpha : [...alpha]);
  return sum(multiply(weights, negative(multiply(targets, log(p)))), { axis });
}

/**
 * Categorical cross-entropy that gives less weight to samples that are predicted well.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CategoricalFocalCrossentropy](https://keras.io/api/losses/probabilistic_losses/#categoricalfocalcrossentropy-class),
 * [Lin et al. 2017](https://arxiv.org/abs/1708.02002)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.CategoricalFocalCrossentropy().apply([[0, 1]], [[0.5, 0.5]]);
 * console.log(loss.item().toFixed(4)); // 0.0433
 * ```
 */
export class CategoricalFocalCrossentropy extends Loss {
  static override readonly className = "CategoricalFocalCrossentropy";
  /** Whether predictions are logits, rather than probabilities. */
  readonly fromLogits: boolean;
  /** Amount of label smoothing towards the mean of all classes, 0 to 1. */
  readonly labelSmoothing: number;
  /** The axis of the classes. */
  readonly axis: number;
  /** The weight of every class, or one for each. */
  readonly alpha: number | readonly number[];
  /** The exponent of the focal factor. */
  readonly gamma: number;

  constructor(
    options?: CategoricalFocalCrossentropyOptions | CategoricalFocalCrossentropyOptions["alpha"],
    gamma?: CategoricalFocalCrossentropyOptions["gamma"] | CategoricalFocalCrossentropyOptions,
    fromLogits?: CategoricalFocalCrossentropyOptions["fromLogits"] | CategoricalFocalCrossentropyOptions,
    labelSmoothing?: CategoricalFocalCrossentropyOptions["labelSmoothing"] | CategoricalFocalCrossentropyOptions,
    axis?: CategoricalFocalCrossentropyOptions["axis"] | CategoricalFocalCrossentropyOptions,
    reduction?: CategoricalFocalCrossentropyOptions["reduction"] | CategoricalFocalCrossentropyOptions,
    name?: CategoricalFocalCrossentropyOptions["name"] | CategoricalFocalCrossentropyOptions,
    others?: CategoricalFocalCrossentropyOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<CategoricalFocalCrossentropyOptions>(
      "CategoricalFocalCrossentropy",
      ["alpha", "gamma", "fromLogits", "labelSmoothing", "axis", "reduction", "name"],
      given,
    );
    super(options, FOCAL.names);
    const { className } = this;
    const { fromLogits, labelSmoothing, axis, alpha, gamma } = checkedFocal(className, options);
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.axis = axis;
    this.alpha = alpha;
    this.gamma = gamma;
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return focalOf(yTrue, yPred, this);
  }

  override getConfig(): LossConfig {
    return { ...super.getConfig(), ...argumentsConfig(this), alpha: this.alpha, gamma: this.gamma };
  }
}
