/**
 * Terms of the rules for tangents.
 *
 * @module
 */

import { added } from "../autodiff/nested.js";
import { type Shape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { broadcastTo } from "./repeat.js";

type Float = Tensor<"float32">;
/** A tangent; `null` stands for 0. */
type Given = Float | null | undefined;

/** `f(t)` for a linear `f`: `null` for `null`. */
export function linear(t: Given, f: (t: Float) => Float): Float | null {
  return t === null || t === undefined ? null : f(t);
}

/** The sum of terms, each broadcast to a shape. */
export function total(shape: Shape, ...terms: readonly Given[]): Float | null {
  let sum: Float | null = null;
  for (const term of terms) {
    if (term === null || term === undefined) continue;
    const whole = sameShape(term.shape, shape) ? term : broadcastTo(term, shape);
    sum = sum === null ? whole : added(sum, whole);
  }
  return sum;
}
