/**
 * The base class of metrics, built-in and custom.
 *
 * Over 300 lines: half of them document the public methods of one class.
 *
 * @module
 */

import { COPY, refuseProxy } from "../copies.js";
import { checkOverrides, customName } from "../custom-objects.js";
import { fieldsOf, INSPECT } from "../display.js";
import { ValueError } from "../errors.js";
import { answerForeignNames, warnOfForeignNames } from "../foreign-names.js";
import { snakeCase, uniqueName } from "../names.js";
import type { IndexRange } from "../ops/indices.js";
import type { TensorLike } from "../ops/operand.js";
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
import { madeOf, missingArguments } from "../saved-arguments.js";
import type { Tensor } from "../tensor.js";
import { beforeState } from "../undo.js";
import type { Variable } from "../variable.js";
import { type MetricVariableOptions, metricVariable } from "./metric-variable.js";

/** Options of every metric. */
export interface MetricOptions {
  /** The key in the logs. Default: the class's name in snake case. */
  readonly name?: string | null | undefined;
  /**
   * Only `"float32"`, accepted because Keras's configs contain it. Sums are kept in double precision. Default: null,
   * float32.
   */
  readonly dtype?: "float32" | null | undefined;
}

/** One number, or one for each threshold or class. */
export type MetricResult = number | readonly number[];

/** The result of a custom metric: also a tensor or a variable with at most one axis. */
export type CustomMetricResult = MetricResult | Tensor | Variable;

/** Constructor arguments by Keras's names, as returned by `getConfig()`. */
export type MetricConfig = Record<string, unknown>;

/**
 * A value accumulated batch by batch. For a custom metric, extend it, or pass `compile` a function, whose values are averaged.
 *
 * @see [Keras: Metric](https://keras.io/api/metrics/base_metric/#metric-class)
 * @example
 * ```ts
 * import { metrics, ops } from "gradstep";
 *
 * class Largest extends metrics.Metric {
 *   largest = this.addVariable({ name: "largest" });
 *   override updateState(yTrue: ops.TensorLike, yPred: ops.TensorLike) {
 *     this.largest.assign(ops.maximum(this.largest, ops.max(yPred)));
 *   }
 *   override result() {
 *     return this.largest.value[0] as number;
 *   }
 * }
 *
 * console.log(new Largest().apply([0, 1], [0.25, 0.5])); // 0.5
 * ```
 */
export abstract class Metric {
  /** The name under which the class is saved, because minifiers rename classes. Built-in classes have Keras's names. */
  static readonly className?: string;

  /** The key in the logs. */
  name: string;
  /** Arguments of the constructor, for {@link Metric.fresh}. */
  readonly #options: object;
  readonly #variables: Variable[] = [];

  /** The direction of improvement, for callbacks with `mode: "auto"`; undefined if unknown. */
  get direction(): "up" | "down" | undefined {
    return undefined;
  }

  /**
   * A value accumulated batch by batch.
   *
   * @param options - `name`, `dtype`, and the subclass's options.
   * @param own - Names of the subclass's options, where `options` holds them too.
   * @throws ValueError ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(options: MetricOptions = {}, own: readonly string[] = []) {
    checkCount("Metric", arguments.length, 2);
    texts("Metric", "own", own);
    const { className } = this;
    checkKnownOptions(className, options, ["name", "dtype", ...ownNames(className, own)]);
    warnOfForeignNames(this);
    this.#options = options;
    const { name, dtype = null } = options;
    if (dtype !== null && dtype !== "float32") refuseRange(className, "dtype", '"float32"', dtype);
    this.name = name === undefined || name === null ? this.defaultName() : text(className, "name", name);
  }

  /** The name under which this metric is saved. */
  get className(): string {
    return customName(this.constructor);
  }

  /** @internal */
  [INSPECT](): object {
    return fieldsOf(this, this.className, /^$/);
  }

