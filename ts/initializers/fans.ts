/**
 * Fan-in and fan-out of a weight: the numbers of inputs and outputs that it connects.
 *
 * @module
 */

import { type Shape, sizeOf } from "../shape.js";

/**
 * Keras's rule: for a vector both are its length; for a matrix, rows are inputs and columns outputs; for a convolution
 * kernel, the last two axes, each times the size of the window.
 */
export function fansOf(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * (shape.at(-2) as number), fanOut: window * (shape.at(-1) as number) };
}
