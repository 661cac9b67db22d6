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

/** An optimizer that computes the loss itself. */
export interface LossUser {
  /** The correct use: the end of a sentence, for messages. */
  readonly lossUse: string;
}

/** Refuses such an optimizer inside another one, or with gradients only. @throws ValueError */
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
