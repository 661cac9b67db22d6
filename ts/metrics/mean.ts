/**
 * The mean and the sum of values.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { TensorLike } from "../ops/operand.js";
import { checkCount, checkMethod, checkObject, isList } from "../options.js";
import { Metric, type MetricOptions } from "./metric.js";
import { type Numbers, numbersOf, weightsOf } from "./operands.js";
import { samplewise } from "./samplewise.js";

/**
 * The weighted mean of all values; 0 without values.
 *
 * @see [Keras: Mean](https://keras.io/api/metrics/metrics_wrappers/#mean-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * const mean = new metrics.Mean();
 * mean.updateState([1, 3]);
 * mean.updateState([5, 7]);
 * console.log(mean.result()); // 4
 * ```
 */
export class Mean extends Metric {
  static override readonly className: string = "Mean";
  /** Sum of the weighted values. */
  total = 0;
  /** Sum of the weights. */
  count = 0;

  /**
   * The weighted mean of all values; 0 without values.
   *
   * @param own - Names of the subclass's own options, where `options` holds them too.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(options?: MetricOptions | MetricOptions["name"], own?: readonly string[]);
  constructor(...given: unknown[]) {
    // The names of a subclass's options are a list, unlike any positional option.
    const own = isList(given[1]) ? (given.splice(1, 1)[0] as readonly string[]) : [];
    super(placedOptions("Mean", ["name"], given), own);
  }

  /**
   * Adds values. All axes but the first are averaged, so every sample counts once.
   *
   * @param values - Values, `[batch, ...]`.
   * @param sampleWeight - The weight of each sample, `[batch]`, or of each value.
   * @throws ValueError ERR_SHAPE when the weights do not fit; TypeError ERR_ARGUMENT_COUNT, ERR_OPTION_TYPE,
   * ERR_VALUES_DTYPE; * then nothing is added
   */
  override updateState(values: TensorLike, sampleWeight?: TensorLike | null): void {
    checkValuesAndWeights(this, arguments);
    this.checkUpdate();
    this.add(numbersOf(this.name, values), weightsOf(this.name, sampleWeight));
  }

  /** Adds the values of a batch. */
  protected add(values: Numbers, weights: Numbers | undefined): void {
    const { total, count } = samplewise(this.name, values, weights, "mean");
    this.total += total;
    this.count += count;
  }

  override result(): number {
    checkMethod(this, "result", arguments.length, 0);
    this.checkSelf();
    return this.count === 0 ? 0 : this.total / this.count;
  }

  override resetState(): void {
    checkMethod(this, "resetState", arguments.length, 0);
    this.checkUpdate();
    this.total = 0;
    this.count = 0;
  }

  /** @internal */
  protected override stateUndo(): () => void {
    const { total, count } = this;
    return () => {
      this.total = total;
      this.count = count;
    };
  }
}

/**
 * The weighted sum of all values.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Sum](https://keras.io/api/metrics/metrics_wrappers/#sum-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * const sum = new metrics.Sum();
 * sum.updateState([1, 3, 5, 7], [1, 1, 0, 0]);
 * console.log(sum.result()); // 4
 * ```
 */
export class Sum extends Metric {
  static override readonly className = "Sum";
  /** The sum so far. */
  total = 0;

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("Sum", ["name"], given);
    super(options);
  }

  /**
   * Adds values.
   *
   * @param values - Values, `[batch, ...]`.
   * @param sampleWeight - The weight of each sample, `[batch]`, or of each value.
   * @throws ValueError ERR_SHAPE when the weights do not fit; TypeError ERR_ARGUMENT_COUNT, ERR_OPTION_TYPE,
   * ERR_VALUES_DTYPE; * then nothing is added
   */
  override updateState(values: TensorLike, sampleWeight?: TensorLike | null): void {
    checkValuesAndWeights(this, arguments);
    this.checkUpdate();
    const numbers = numbersOf(this.name, values);
    this.total += samplewise(this.name, numbers, weightsOf(this.name, sampleWeight), "sum").total;
  }

  override result(): number {
    checkMethod(this, "result", arguments.length, 0);
    this.checkSelf();
    return this.total;
  }

  override resetState(): void {
    checkMethod(this, "resetState", arguments.length, 0);
    this.checkUpdate();
    this.total = 0;
  }

  /** @internal */
  protected override stateUndo(): () => void {
    const { total } = this;
    return () => {
      this.total = total;
    };
  }
}

/** Refuses a third argument, except `undefined` weights, which a model's runs pass to every metric. */
function checkValuesAndWeights(metric: Metric, given: ArrayLike<unknown>): void {
  checkObject(metric, "updateState");
  if (given.length === 3 && (given[2] ?? null) === null) return;
  checkCount("updateState", given.length, 2);
}
