/**
 * The base class of metrics, ours and yours.
 *
 * @module
 */

import { COPY } from "../copies.js";
import { customName } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { madeFrom } from "../keras-names.js";
import { snakeCase, uniqueName } from "../names.js";
import type { IndexRange } from "../ops/indices.js";
import type { TensorLike } from "../ops/operand.js";
import { checkCount, checkKnownOptions, ownNames, refuseRange, text, texts } from "../options.js";

/** Options of every metric. */
export interface MetricOptions {
  /** The key in the logs. Default: the class's name in snake case. */
  readonly name?: string | null | undefined;
  /** Only `"float32"`: as Keras writes it into configs. Sums are kept in double precision. Default: null, float32. */
  readonly dtype?: "float32" | null | undefined;
}

/** One number, or one for each threshold or class. */
export type MetricResult = number | readonly number[];

/** Constructor arguments by Keras's names: what `getConfig()` gives. */
export type MetricConfig = Record<string, unknown>;

/**
 * A value accumulated batch by batch. Extend it for a custom metric, or pass a function to
 * `compile`, whose values are averaged.
 *
 * @example
 * ```ts
 * import { metrics, ops } from "gradstep";
 *
 * class Largest extends metrics.Metric {
 *   #largest = -Infinity;
 *   override updateState(yTrue: ops.TensorLike, yPred: ops.TensorLike) {
 *     const { data } = metrics.numbersOf(this.name, yPred);
 *     for (let i = 0; i < data.length; i++) this.#largest = Math.max(this.#largest, data[i] ?? 0);
 *   }
 *   override result() {
 *     return this.#largest;
 *   }
 *   override resetState() {
 *     this.#largest = -Infinity;
 *   }
 * }
 *
 * console.log(new Largest().apply([0, 1], [0.25, 0.5])); // 0.5
 * ```
 */
export abstract class Metric {
  /** The name under which the class is saved. Minifiers change JavaScript's own; the built-in ones have Keras's. */
  static readonly className?: string;

  /** The key in the logs. */
  name: string;
  /** What the constructor was given, for {@link Metric.fresh}. */
  readonly #options: object;

  /** Which way is better, for callbacks with `mode: "auto"`; undefined where it cannot be told. */
  get direction(): "up" | "down" | undefined {
    return undefined;
  }

  /**
   * A number that is gathered batch by batch.
   *
   * @param own - Names of the subclass's own options, where `options` holds them too.
   * @throws ValueError, TypeError for options that are not known, or out of range
   */
  constructor(options: MetricOptions = {}, own: readonly string[] = []) {
    checkCount("Metric", arguments.length, 2);
    texts("Metric", "own", own);
    const { className } = this;
    checkKnownOptions(className, options, ["name", "dtype", ...ownNames(className, own)]);
    this.#options = options;
    const { name, dtype = null } = options;
    if (dtype !== null && dtype !== "float32") refuseRange(className, "dtype", '"float32"', dtype);
    this.name = name === undefined || name === null ? this.defaultName() : text(className, "name", name);
  }

  /** The name under which this metric is saved. */
  get className(): string {
    return customName(this.constructor);
  }

  /** The name of a metric that was given none. */
  protected defaultName(): string {
    const stem = snakeCase(this.className);
    return Object.hasOwn(this.constructor, "className") ? stem : uniqueName(stem);
  }

  /**
   * Adds a batch.
   *
   * @param sampleWeight - How much each sample, or each value, counts.
   */
  abstract updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void;

  /** The value over all batches since the last {@link Metric.resetState}. */
  abstract result(): MetricResult;

  /** Forgets all batches. */
  abstract resetState(): void;

  /**
   * The labels that the metric takes for an output of this shape, where they are indices. `fit` checks whole arrays by it before
   * its first step. Default: `undefined`, any numbers.
   *
   * @param _outputShape - With the batch axis; `null` for lengths that are not known.
   */
  labelRange(_outputShape: readonly (number | null)[]): IndexRange | undefined {
    return undefined;
  }

  /** {@link Metric.updateState}, then {@link Metric.result}. */
  apply(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): ReturnType<this["result"]> {
    checkCount("apply", arguments.length, 3);
    this.updateState(yTrue, yPred, sampleWeight);
    return this.result() as ReturnType<this["result"]>;
  }

  /**
   * Another metric of the same class, name and options that has gathered nothing. Runs of one model at the same time, such as an
   * `evaluate` in a callback of `fit`, each need one. By default it is made from `getConfig()` if the class
   * declares that, else by the constructor, which must then take options alone, or nothing.
   *
   * @throws ValueError for a constructor that takes something else, in a class without `getConfig`
   */
  fresh(): this {
    const made = this.constructor as (new (options?: object) => this) & Omit<typeof Metric, "prototype">;
    const isSaved = Object.hasOwn(made, "className") || Object.hasOwn(made.prototype, "getConfig");
    if (isSaved) return made.fromConfig.call(made as never, this.getConfig()) as this;
    const other = this.#withSameOptions(made) ?? (made.length === 0 ? new made() : undefined);
    if (other === undefined) {
      throw new ValueError(
        "ERR_NOT_IMPLEMENTED",
        `${this.name}: another run uses this metric, and no second one can be made of it. Write getConfig() in ${this.className}, or a fresh() that returns a new one.`,
      );
    }
    other.name = this.name;
    return other;
  }

  /** One that is given the same options, if its constructor hands them on as they are: then they are all that it takes. */
  #withSameOptions(made: new (options: object) => this): this | undefined {
    try {
      const other = new made(this.#options);
      return other.#options === this.#options ? other : undefined;
    } catch {
      return undefined;
    }
  }

  /** The constructor's arguments by Keras's names. */
  getConfig(): MetricConfig {
    return { name: this.name, dtype: "float32" };
  }

  /** Makes a metric of this class from what `getConfig()` gave, here or in Python. */
  static fromConfig<T extends Metric>(this: new (options: never) => T, config: Readonly<MetricConfig>): T {
    checkCount("fromConfig", arguments.length, 1);
    return madeFrom(config, (options) => new this(options as never));
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
