/**
 * Categorical accuracy: how often the largest prediction is the correct class.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { argmax } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import { sameShape } from "../shape.js";
import { MeanOfValues } from "./mean-of-values.js";
import type { MetricOptions } from "./metric.js";
import { type Numbers, numbersOf, refuse } from "./operands.js";

/**
 * Fraction of samples whose largest prediction is at the position of the one-hot label. Logits work as well
 * as probabilities.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CategoricalAccuracy](https://keras.io/api/metrics/accuracy_metrics/#categoricalaccuracy-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.CategoricalAccuracy().apply([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])); // 0.5
 * ```
 */
export class CategoricalAccuracy extends MeanOfValues {
  static override readonly className = "CategoricalAccuracy";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("CategoricalAccuracy", ["name"], given);
    super(options);
  }

  override get direction(): "up" {
    return "up";
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): Numbers {
    const [labels, predictions] = [numbersOf(this.name, yTrue), numbersOf(this.name, yPred)];
    if (!sameShape(labels.shape, predictions.shape)) refuse(this.name, labels, predictions);
    const [right, predicted] = [argmax(yTrue, -1), argmax(yPred, -1)];
    return equal({ data: right.numbers, shape: right.shape }, { data: predicted.numbers, shape: predicted.shape });
  }
}

/**
 * Fraction of samples whose largest prediction is the class with the label's index. Logits work as well as
 * probabilities.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: SparseCategoricalAccuracy](https://keras.io/api/metrics/accuracy_metrics/#sparsecategoricalaccuracy-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.SparseCategoricalAccuracy().apply([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0]])); // 0.5
 * ```
 */
export class SparseCategoricalAccuracy extends MeanOfValues {
  static override readonly className = "SparseCategoricalAccuracy";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("SparseCategoricalAccuracy", ["name"], given);
    super(options);
  }

  override get direction(): "up" {
    return "up";
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): Numbers {
    const predicted = argmax(yPred, -1);
    const [labels, predictions] = [numbersOf(this.name, yTrue), numbersOf(this.name, yPred)];
    const isColumn = labels.shape.length === predictions.shape.length && labels.shape.at(-1) === 1;
    const shape = isColumn ? labels.shape.slice(0, -1) : labels.shape;
    if (!sameShape(shape, predicted.shape)) refuse(this.name, labels, predictions);
    return equal({ data: labels.data, shape }, { data: predicted.numbers, shape });
  }
}

function equal(a: Numbers, b: Numbers): Numbers {
  const data = new Float32Array(b.data.length);
  for (let i = 0; i < data.length; i++) data[i] = a.data[i] === b.data[i] ? 1 : 0;
  return { data, shape: b.shape };
}
