/**
 * Cross-entropy of labels that are the indices of classes.
 *
 * @module
 */

import { placedOptions, readOptions } from "../arguments.js";
import { classesLast } from "../ops/class-axis.js";
import { sparseCategoricalCrossentropy as perRow, where } from "../ops/index.js";
import type { IndexRange } from "../ops/indices.js";
import { checkedAxis, floatOperand, intOperand, type TensorLike } from "../ops/operand.js";
import { checkMethod, checkObject } from "../options.js";
import { sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import {
  type CheckedSparseArguments,
  checkedSparseArguments,
  classRange,
  SPARSE_CROSSENTROPY_OPTIONS,
  type SparseCrossentropyArguments,
} from "./crossentropy-arguments.js";
import { type Labels, Loss, type LossConfig, type LossOptions, type Predictions } from "./loss.js";
import { constant, refuseShapes } from "./operands.js";
import { setMask } from "./reduction.js";

/** Options of {@link SparseCategoricalCrossentropy}. */
export interface SparseCategoricalCrossentropyOptions extends LossOptions, SparseCrossentropyArguments {}

/**
 * Computes `-log(p)` of the labeled class, for each sample. Probabilities are divided by their sum, and
 * clipped to 1e-7 away from 0 and 1; clipped ones have a gradient of 0.
 *
 * @param yTrue - Whole numbers, `[batch]` or `[batch, 1]`, plus any further axes of the predictions.
 * @param yPred - Probabilities or logits, `[batch, ..., classes]`.
 * @returns a value for each sample: the shape of `yPred` without `axis`
 * @throws ValueError ERR_INDEX_RANGE when a label is out of range, ERR_SHAPE when the shapes do not fit,
 * ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE, ERR_VALUES_DTYPE
 * @see [Keras: sparse_categorical_crossentropy](https://keras.io/api/losses/probabilistic_losses/#sparse_categorical_crossentropy-function)
 */
export function sparseCategoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  ...given: [
    fromLogits?: boolean | SparseCrossentropyArguments | undefined,
    ignoreClass?: number | null | Omit<SparseCrossentropyArguments, "fromLogits">,
    axis?: number | undefined,
  ]
): Tensor<"float32"> {
  const name = "sparseCategoricalCrossentropy";
  return crossentropyOf(yTrue, yPred, checkedSparseArguments(name, readOptions(name, SPARSE, given)));
}

const SPARSE = { names: SPARSE_CROSSENTROPY_OPTIONS, after: 2 };

function crossentropyOf(
  yTrue: TensorLike,
  yPred: TensorLike,
  { fromLogits, ignoreClass, axis }: CheckedSparseArguments,
): Tensor<"float32"> {
  const name = "sparseCategoricalCrossentropy";
  const given = intOperand(name, yTrue);
  const predictions = floatOperand(name, yPred);
  const at = checkedAxis(name, axis, predictions.shape.length);
  const rows = predictions.shape.filter((_, i) => i !== at);
  const isColumn = given.shape.length === predictions.shape.length && given.shape[at] === 1;
  if (!sameShape(isColumn ? given.shape.filter((_, i) => i !== at) : given.shape, rows)) {
    refuseShapes(name, given.shape, predictions.shape);
  }
  const outputs = classesLast(name, predictions, axis);
  if (ignoreClass === null) {
    const isFlat = sameShape(given.shape, rows) || at === predictions.shape.length - 1;
    return perRow(isFlat ? given : constant(given.array(), rows, "int32"), outputs, { fromLogits });
  }
  const labels = given.array();
  const mask = Float32Array.from(labels, (label) => (label === ignoreClass ? 0 : 1));
  // Ignored labels are replaced by class 0, a valid class.
  const kept = constant(
    labels.map((label) => (label === ignoreClass ? 0 : label)),
    rows,
    "int32",
  );
  const values = where(constant(mask, rows, "float32"), perRow(kept, outputs, { fromLogits }), 0);
  setMask(values, { data: mask, shape: rows });
  return values;
}

/**
 * The cross-entropy of mutually exclusive classes; labels are class indices.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: SparseCategoricalCrossentropy](https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const loss = new losses.SparseCategoricalCrossentropy().apply([1, 0], [[0.75, 0.25], [0.25, 0.75]]);
 * console.log(loss.item()); // 1.3862943649291992
 * ```
 */
export class SparseCategoricalCrossentropy extends Loss {
  static override readonly className = "SparseCategoricalCrossentropy";
  /** Whether predictions are logits, rather than probabilities. */
  readonly fromLogits: boolean;
  /** The label of samples that do not count, or `null`. */
  readonly ignoreClass: number | null;
  /** The axis of the classes. */
  readonly axis: number;

  constructor(
    options?: SparseCategoricalCrossentropyOptions | SparseCategoricalCrossentropyOptions["fromLogits"],
    ignoreClass?: SparseCategoricalCrossentropyOptions["ignoreClass"] | SparseCategoricalCrossentropyOptions,
    reduction?: SparseCategoricalCrossentropyOptions["reduction"] | SparseCategoricalCrossentropyOptions,
    axis?: SparseCategoricalCrossentropyOptions["axis"] | SparseCategoricalCrossentropyOptions,
    name?: SparseCategoricalCrossentropyOptions["name"] | SparseCategoricalCrossentropyOptions,
    others?: SparseCategoricalCrossentropyOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<SparseCategoricalCrossentropyOptions>(
      "SparseCategoricalCrossentropy",
      ["fromLogits", "ignoreClass", "reduction", "axis", "name"],
      given,
    );
    super(options, SPARSE_CROSSENTROPY_OPTIONS);
    const { fromLogits, ignoreClass, axis } = checkedSparseArguments(this.className, options);
    this.fromLogits = fromLogits;
    this.ignoreClass = ignoreClass;
    this.axis = axis;
  }

  override call(yTrue: Labels, yPred: Predictions): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 2);
    return crossentropyOf(yTrue, yPred, this);
  }

  override labelRange(outputShape: readonly (number | null)[]): IndexRange | undefined {
    return classRange(this, outputShape);
  }

  /**
   * Keras omits `axis` and loses it; gradstep saves it unless it is the default.
   *
   * @returns the constructor's arguments, by Keras's names
   */
  override getConfig(): LossConfig {
    checkObject(this, "getConfig");
    const axis = this.axis === -1 ? {} : { axis: this.axis };
    return { ...super.getConfig(), from_logits: this.fromLogits, ignore_class: this.ignoreClass, ...axis };
  }
}
