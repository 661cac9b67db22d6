/**
 * Shapes of labels, predictions and weights brought to one rank, by Keras's rule.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { Shape } from "../shape.js";

/**
 * The shapes that two operands take together: where the ranks differ by one and the last axis of the longer
 * one has length 1, a vector gets that axis too, and anything else loses it.
 *
 * @internal
 */
export function sameRankShapes(a: Shape, b: Shape): readonly [a: Shape, b: Shape] {
  if (a.length === b.length + 1 && a.at(-1) === 1) return b.length === 1 ? [a, [...b, 1]] : [a.slice(0, -1), b];
  if (b.length === a.length + 1 && b.at(-1) === 1) return a.length === 1 ? [[...a, 1], b] : [a, b.slice(0, -1)];
  return [a, b];
}

/** The shapes of labels and predictions that can be broadcast to each other. @internal */
export function alignedShapes(labels: Shape, predictions: Shape): readonly [labels: Shape, predictions: Shape] {
  if (labels.length === 1 && predictions.length === 2 && labels[0] === predictions[0]) {
    return [[...labels, 1], predictions];
  }
  return sameRankShapes(labels, predictions);
}

/** Whether two shapes can be broadcast to each other. @internal */
export function fitTogether(a: Shape, b: Shape): boolean {
  for (let i = 1; i <= Math.min(a.length, b.length); i++) {
    const [m, n] = [a[a.length - i], b[b.length - i]];
    if (m !== n && m !== 1 && n !== 1) return false;
  }
  return true;
}

/** Throws the error of labels that do not fit. @internal */
export function refuseShapes(owner: string, labels: Shape, predictions: Shape): never {
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: labels of the shape ${shapeText(labels)} do not fit predictions of the shape ${shapeText(predictions)}.`,
  );
}

/** `[5, 10]`. @internal */
export function shapeText(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
