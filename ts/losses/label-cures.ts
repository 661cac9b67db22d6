/**
 * Advice for labels that do not fit the predictions, if their shapes indicate a common mistake.
 *
 * @module
 */

import { type Shape, sameShape } from "../shape.js";
import { warnOnce } from "../warnings.js";

/** Warns, like Keras, about a single class: its cross-entropy is 0 for any prediction. @internal */
export function warnOfOneClass(owner: string, predictions: Shape): void {
  if (predictions.at(-1) !== 1) return;
  warnOnce(
    warnOfOneClass,
    `${owner}: with predictions of width 1 there is one class, and the loss is always about 0. For two classes in one output use binaryCrossentropy.`,
  );
}

/** The end of an error message, or nothing. @internal */
export function shapesCure(owner: string, labels: Shape, predictions: Shape): string {
  const rows = predictions.slice(0, -1);
  const isSparse = owner.startsWith("sparse");
  const areNumbers = sameShape(labels, rows) || sameShape(labels, [...rows, 1]);
  if (isSparse && sameShape(labels, predictions)) return " For one-hot labels use categoricalCrossentropy.";
  if (areNumbers && owner.startsWith("categorical")) {
    return " For labels that are class numbers use sparseCategoricalCrossentropy.";
  }
  if (areNumbers && owner.startsWith("binary")) {
    return " For one label per sample, 0 or 1, the last layer has 1 unit; for class numbers use sparseCategoricalCrossentropy.";
  }
  const rank = labels.at(-1) === 1 ? labels.length - 1 : labels.length;
  if (predictions.length > 2 && rank < 3 && rank < (isSparse ? rows : predictions).length) {
    return " There is a prediction for each position: put a Flatten layer before the last Dense layer.";
  }
  const width = labels.at(-1);
  return rows.length > 0 && !isSparse && sameShape(labels.slice(0, -1), rows)
    ? ` For labels of width ${width} the last layer has ${width} unit${width === 1 ? "" : "s"}.`
    : "";
}
