/**
 * How often the largest prediction is the right class.
 *
 * @module
 */

import type { TensorLike } from "../ops/operand.js";
import { sameShape, sizeOf } from "../shape.js";
import { MeanOfValues } from "./mean-of-values.js";
import { type Numbers, numbersOf, refuse } from "./numbers.js";

/**
 * How often the largest prediction is where the label, one-hot, has its largest value. Logits serve as well
 * as probabilities.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.CategoricalAccuracy().apply([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])); // 0.5
 * ```
 */
export class CategoricalAccuracy extends MeanOfValues {
  static override readonly className = "CategoricalAccuracy";

  override get direction(): "up" {
    return "up";
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): Numbers {
    const [labels, predictions] = [numbersOf(this.name, yTrue), numbersOf(this.name, yPred)];
    if (!sameShape(labels.shape, predictions.shape)) refuse(this.name, labels, predictions);
    return equal(largest(labels), largest(predictions));
  }
}

/**
 * How often the largest prediction is the class whose index the label is. Logits serve as well as
 * probabilities.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.SparseCategoricalAccuracy().apply([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0]])); // 0.5
 * ```
 */
export class SparseCategoricalAccuracy extends MeanOfValues {
  static override readonly className = "SparseCategoricalAccuracy";

  override get direction(): "up" {
    return "up";
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): Numbers {
    const [labels, predictions] = [numbersOf(this.name, yTrue), numbersOf(this.name, yPred)];
    const classes = largest(predictions);
    const isColumn = labels.shape.length === predictions.shape.length && labels.shape.at(-1) === 1;
    const shape = isColumn ? labels.shape.slice(0, -1) : labels.shape;
    if (!sameShape(shape, classes.shape)) refuse(this.name, labels, predictions);
    return equal({ data: labels.data, shape }, classes);
  }
}

/** The index of the largest number of each row, the first of several; NaN is larger than any, as in NumPy. */
export function largest({ data, shape }: Numbers): Numbers {
  const classes = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1);
  const indices = new Int32Array(sizeOf(rows));
  for (let row = 0; row < indices.length; row++) {
    const start = row * classes;
    let at = 0;
    let best = data[start] as number;
    for (let i = 1; i < classes && !Number.isNaN(best); i++) {
      const value = data[start + i] as number;
      if (value <= best) continue;
      at = i;
      best = value;
    }
    indices[row] = at;
  }
  return { data: indices, shape: rows };
}

function equal(a: Numbers, b: Numbers): Numbers {
  const data = new Float32Array(b.data.length);
  for (let i = 0; i < data.length; i++) data[i] = a.data[i] === b.data[i] ? 1 : 0;
  return { data, shape: b.shape };
}
