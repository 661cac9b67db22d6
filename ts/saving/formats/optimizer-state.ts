/**
 * Orders of an optimizer's state in files without names.
 *
 * @module
 */

import { LossScaleOptimizer } from "../../optimizers/loss-scale-optimizer.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import { sameShape } from "../../shape.js";
import type { WeightHolder } from "../../weights.js";
import type { StoredEntry } from "./model-file.js";

/**
 * Pairs a file's list with the state of a built optimizer; `undefined` if it fits in no order.
 *
 * @param isBySlot - Whether the list is ordered slot by slot, as in optimizers of Keras up to 2.10, and in `legacy`
 *   optimizers since.
 */
export function stateInOrder(
  optimizer: Optimizer,
  list: readonly StoredEntry[],
  isBySlot = false,
): Map<WeightHolder, StoredEntry> | undefined {
  const orders = isBySlot ? [optimizer.weights] : ordersOf(optimizer);
  const fits = (order: readonly WeightHolder[]) =>
    order.length === list.length && order.every(({ shape }, i) => sameShape(shape, list[i]!.tensor.shape));
  const order = orders.find(fits);
  return order === undefined ? undefined : new Map(order.map((holder, i) => [holder, list[i]!]));
}

/** The order of Keras 3, and that of Keras 2.11 to 2.15, which lacks the rate and Nadam's product of momenta. */
function ordersOf(optimizer: Optimizer): (readonly WeightHolder[])[] {
  const { variables } = optimizer;
  if (optimizer instanceof LossScaleOptimizer) return [variables];
  const former = variables.filter(({ path }) => path !== `${optimizer.name}/learning_rate`);
  return [variables, former, former.filter(({ path }) => path !== `${optimizer.name}/variable`)];
}
