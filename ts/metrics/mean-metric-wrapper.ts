/**
 * The mean of a function's values.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { maskOf } from "../losses/mask.js";
import { floatTensor } from "../losses/operands.js";
import { functionNameOf } from "../losses/registry.js";
import type { TensorLike } from "../ops/operand.js";
import { shown } from "../options.js";
import { Tensor } from "../tensor.js";
import { type MaskedNumbers, MeanOfValues } from "./mean-of-values.js";
import type { MetricConfig, MetricOptions } from "./metric.js";
import { numbersOf } from "./numbers.js";

/** Gives the value of each sample, or of each of its outputs. */
export type MetricFunction = (yTrue: Tensor<"float32">, yPred: Tensor<"float32">) => TensorLike;

/**
 * The mean of `fn(yTrue, yPred)` over all samples. `compile` makes one of every function among its metrics.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * const size = new metrics.MeanMetricWrapper((yTrue, yPred) => yPred.array().map(Math.abs), { name: "size" });
 * console.log(size.apply([0, 0], [-2, 6])); // 4
 * ```
 */
export class MeanMetricWrapper extends MeanOfValues {
  static override readonly className = "MeanMetricWrapper";
  readonly #fn: MetricFunction;
  readonly #direction: "down" | undefined;

  constructor(fn: MetricFunction, options: MetricOptions = {}) {
    if (typeof fn !== "function") {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `MeanMetricWrapper takes a function, got ${shown(fn)}.`);
    }
    const known = functionNameOf(fn);
    super({ ...options, name: options.name ?? known ?? (fn.name || "mean_metric_wrapper") });
    this.#fn = fn;
    this.#direction = known === undefined ? undefined : "down";
  }

  /** Of a built-in loss less is better; of other functions it cannot be told. */
  override get direction(): "down" | undefined {
    return this.#direction;
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): MaskedNumbers {
    const values = this.#fn(floatTensor(this.name, yTrue), floatTensor(this.name, yPred));
    return { ...numbersOf(this.name, values), mask: values instanceof Tensor ? maskOf(values) : undefined };
  }

  override fresh(): this {
    const isPlain = this.constructor === MeanMetricWrapper;
    return isPlain ? (new MeanMetricWrapper(this.#fn, { name: this.name }) as this) : super.fresh();
  }

  /** @throws TypeError: a function is not saved */
  override getConfig(): MetricConfig {
    throw new ArgumentTypeError(
      "ERR_CONFIG_INVALID",
      `The metric "${this.name}" is a function and cannot be saved. Make it a class that extends metrics.Metric.`,
    );
  }
}
