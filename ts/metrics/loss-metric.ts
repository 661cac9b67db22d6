/**
 * The base of losses as metrics.
 *
 * @module
 */

import { maskOf } from "../losses/reduction.js";
import type { TensorLike } from "../ops/operand.js";
import type { Tensor } from "../tensor.js";
import { type MaskedNumbers, MeanOfValues } from "./mean-of-values.js";

/** The mean of a loss's values. */
export abstract class LossMetric extends MeanOfValues {
  override get direction(): "up" | "down" | undefined {
    return "down";
  }

  /** The value of each sample. */
  protected abstract loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32">;

  protected override values(yTrue: TensorLike, yPred: TensorLike): MaskedNumbers {
    const values = this.loss(yTrue, yPred);
    return { data: values.numbers, shape: values.shape, mask: maskOf(values) };
  }
}
