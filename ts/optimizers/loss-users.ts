/**
 * Optimizers that compute the loss several times in a step, so that gradients alone do not suffice.
 *
 * @module
 */

import { isCallable } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkKnownOptions, shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import type { MinimizedLoss, MinimizeOptions } from "./minimize.js";
import type { Optimizer } from "./optimizer.js";
import type { StepInputs } from "./step-inputs.js";

/** An optimizer that computes the loss itself. */
export interface LossUser {
  /** The correct use: the end of a sentence, for messages. */
  readonly lossUse: string;
  /** Its steps, if they take two gradients, so that others than its `minimize` can compute them. */
  readonly ascent?: Ascent;
}

/** Steps with two passes, for callers that compute the gradients. */
export interface Ascent {
  /** The sums of the first pass's gradients over this realm's replicas; the update sums those of the second. */
  summed(label: string, giving: () => StepInputs): StepInputs;
  /**
   * Runs `second` with the weights moved uphill along the gradients that `first` returns. The update in `second`
   * restores them. Layers draw the same numbers in both passes, and update their state only in `first`. Allocations of
   * `first` must last until then.
   */
  twice(first: () => StepInputs, second: () => void): void;
}

/** The steps of an optimizer that takes two gradients in each; `undefined` for others. */
export function ascentOf(optimizer: Optimizer): Ascent | undefined {
  return (optimizer as Partial<LossUser>).ascent;
}

/** Whether an optimizer computes the loss itself. */
export function usesLoss(optimizer: Optimizer): boolean {
  return (optimizer as Partial<LossUser>).lossUse !== undefined;
}

/** Refuses such an optimizer within another one, or with gradients only. @throws ValueError */
export function refuseLossUser(owner: string, optimizer: Optimizer): void {
  const { lossUse } = optimizer as Partial<LossUser>;
  if (lossUse === undefined) return;
  throw new ValueError(
    "ERR_OPTION_CONFLICT",
    `${owner} cannot hold ${optimizer.className}, which computes the loss several times in a step: ${lossUse}.`,
  );
}

/** Refuses gradients that were computed elsewhere. @throws ValueError */
export function refuseGradients({ name, lossUse }: LossUser & { readonly name: string }): never {
  throw new ValueError(
    "ERR_LOSS_MISSING",
    `${name} computes the loss several times in a step, and cannot take gradients: ${lossUse}.`,
  );
}

/** The loss of its `minimize`. @throws TypeError for anything but a function; TypeError, ValueError for unknown options */
export function lossFunction(
  owner: string,
  loss: MinimizedLoss,
  options: MinimizeOptions,
): { readonly loss: () => Tensor; readonly options: MinimizeOptions } {
  checkKnownOptions("minimize", options, ["tape", "name"]);
  const { tape, name } = options;
  if (!isCallable(loss)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: minimize takes a function that computes the loss, which it calls several times, got ${shown(loss)}.`,
    );
  }
  return { loss: loss as () => Tensor, options: { tape, name } };
}
