/**
 * Arguments that the cross-entropies have in common, and label smoothing.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { add, multiply } from "../ops/index.js";
import type { IndexRange } from "../ops/indices.js";
import type { FloatOperand } from "../ops/operand.js";
import { boolean, finiteNumber, integer, isList, refuseRange, shown } from "../options.js";
import type { LossConfig } from "./loss.js";

/** Arguments of the cross-entropies. */
export interface CrossentropyArguments {
  /** Predictions are logits, not probabilities. Default: false. */
  readonly fromLogits?: boolean | undefined;
  /** Amount of label smoothing towards the mean of all classes, 0 to 1. Default: 0. */
  readonly labelSmoothing?: number | undefined;
  /**
   * The axis of the classes; for binary cross-entropies, the axis over which the mean is computed. Default: -1, the
   * last.
   */
  readonly axis?: number | undefined;
}

/** {@link CrossentropyArguments} with their defaults. */
export interface CheckedArguments {
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
}

/** Their names. */
export const CROSSENTROPY_OPTIONS: readonly string[] = ["fromLogits", "labelSmoothing", "axis"];

/** These arguments as optional arguments of functions. */
export const CROSSENTROPY: { readonly names: readonly string[]; readonly after: number } = {
  names: CROSSENTROPY_OPTIONS,
  after: 2,
};

/** {@link CrossentropyArguments}, by name or by position. */
export type CrossentropyGiven = [
  fromLogits?: boolean | CrossentropyArguments | undefined,
  labelSmoothing?: number | Omit<CrossentropyArguments, "fromLogits"> | undefined,
  axis?: number | undefined,
];

/** Checks these arguments. @throws ValueError, TypeError */
export function checkedArguments(owner: string, options: CrossentropyArguments): CheckedArguments {
  return {
    fromLogits: boolean(owner, "fromLogits", options.fromLogits ?? false),
    labelSmoothing: checkedSmoothing(owner, options.labelSmoothing ?? 0),
    axis: checkedAxisOption(owner, options.axis),
  };
}

/** An axis, which the data must have. @throws ValueError, TypeError */
export function checkedAxisOption(owner: string, axis: unknown): number {
  return integer(owner, "axis", axis ?? -1, -16, 15);
}

/** These arguments by Keras's names. */
export function argumentsConfig({ fromLogits, labelSmoothing, axis }: CheckedArguments): LossConfig {
  return { from_logits: fromLogits, label_smoothing: labelSmoothing, axis };
}

/** Arguments of the cross-entropy of labels that are indices. */
export interface SparseCrossentropyArguments {
  /** Predictions are logits, not probabilities. Default: false. */
  readonly fromLogits?: boolean | undefined;
  /** Samples with this label are ignored; it need not be a class. Default: null. */
  readonly ignoreClass?: number | null | undefined;
  /** The axis of the classes. Default: -1, the last. */
  readonly axis?: number | undefined;
}

/** {@link SparseCrossentropyArguments} with their defaults. */
export interface CheckedSparseArguments {
  readonly fromLogits: boolean;
  readonly ignoreClass: number | null;
  readonly axis: number;
}

/** Names of {@link SparseCrossentropyArguments}. */
export const SPARSE_CROSSENTROPY_OPTIONS: readonly string[] = ["fromLogits", "ignoreClass", "axis"];

/** Checks these arguments. @throws ValueError, TypeError */
export function checkedSparseArguments(owner: string, options: SparseCrossentropyArguments): CheckedSparseArguments {
  const { ignoreClass = null } = options;
  return {
    fromLogits: boolean(owner, "fromLogits", options.fromLogits ?? false),
    ignoreClass: ignoreClass === null ? null : integer(owner, "ignoreClass", ignoreClass, -(2 ** 31), 2 ** 31 - 1),
    axis: checkedAxisOption(owner, options.axis),
  };
}

/** The labels that are classes of an output of this shape. */
export function classRange(
  { axis, ignoreClass }: Pick<CheckedSparseArguments, "axis" | "ignoreClass">,
  outputShape: readonly (number | null)[],
): IndexRange | undefined {
  if (!isList(outputShape)) {
    throw new ArgumentTypeError("ERR_SHAPE", `labelRange takes the shape of an output, got ${shown(outputShape)}.`);
  }
  const bound = outputShape.at(axis) ?? null;
  return bound === null ? undefined : { noun: "label", bound, nouns: "classes", ignored: ignoreClass };
}

/** An amount of smoothing, 0 to 1. @throws ValueError, TypeError */
function checkedSmoothing(owner: string, amount: unknown): number {
  const value = finiteNumber(owner, "labelSmoothing", amount);
  if (value < 0 || value > 1) refuseRange(owner, "labelSmoothing", "from 0 to 1", amount);
  return value;
}

/** `labels (1 - amount) + amount mean`, where `mean` is the mean of the labels. */
export function smoothed(labels: FloatOperand, amount: number, mean: number): FloatOperand {
  return amount === 0 ? labels : add(multiply(labels, 1 - amount), amount * mean);
}
