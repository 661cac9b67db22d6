/**
 * Losses of segmentation: how much two regions overlap.
 *
 * @module
 */

import { placedOptions, readOptions } from "../arguments.js";
import { add, divide, multiply, subtract, sum } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import { checkMethod, isList, nonNegativeNumber, oneOrMore } from "../options.js";
import type { Tensor } from "../tensor.js";
import { checkedAxisOption } from "./crossentropy-arguments.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
import { alignedAlike, EPSILON } from "./operands.js";

/** The axes of one region; `null` for all. */
export type RegionAxis = number | readonly number[] | null;

/** Options of {@link Dice}. */
export interface DiceOptions extends LossOptions {
  /** The axes of one region. Default: null, all axes, the batch included. */
  readonly axis?: RegionAxis | undefined;
}

/** Arguments of {@link tversky}. */
export interface TverskyArguments {
  /** Weight of predictions without a label, 0 or above. Default: 0.5. */
  readonly alpha?: number | undefined;
  /** Weight of labels that are not predicted, 0 or above. Default: 0.5. */
  readonly beta?: number | undefined;
  /** The axes of one region. Default: null, all axes, the batch included. */
  readonly axis?: RegionAxis | undefined;
}

/** Options of {@link Tversky}. */
export interface TverskyOptions extends LossOptions, TverskyArguments {}

/**
 * Computes `1 - 2 sum(yTrue yPred) / (sum(yTrue) + sum(yPred))`.
 *
 * @param given - `axis`: the axes of one region. Default: null, all axes, the batch included.
 * @param yTrue - Regions, values from 0 to 1, of the shape of the predictions.
 * @param yPred - Predicted regions, values from 0 to 1.
 * @returns the loss of each region: a scalar, or the shape without `axis`
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN;
 * TypeError ERR_OPTION_TYPE
 * @see [Keras: dice](https://keras.io/api/losses/regression_losses/#dice-function)
 */
export function dice(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...given: [axis?: RegionAxis | { readonly axis?: RegionAxis | undefined } | undefined]
): Tensor<"float32"> {
  const options = readOptions<{ axis?: RegionAxis | undefined }>("dice", DICE, given);
  return diceOf(yTrue, yPred, checkedRegion("dice", options.axis));
}

function diceOf(yTrue: TensorLike, yPred: TensorLike, axis: RegionAxis): Tensor<"float32"> {
  const [labels, predictions] = alignedAlike("dice", yTrue, yPred, axis);
  const along = { axis };
  const both = multiply(sum(multiply(labels, predictions), along), 2);
  const all = add(sum(labels, along), sum(predictions, along));
  return subtract(1, divide(both, add(all, EPSILON)));
}

/**
 * Computes `1 - both / (both + alpha wrong + beta missed)`: with 0.5 for both it is {@link dice}. `alpha` is the weight
 * of wrong predictions, `beta` that of missed labels (Salehi et al. 2017; Keras up to 3.15 swaps them).
 *
 * @param yTrue - Regions, values from 0 to 1, of the shape of the predictions.
 * @param yPred - Predicted regions, values from 0 to 1.
 * @returns the loss of each region: a scalar, or the shape without `axis`
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN;
 * TypeError ERR_OPTION_TYPE
 * @see [Keras: tversky](https://keras.io/api/losses/regression_losses/#tversky-function)
 */
export function tversky(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...given: [
    alpha?: number | TverskyArguments | undefined,
    beta?: number | Omit<TverskyArguments, "alpha"> | undefined,
    axis?: RegionAxis | undefined,
  ]
): Tensor<"float32"> {
  return tverskyOf(yTrue, yPred, checkedTversky("tversky", readOptions<TverskyArguments>("tversky", TVERSKY, given)));
}

function tverskyOf(yTrue: TensorLike, yPred: TensorLike, { alpha, beta, axis }: CheckedTversky): Tensor<"float32"> {
  const [labels, predictions] = alignedAlike("tversky", yTrue, yPred, axis);
  const along = { axis };
  const both = sum(multiply(labels, predictions), along);
  const missed = sum(multiply(subtract(1, predictions), labels), along);
  const wrong = sum(multiply(predictions, subtract(1, labels)), along);
  const all = add(add(both, multiply(wrong, alpha)), multiply(missed, beta));
  return subtract(1, divide(both, add(all, EPSILON)));
}

/** {@link TverskyArguments} with their defaults. */
interface CheckedTversky {
  readonly alpha: number;
  readonly beta: number;
  readonly axis: RegionAxis;
}

const DICE = { names: ["axis"], after: 2 };
const TVERSKY = { names: ["alpha", "beta", "axis"], after: 2 };

function checkedTversky(owner: string, { alpha = 0.5, beta = 0.5, axis }: TverskyArguments): CheckedTversky {
  return {
    alpha: nonNegativeNumber(owner, "alpha", alpha),
    beta: nonNegativeNumber(owner, "beta", beta),
    axis: checkedRegion(owner, axis),
  };
}

function checkedRegion(owner: string, axis: RegionAxis | undefined): RegionAxis {
  if (axis === undefined || axis === null) return null;
  return isList(axis)
    ? oneOrMore(axis).map((one) => checkedAxisOption(owner, one as number))
    : checkedAxisOption(owner, axis);
}

/**
 * The Dice loss: 1 minus twice the overlap, relative to the sum of labels and predictions.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Dice](https://keras.io/api/losses/regression_losses/#dice-class)
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
  /** The axes of one region; `null` for all. */
  readonly axis: RegionAxis;

  constructor(
    options?: DiceOptions | DiceOptions["reduction"],
    name?: DiceOptions["name"] | DiceOptions,
    axis?: DiceOptions["axis"] | DiceOptions,
    others?: DiceOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<DiceOptions>("Dice", ["reduction", "name", "axis"], given);
    super(options, ["axis"]);
    this.axis = checkedRegion("Dice", options.axis);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return diceOf(yTrue, yPred, this.axis);
  }

  override getConfig(): LossConfig {
    return { ...super.getConfig(), axis: this.axis };
  }
}

/**
 * The Tversky loss: 1 minus the overlap, with separate weights for missed labels and wrong predictions.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Tversky](https://keras.io/api/losses/regression_losses/#tversky-class),
 * [Salehi et al. 2017](https://arxiv.org/abs/1706.05721)
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
  /** The weight of predictions without a label. */
  readonly alpha: number;
  /** The weight of labels that are not predicted. */
  readonly beta: number;
  /** The axes of one region; `null` for all. */
  readonly axis: RegionAxis;

  constructor(
    options?: TverskyOptions | TverskyOptions["alpha"],
    beta?: TverskyOptions["beta"] | TverskyOptions,
    reduction?: TverskyOptions["reduction"] | TverskyOptions,
    name?: TverskyOptions["name"] | TverskyOptions,
    axis?: TverskyOptions["axis"] | TverskyOptions,
    others?: TverskyOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<TverskyOptions>("Tversky", ["alpha", "beta", "reduction", "name", "axis"], given);
    super(options, ["alpha", "beta", "axis"]);
    const { alpha, beta, axis } = checkedTversky("Tversky", options);
    this.alpha = alpha;
    this.beta = beta;
    this.axis = axis;
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return tverskyOf(yTrue, yPred, this);
  }

  override getConfig(): LossConfig {
    return { ...super.getConfig(), alpha: this.alpha, beta: this.beta, axis: this.axis };
  }
}
