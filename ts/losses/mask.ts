/**
 * Which values of a loss count: a mask that travels with them, as Keras's does.
 *
 * @module
 */

import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** 1 for values that count, 0 for others. */
export interface Mask {
  readonly data: Float32Array;
  readonly shape: Shape;
}

const masks = new WeakMap<Tensor, Mask>();

/** Notes which of `values` count. @internal */
export function setMask(values: Tensor, mask: Mask): void {
  masks.set(values, mask);
}

/** The mask of `values`, if they have one. @internal */
export function maskOf(values: Tensor): Mask | undefined {
  return masks.get(values);
}
