/**
 * Exclusions from weight decay, as sent to an optimizer in a worker: they are not part of its config.
 *
 * @module
 */

import type { Optimizer } from "../../optimizers/optimizer.js";
import type { Variable } from "../../variable.js";
import type { SentExclusions } from "./protocol.js";

/** The exclusions of an optimizer; variables by their indices in `variables`. */
export function exclusionsOf(optimizer: Optimizer, variables: readonly Variable[]): SentExclusions {
  const { names, variables: excluded } = optimizer.decayExclusions;
  return { names, places: variables.flatMap((variable, place) => (excluded.has(variable) ? [place] : [])) };
}

/** Applies them to an optimizer in the worker. */
export function exclude(optimizer: Optimizer, variables: readonly Variable[], { names, places }: SentExclusions): void {
  optimizer.excludeFromWeightDecay({
    varNames: names,
    varList: places.map((place) => variables[place]!),
  });
}
