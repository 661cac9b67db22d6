/**
 * What "accuracy" and "crossentropy" stand for, by the shapes of the first batch.
 *
 * @module
 */

import type { Shape } from "../shape.js";

/** Keras's choice: one output is binary, labels without the classes' axis are indices, all else is one-hot. */
export function kindOf(yTrue: Shape, yPred: Shape): "binary" | "sparse" | "categorical" {
  const classes = yPred.at(-1);
  if (classes === 1) return "binary";
  if (yTrue.length < yPred.length || yTrue.at(-1) === 1) return "sparse";
  return "categorical";
}
