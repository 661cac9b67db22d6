/**
 * Categorical cross-entropy in which what is easy counts less.
 *
 * @module
 */

import { clip, divide, log, multiply, negative, power, softmax, subtract, sum } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import { finiteNumber } from "../options.js";
import type { Tensor } from "../tensor.js";
import { alignedAlike } from "./align.js";
import {
  argumentsConfig,
  CROSSENTROPY_OPTIONS,
  type CrossentropyArguments,
  checkedArguments,
} from "./crossentropy-arguments.js";
import { EPSILON } from "./epsilon.js";
import { smoothed } from "./label-smoothing.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";

/** Arguments of {@link categoricalFocalCrossentropy}. */
export interface CategoricalFocalArguments extends CrossentropyArguments {
  /** The weight of every class, or one for each. Default: 0.25. */
  readonly alpha?: number | readonly number[] | undefined;
  /** The exponent of the focal factor. Default: 2. */
  readonly gamma?: number | undefined;
}

/** Options of {@link CategoricalFocalCrossentropy}. */
export interface CategoricalFocalCrossentropyOptions extends LossOptions, CategoricalFocalArguments {}

/**
 * `-sum(alpha (1 - p)^gamma yTrue log(p))` over the classes. Probabilities are divided by their sum and kept
 * 1e-7 away from 0 and 1.
 *
 * @throws ValueError when the shapes do not fit
 */
export function categoricalFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: CategoricalFocalArguments = {},
): Tensor<"float32"> {
  const name = "categoricalFocalCrossentropy";
  const { fromLogits, labelSmoothing, axis } = checkedArguments(name, options);
  const { alpha = 0.25, gamma = 2 } = options;
  const [labels, outputs] = alignedAlike(name, yTrue, yPred);
  const targets = smoothed(labels, labelSmoothing, 1 / (labels.shape.at(-1) ?? 1));
  const given = fromLogits ? softmax(outputs, axis) : outputs;
  const p = clip(divide(given, sum(given, { axis, keepdims: true })), EPSILON, 1 - EPSILON);
  const weights = multiply(power(subtract(1, p), gamma), typeof alpha === "number" ? alpha : [...alpha]);
  return sum(multiply(weights, negative(multiply(targets, log(p)))), { axis });
}

/**
 * Categorical cross-entropy in which samples that are predicted well count less.
 *
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
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
  readonly alpha: number | readonly number[];
  readonly gamma: number;

  constructor(options: CategoricalFocalCrossentropyOptions = {}) {
    super(options, [...CROSSENTROPY_OPTIONS, "alpha", "gamma"]);
    const { className } = this;
    const { fromLogits, labelSmoothing, axis } = checkedArguments(className, options);
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.axis = axis;
    const { alpha = 0.25 } = options;
    this.alpha =
      typeof alpha === "number"
        ? finiteNumber(className, "alpha", alpha)
        : alpha.map((entry) => finiteNumber(className, "alpha", entry));
    this.gamma = finiteNumber(className, "gamma", options.gamma ?? 2);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    return categoricalFocalCrossentropy(yTrue, yPred, this);
  }

  override getConfig(): LossConfig {
    return { ...super.getConfig(), ...argumentsConfig(this), alpha: this.alpha, gamma: this.gamma };
  }
}
