/**
 * The cosine of the angle between labels and predictions.
 *
 * @module
 */

import { placedOptions, readOptions } from "../arguments.js";
import { multiply, negative, sum, type TensorLike } from "../ops/index.js";
import { unitVectors } from "../ops/unit-vectors.js";
import { checkMethod } from "../options.js";
import type { Tensor } from "../tensor.js";
import { checkedAxisOption } from "./crossentropy-arguments.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
import { aligned, EPSILON } from "./operands.js";

/** Options of {@link CosineSimilarity}. */
export interface CosineSimilarityOptions extends LossOptions {
  /** The axis of the vectors. Default: -1, the last. */
  readonly axis?: number | undefined;
}

const COSINE = { names: ["axis"], after: 2 };

/**
 * Computes `-sum(yTrue yPred)` of the vectors scaled to length 1: from -1, the same direction, to 1. For a vector of
 * zeros it is 0.
 *
 * @param given - `axis`: the axis of the vectors. Default: -1, the last.
 * @param yTrue - Vectors, `[batch, ..., values]`.
 * @param yPred - Predictions, of the shape of the labels.
 * @returns a value for each sample: the shape of `yPred` without `axis`
 * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN;
 * TypeError ERR_OPTION_TYPE
 * @see [Keras: cosine_similarity](https://keras.io/api/losses/regression_losses/#cosine_similarity-function)
 */
export function cosineSimilarity(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...given: [axis?: number | { readonly axis?: number | undefined } | undefined]
): Tensor<"float32"> {
  const name = "cosineSimilarity";
  const { axis } = readOptions<{ axis?: number | undefined }>(name, COSINE, given);
  return negative(cosine(name, yTrue, yPred, checkedAxisOption(name, axis)));
}

/** The cosine, which the metric of the same name averages. @internal */
export function cosine(owner: string, yTrue: TensorLike, yPred: TensorLike, axis: number): Tensor<"float32"> {
  const [labels, predictions] = aligned(owner, yTrue, yPred, axis);
  return sum(multiply(normalized(labels, axis), normalized(predictions, axis)), { axis });
}

function normalized(x: TensorLike, axis: number): Tensor<"float32"> {
  // Keras computes min(1 / norm, 1 / epsilon): the same value, but the gradient of a vector of zeros is NaN.
  return unitVectors(x, axis, EPSILON * EPSILON);
}

/**
 * Minus the cosine of the angle between labels and predictions.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CosineSimilarity](https://keras.io/api/losses/regression_losses/#cosinesimilarity-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.CosineSimilarity().apply([[0, 1], [1, 0]], [[0, 4], [0, 4]]);
 * console.log(loss.item()); // -0.5
 * ```
 */
export class CosineSimilarity extends Loss {
  static override readonly className = "CosineSimilarity";
  /** The axis of the vectors. */
  readonly axis: number;

  constructor(
    options?: CosineSimilarityOptions | CosineSimilarityOptions["axis"],
    reduction?: CosineSimilarityOptions["reduction"] | CosineSimilarityOptions,
    name?: CosineSimilarityOptions["name"] | CosineSimilarityOptions,
    others?: CosineSimilarityOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<CosineSimilarityOptions>("CosineSimilarity", ["axis", "reduction", "name"], given);
    super(options, ["axis"]);
    this.axis = checkedAxisOption("CosineSimilarity", options.axis);
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return negative(cosine("cosineSimilarity", yTrue, yPred, this.axis));
  }

  /**
   * Keras omits `axis` and loses it; gradstep saves it unless it is the default.
   *
   * @returns the constructor's arguments, by Keras's names
   */
  override getConfig(): LossConfig {
    return { ...super.getConfig(), ...(this.axis === -1 ? {} : { axis: this.axis }) };
  }
}
