/**
 * The base class of losses, built-in and custom.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { COPY } from "../copies.js";
import { checkOverrides, customName } from "../custom-objects.js";
import { fieldsOf, INSPECT } from "../display.js";
import { guardNew } from "../getters.js";
import { snakeCase, uniqueName } from "../names.js";
import { divide } from "../ops/index.js";
import type { IndexRange } from "../ops/indices.js";
import { type FloatOperand, floatOperand, madeTensor, type TensorLike } from "../ops/operand.js";
import {
  checkCount,
  checkKnownOptions,
  checkMethod,
  checkObject,
  ownNames,
  refuseRange,
  text,
  texts,
} from "../options.js";
import { gradientFactor } from "../replicas/current.js";
import { recorderNow } from "../runtime/recording.js";
import { madeOf } from "../saved-arguments.js";
import type { Tensor } from "../tensor.js";
import { asOperand } from "./operands.js";
import { checkedReduction, type Reduction, reduceWeighted } from "./reduction.js";

/** Options of every loss. */
export interface LossOptions {
  /** Reduction of the values of a batch. Default: `"sum_over_batch_size"`, their mean. */
  readonly reduction?: Reduction | undefined;
  /** A name for messages. Default: the class's name in snake case. */
  readonly name?: string | null | undefined;
  /** Only float32 is supported. Default: null, float32. */
  readonly dtype?: "float32" | null | undefined;
}

/** Constructor arguments by Keras's names, as returned by `getConfig()`. */
export type LossConfig = Record<string, unknown>;

/**
 * A function that training minimizes. Extend it for a custom loss: `call` returns the values, `apply` weights and
 * reduces them.
 *
 * @see [Keras: Loss](https://keras.io/api/losses/#loss-class)
 * @example
 * ```ts
 * import { losses, ops } from "gradstep";
 *
 * class Quartic extends losses.Loss {
 *   override call(yTrue: losses.Labels, yPred: losses.Predictions) {
 *     return ops.mean(ops.square(ops.square(ops.subtract(yTrue, yPred))), { axis: -1 });
 *   }
 * }
 *
 * const loss = new Quartic().apply([[0, 0], [0, 0]], [[1, 1], [2, 0]]);
 * console.log(loss.item()); // 4.5
 * ```
 */
export abstract class Loss {
  /** The name under which the class is saved, because minifiers rename classes. Built-in classes have Keras's names. */
  static readonly className?: string;

  /** Name for messages. */
  readonly name: string;
  /** Reduction of the values of a batch. */
  readonly reduction: Reduction;

  /**
   * Base class of losses.
   *
   * @param options - `reduction`, `name`, and the subclass's options.
   * @param own - Names of the subclass's options, where `options` holds them too.
   * @param defaultName - Default name, instead of the class's name in snake case.
   * @throws ValueError ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(options: LossOptions = {}, own: readonly string[] = [], defaultName?: string) {
    checkCount("Loss", arguments.length, 3);
    texts("Loss", "own", own);
    if (defaultName !== undefined) text("Loss", "defaultName", defaultName);
    guardNew(this, Loss.prototype);
    const { className } = this;
    checkKnownOptions(className, options, ["reduction", "name", "dtype", ...ownNames(className, own)]);
    const { name, dtype = null } = options;
    if (dtype !== null && dtype !== "float32") refuseRange(className, "dtype", '"float32"', dtype);
    const isBuiltIn = Object.hasOwn(this.constructor, "className");
    const stem = snakeCase(className);
    this.name =
      name === undefined || name === null
        ? (defaultName ?? (isBuiltIn ? stem : uniqueName(stem)))
        : text(className, "name", name);
    this.reduction =
      options.reduction === undefined ? "sum_over_batch_size" : checkedReduction(className, options.reduction);
  }

  /** The name under which this loss is saved. */
  get className(): string {
    return customName(this.constructor);
  }

  /** @internal */
  [INSPECT](): object {
    return fieldsOf(this, this.className, /^$/);
  }

  /**
   * Computes the loss of each sample.
   *
   * @param yTrue - Labels, `[batch, ...]`: int32 if they were passed as int32, otherwise float32.
   * @param yPred - Predictions, `[batch, ...]`, float32.
   * @returns a value for each sample, `[batch, ...]`
   */
  abstract call(yTrue: Labels, yPred: Operand): Tensor<"float32">;

  /**
   * Computes the loss of a batch.
   *
   * @param sampleWeight - A factor for each sample, `[batch]` or `[batch, 1]`, or for each value of the loss.
   * @param yTrue - Labels, `[batch, ...]`.
   * @param yPred - Predictions, `[batch, ...]`.
   * @returns a scalar; a value for each sample if `reduction` is `"none"`
   * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_NOT_IMPLEMENTED when `call` is not overridden;
   * TypeError ERR_OPTION_TYPE
   */
  apply(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike | null): Tensor<"float32"> {
    checkMethod(this, "apply", arguments.length, 3);
    checkOverrides(`The loss "${this.name}"`, this, "call", "call(yTrue, yPred)");
    recorderNow()?.uses(this);
    const values = this.call(asOperand(this.name, yTrue), floatOperand(this.name, yPred));
    madeTensor(`The loss "${this.name}"`, values);
    const reduced = reduceWeighted(this.name, values, sampleWeight, this.reduction);
    return this.reduction === "sum" ? sumOfBatch(reduced) : reduced;
  }

  /**
   * Returns the range of labels that are indices, for an output of this shape. `fit` uses it to check complete arrays
   * before its first step. Default: `undefined`, any numbers.
   *
   * @param _outputShape - With the batch axis; `null` for lengths that are not known.
   * @returns the range, `undefined` for any numbers
   */
  labelRange(_outputShape: readonly (number | null)[]): IndexRange | undefined {
    return undefined;
  }

  /**
   * Returns the configuration, for `fromConfig` here or in Python.
   *
   * @returns the constructor's arguments, by Keras's names
   */
  getConfig(): LossConfig {
    checkObject(this, "getConfig");
    return { name: this.name, reduction: this.reduction };
  }

  /**
   * Creates a loss of this class from a config of {@link Loss.getConfig} or of Keras in Python.
   *
   * @param config - The constructor's arguments, by Keras's names.
   * @returns a new loss
   * @throws TypeError ERR_CONFIG_INVALID for anything but a plain object; the errors of the constructor
   */
  static fromConfig<T extends Loss>(this: new (options: never) => T, config: Readonly<LossConfig>): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    return madeOf(this, arguments.length, config);
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}

/**
 * In a custom step, a replica's sum divided by its fraction of the batch: replicas average gradients and logs, weighted
 * by these fractions, which yields the sum over the whole batch.
 */
function sumOfBatch(sum: Tensor<"float32">): Tensor<"float32"> {
  const part = gradientFactor();
  return part === 1 || part === 0 ? sum : divide(sum, part);
}

/** Labels, as passed to losses. */
export type Labels = Operand;

/** Predictions, as passed to losses. */
export type Predictions = FloatOperand;
