/**
 * Losses of segmentation: how much two regions overlap.
 *
 * @module
 */

import { add, divide, multiply, subtract, sum } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import { finiteNumber } from "../options.js";
import type { Tensor } from "../tensor.js";
import { alignedAlike } from "./align.js";
import { EPSILON } from "./epsilon.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";

/** The axes of one region; `null` is all. */
export type RegionAxis = number | readonly number[] | null;

/** Options of {@link Dice}. */
export interface DiceOptions extends LossOptions {
  /** The axes of one region. Default: null, all, the batch too. */
  readonly axis?: RegionAxis | undefined;
}

/** Arguments of {@link tversky}. */
export interface TverskyArguments {
  /** What labels that are not predicted count. Default: 0.5. */
  readonly alpha?: number | undefined;
  /** What predictions without a label count. Default: 0.5. */
  readonly beta?: number | undefined;
  /** The axes of one region. Default: null, all, the batch too. */
  readonly axis?: RegionAxis | undefined;
}

/** Options of {@link Tversky}. */
export interface TverskyOptions extends LossOptions, TverskyArguments {}

/** `1 - 2 sum(yTrue yPred) / (sum(yTrue) + sum(yPred))`. @throws ValueError when the shapes do not fit */
export function dice(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: { readonly axis?: RegionAxis | undefined } = {},
): Tensor<"float32"> {
  const [labels, predictions] = alignedAlike("dice", yTrue, yPred);
  const along = alongAxis(options.axis);
  const both = multiply(sum(multiply(labels, predictions), along), 2);
  const all = add(sum(labels, along), sum(predictions, along));
  return subtract(1, divide(both, add(all, EPSILON)));
}

/**
 * `1 - both / (both + alpha missed + beta wrong)`: with 0.5 for both it is {@link dice}. `alpha` weighs labels
 * that were missed, `beta` predictions that are wrong, as in Keras.
 *
 * @throws ValueError when the shapes do not fit
 */
export function tversky(yTrue: TensorLike, yPred: TensorLike, options: TverskyArguments = {}): Tensor<"float32"> {
  const { alpha = 0.5, beta = 0.5 } = options;
  const [labels, predictions] = alignedAlike("tversky", yTrue, yPred);
  const along = alongAxis(options.axis);
  const both = sum(multiply(labels, predictions), along);
  const missed = sum(multiply(subtract(1, predictions), labels), along);
  const wrong = sum(multiply(predictions, subtract(1, labels)), along);
  const all = add(add(both, multiply(missed, alpha)), multiply(wrong, beta));
  return subtract(1, divide(both, add(all, EPSILON)));
}

function alongAxis(axis: RegionAxis | undefined): { axis?: number | number[] } {
  if (axis === null || axis === undefined) return {};
  return { axis: typeof axis === "number" ? axis : [...axis] };
}

/**
 * 1 minus twice the overlap, as a part of labels and predictions together.
 *
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.Dice().apply([[1, 1, 0, 0]], [[1, 0, 0, 1]]);
 * console.log(loss.item()); // 0.5
 * ```
 */
export class Dice extends Loss {
  static override readonly className = "Dice";
  readonly axis: RegionAxis;

  constructor(options: DiceOptions = {}) {
    super(options, ["axis"]);
    this.axis = options.axis ?? null;
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    return dice(yTrue, yPred, this);
  }

  override getConfig(): LossConfig {
    return { ...super.getConfig(), axis: this.axis };
  }
}

/**
 * 1 minus the overlap, where missed labels and wrong predictions count as you say.
 *
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.Tversky({ alpha: 0.5, beta: 0.5 }).apply([[1, 1, 0, 0]], [[1, 0, 0, 1]]);
 * console.log(loss.item()); // 0.5
 * ```
 */
export class Tversky extends Loss {
  static override readonly className = "Tversky";
  readonly alpha: number;
  readonly beta: number;
  readonly axis: RegionAxis;

  constructor(options: TverskyOptions = {}) {
    super(options, ["alpha", "beta", "axis"]);
    this.alpha = finiteNumber("Tversky", "alpha", options.alpha ?? 0.5);
    this.beta = finiteNumber("Tversky", "beta", options.beta ?? 0.5);
    this.axis = options.axis ?? null;
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    return tversky(yTrue, yPred, this);
  }

  override getConfig(): LossConfig {
    return { ...super.getConfig(), alpha: this.alpha, beta: this.beta, axis: this.axis };
  }
}