  /** Refuses a proxy, and an object of a class that lacks a method. @throws TypeError, ValueError @internal */
  checkSelf(): void {
    Metric.#checkProxy(this);
    const owner = `The metric "${this.name}"`;
    checkOverrides(owner, this, "updateState", "updateState(yTrue, yPred, sampleWeight)");
    checkOverrides(owner, this, "result", "result()");
    if (this.#variables.length === 0 && this.resetState === Metric.prototype.resetState) this.#refuseReset();
    checkOverrides(owner, this, "resetState", "resetState()");
  }

  /** {@link Metric.checkSelf}, before a change of the state, which trial calls of layers undo. @internal */
  protected checkUpdate(): void {
    this.checkSelf();
    beforeState(this, () => this.stateUndo());
  }

  /** Returns a function that restores the current state but for variables, which restore themselves. @internal */
  protected stateUndo(): () => void {
    return () => {};
  }

  /** @throws TypeError */
  static #checkProxy(metric: Metric): void {
    if (!(#options in metric)) refuseProxy("metric");
  }

  /** @throws ValueError */
  #refuseReset(): never {
    throw new ValueError(
      "ERR_NOT_IMPLEMENTED",
      `The metric "${this.name}": ${this.className} must override resetState().`,
    );
  }

  /**
   * Creates a variable in which the metric accumulates, for the constructor. {@link Metric.resetState} sets it to zero.
   *
   * @param options - {@link MetricVariableOptions}: shape, initializer, name.
   * @returns A variable called `metric/name`.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`, `ERR_SHAPE`) for an option that is unknown
   * or of the wrong type; (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown initializer
   * @throws ValueError, TypeError (`ERR_VALUES_SHAPE`, `ERR_VALUES_DTYPE`) when a custom initializer does not return
   * numbers of the shape; OutOfMemoryError (`ERR_OUT_OF_MEMORY`) when memory is full
   */
  protected addVariable(options: MetricVariableOptions = {}): Variable {
    checkMethod(this, "addVariable", arguments.length, 1);
    Metric.#checkProxy(this);
    const variable = metricVariable(this.name, options, this.#variables);
    this.#variables.push(variable);
    return variable;
  }

  /**
   * The same as {@link Metric.addVariable}.
   *
   * @param options - {@link MetricVariableOptions}.
   * @returns A variable called `metric/name`.
   */
  protected addWeight(options: MetricVariableOptions = {}): Variable {
    checkMethod(this, "addWeight", arguments.length, 1);
    return this.addVariable(options);
  }

  /**
   * The variables created by {@link Metric.addVariable}.
   *
   * @throws TypeError ERR_OPTION_TYPE for a proxy
   */
  get variables(): readonly Variable[] {
    Metric.#checkProxy(this);
    return [...this.#variables];
  }

  /** The name of a metric without one. @internal */
  protected defaultName(): string {
    const stem = snakeCase(this.className);
    return Object.hasOwn(this.constructor, "className") ? stem : uniqueName(stem);
  }

  /**
   * Adds a batch.
   *
   * @param yTrue - Labels, `[batch, ...]`.
   * @param yPred - Predictions, `[batch, ...]`.
   * @param sampleWeight - The weight of each sample, `[batch]`, or of each value, of the shape of the labels.
   * @throws ValueError ERR_SHAPE when the shapes do not fit, ERR_INDEX_RANGE for a label out of range; TypeError
   * ERR_OPTION_TYPE, ERR_VALUES_DTYPE; * then nothing is added
   */
  abstract updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void;

  /**
   * Computes the value over all batches since the last {@link Metric.resetState}.
   *
   * @returns a number, or a list with one for each threshold or class
   */
  abstract result(): CustomMetricResult;

  /**
   * Resets the state. The default sets the variables to zero; override it if the metric has other state.
   *
   * @throws ValueError ERR_NOT_IMPLEMENTED for a metric without variables; TypeError ERR_OPTION_TYPE for a proxy
   */
  resetState(): void {
    checkMethod(this, "resetState", arguments.length, 0);
    Metric.#checkProxy(this);
    if (this.#variables.length === 0) this.#refuseReset();
    for (const variable of this.#variables) variable.value.fill(0);
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
   * Adds a batch with {@link Metric.updateState}, and returns {@link Metric.result}.
   *
   * @param yTrue - Labels, `[batch, ...]`.
   * @param yPred - Predictions, `[batch, ...]`.
   * @param sampleWeight - The weight of each sample, `[batch]`, or of each value.
   * @returns the value over all batches so far: a number or a list
   * @throws ValueError ERR_NOT_IMPLEMENTED when a method is not overridden; the errors of `updateState`
   */
  apply(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): ReturnType<this["result"]> {
    checkMethod(this, "apply", arguments.length, 3);
    this.checkSelf();
    this.updateState(yTrue, yPred, sampleWeight);
    return this.result() as ReturnType<this["result"]>;
  }

  /**
   * Creates an empty metric of the same class, name and options. Concurrent runs of one model, such as an `evaluate` in
   * a callback of `fit`, each need one. By default it is created from `getConfig()` if the class defines it, otherwise
   * by the constructor, which must then take only options, or no arguments.
   *
   * @returns a new metric
   * @throws ValueError ERR_NOT_IMPLEMENTED for a constructor with other arguments, in a class without `getConfig`
   */
  fresh(): this {
    checkObject(this, "fresh");
    const made = this.constructor as (new (options?: object) => this) & Omit<typeof Metric, "prototype">;
    const isSaved = Object.hasOwn(made, "className") || Object.hasOwn(made.prototype, "getConfig");
    const config = isSaved ? this.getConfig() : {};
    const isWhole = isSaved && missingArguments(this, config, () => false).length === 0;
    if (isWhole) return made.fromConfig.call(made as never, config) as this;
    const other = this.#withSameOptions(made) ?? (made.length === 0 ? new made() : undefined);
    if (other === undefined) {
      throw new ValueError(
        "ERR_NOT_IMPLEMENTED",
        `${this.name}: another run uses this metric, which cannot be copied. Write getConfig() in ${this.className}, or a fresh() that returns a new one.`,
      );
    }
    other.name = this.name;
    return other;
  }

  /** Passes the same options, if the constructor forwards them unchanged: then they are its only argument. */
  #withSameOptions(made: new (options: object) => this): this | undefined {
    try {
      const other = new made(this.#options);
      return other.#options === this.#options ? other : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Returns the configuration, for `fromConfig` here or in Python.
   *
   * @returns the constructor's arguments, by Keras's names
   */
  getConfig(): MetricConfig {
    checkObject(this, "getConfig");
    return { name: this.name, dtype: "float32" };
  }

  /**
   * Creates a metric of this class from a config of {@link Metric.getConfig} or of Keras in Python.
   *
   * @param config - The constructor's arguments, by Keras's names.
   * @returns a new metric
   * @throws TypeError ERR_CONFIG_INVALID for anything but a plain object; the errors of the constructor
   */
  static fromConfig<T extends Metric>(this: new (options: never) => T, config: Readonly<MetricConfig>): T {
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

answerForeignNames(Metric.prototype, { resetStates: "It is called resetState." }, ["updateState"]);
