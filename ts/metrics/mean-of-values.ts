/**
 * The base of metrics that average a value over all samples.
 *
 * @module
 */

import { scratch } from "../autodiff/arena.js";
import { unrecorded } from "../autodiff/record.js";
import { ArgumentTypeError } from "../errors.js";
import type { Mask } from "../losses/reduction.js";
import type { TensorLike } from "../ops/operand.js";
import { checkMethod, shown } from "../options.js";
import { Mean } from "./mean.js";
import { broadcastIndices, type Numbers, reshaped, weightsOf } from "./operands.js";

/** Values, and which of them count when there are sample weights. */
export interface MaskedNumbers extends Numbers {
  readonly mask?: Mask | undefined;
}

/** The average of `values`. */
export abstract class MeanOfValues extends Mean {
  /** The value of each sample, or of each of its outputs. Runs in a separate step, unrecorded. */
  protected abstract values(yTrue: TensorLike, yPred: TensorLike): MaskedNumbers;

  /** The values of a metric, computed by Keras's function of the same name. @internal */
  static valuesOf(metric: MeanOfValues, yTrue: TensorLike, yPred: TensorLike): MaskedNumbers {
    return metric.values(yTrue, yPred);
  }

  override updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void {
    checkMethod(this, "updateState", arguments.length, 3);
    this.checkUpdate();
    const predictions = needed(this.name, yPred);
    // A metric has no gradients, and its temporaries are freed with its step.
    // Weights first: reading them may run user code, which could detach views of the values.
    const weights = weightsOf(this.name, sampleWeight);
    unrecorded(() => scratch(() => this.#update(this.values(yTrue, predictions), weights)));
  }

  #update(values: MaskedNumbers, weights: Numbers | undefined): void {
    const { mask } = values;
    this.add(values, weights === undefined || mask === undefined ? weights : masked(this.name, weights, mask));
  }
}

/** The predictions, which are required. @throws TypeError */
export function needed(owner: string, yPred: TensorLike | null | undefined): TensorLike {
  if (yPred !== null && yPred !== undefined) return yPred;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: updateState takes labels and predictions, got ${shown(yPred)} as predictions.`,
  );
}

function masked(owner: string, weights: Numbers, mask: Mask): Numbers {
  const own =
    weights.shape.length === mask.shape.length + 1 && weights.shape.at(-1) === 1
      ? weights.shape.slice(0, -1)
      : weights.shape;
  const indices = broadcastIndices(owner, "sample weights", reshaped(weights, own), mask.shape);
  return {
    data: mask.data.map((value, i) => value * weights.data[indices[i]!]!),
    shape: mask.shape,
  };
}
