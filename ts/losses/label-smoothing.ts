/**
 * Labels that are not quite sure of themselves.
 *
 * @module
 */

import { add, multiply } from "../ops/index.js";
import type { FloatOperand } from "../ops/operand.js";
import { finiteNumber, refuseRange } from "../options.js";

/** An amount of smoothing, 0 to 1. @throws ValueError, TypeError */
export function checkedSmoothing(owner: string, amount: unknown): number {
  const value = finiteNumber(owner, "labelSmoothing", amount);
  if (value < 0 || value > 1) refuseRange(owner, "labelSmoothing", "from 0 to 1", amount);
  return value;
}

/** `labels (1 - amount) + amount mean`, where `mean` is what labels are on average. */
export function smoothed(labels: FloatOperand, amount: number, mean: number): FloatOperand {
  return amount === 0 ? labels : add(multiply(labels, 1 - amount), amount * mean);
}
