/**
 * The axis of the classes, moved to the end, where the kernels expect it.
 *
 * @module
 */

import { checkedAxis, type FloatOperand } from "./operand.js";
import { transpose } from "./transpose.js";

/** `x` with `axis` as its last one. @throws ValueError when there is no such axis */
export function classesLast(owner: string, x: FloatOperand, axis: number): FloatOperand {
  const rank = x.shape.length;
  const at = checkedAxis(owner, axis, rank);
  if (at === rank - 1) return x;
  const others = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== at);
  return transpose(x, [...others, at]);
}
