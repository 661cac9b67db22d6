/**
 * Arguments that the cross-entropies have in common.
 *
 * @module
 */

import { boolean, integer } from "../options.js";
import { checkedSmoothing } from "./label-smoothing.js";
import type { LossConfig } from "./loss.js";

/** Arguments of the cross-entropies. */
export interface CrossentropyArguments {
  /** Predictions are logits, not probabilities. Default: false. */
  readonly fromLogits?: boolean | undefined;
  /** Labels are moved by this part towards the mean of all classes, 0 to 1. Default: 0. */
  readonly labelSmoothing?: number | undefined;
  /** The axis of the classes; of the binary ones that of which the mean is taken. Default: -1, the last. */
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

/** Checks them. @throws ValueError, TypeError */
export function checkedArguments(owner: string, options: CrossentropyArguments): CheckedArguments {
  return {
    fromLogits: boolean(owner, "fromLogits", options.fromLogits ?? false),
    labelSmoothing: checkedSmoothing(owner, options.labelSmoothing ?? 0),
    axis: integer(owner, "axis", options.axis ?? -1, -16),
  };
}

/** Keras's names of them. */
export function argumentsConfig({ fromLogits, labelSmoothing, axis }: CheckedArguments): LossConfig {
  return { from_logits: fromLogits, label_smoothing: labelSmoothing, axis };
}
