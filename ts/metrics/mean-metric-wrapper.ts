/**
 * The mean of a function's values.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { isCallable } from "../brands.js";
import { builtInFunction, customFunction, isCustomName, own, savedFunction } from "../custom-objects.js";
import { ArgumentTypeError } from "../errors.js";
import { madeFrom, withKeysOf } from "../keras-names.js";
import { floatTensor } from "../losses/operands.js";
import { maskOf } from "../losses/reduction.js";
import type { TensorLike } from "../ops/operand.js";
import { checkKnownOptions, checkMethod, checkObject, shown } from "../options.js";
import { isTensor, type Tensor } from "../tensor.js";
import { metricFunctionCalled, metricFunctionOf } from "./functions.js";
import { type MaskedNumbers, MeanOfValues } from "./mean-of-values.js";
import type { Metric, MetricConfig, MetricOptions } from "./metric.js";
import { numbersOf } from "./operands.js";

/** Computes the value of each sample, or of each of its outputs. */
export type MetricFunction = (yTrue: Tensor<"float32">, yPred: Tensor<"float32">) => TensorLike;

/**
 * The mean of `fn(yTrue, yPred)` over all samples. `compile` creates one for every function among its metrics.
 *
 * @param fn - The function: of labels and predictions, float32, a value for each sample.
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MeanMetricWrapper](https://keras.io/api/metrics/metrics_wrappers/#meanmetricwrapper-class)
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
  readonly #direction: "up" | "down" | undefined;

  constructor(fn: MetricFunction, name?: MetricOptions["name"] | MetricOptions, others?: MetricOptions);
  constructor(fn: MetricFunction, ...given: unknown[]) {
    const options = placedOptions<MetricOptions>("MeanMetricWrapper", ["name"], given, 1);
    if (!isCallable(fn)) {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `MeanMetricWrapper takes a function, got ${shown(fn)}.`);
    }
    const known = metricFunctionOf(fn);
    checkKnownOptions("MeanMetricWrapper", options, ["name", "dtype"]);
    super({ ...options, name: options.name ?? known?.name ?? (fn.name || "mean_metric_wrapper") });
    this.#fn = fn;
    this.#direction = known?.direction;
  }

  /** For built-in losses less is better, for built-in accuracies more; for other functions it is unknown. */
  override get direction(): "up" | "down" | undefined {
    this.checkSelf();
    return this.#direction;
  }

  protected override values(yTrue: TensorLike, yPred: TensorLike): MaskedNumbers {
    const values = this.#fn(floatTensor(this.name, yTrue), floatTensor(this.name, yPred));
    const numbers = numbersOf(this.name, values);
    const mask = isTensor(values) ? maskOf(values) : undefined;
    return {
      get data() {
        return numbers.data;
      },
      shape: numbers.shape,
      mask,
    };
  }

  override fresh(): this {
    checkObject(this, "fresh");
    const isPlain = this.constructor === MeanMetricWrapper;
    return isPlain ? (new MeanMetricWrapper(this.#fn, { name: this.name }) as this) : super.fresh();
  }

  /**
   * Returns the configuration. The function is saved by its name.
   *
   * @returns the constructor's arguments, by Keras's names
   * @throws ValueError ERR_CONFIG_INVALID for a function without a name; TypeError ERR_OPTION_TYPE
   */
  override getConfig(): MetricConfig {
    checkObject(this, "getConfig");
    this.checkSelf();
    const known = metricFunctionOf(this.#fn);
    if (known !== undefined) return { ...super.getConfig(), fn: builtInFunction(known.name), ...known.args };
    return { ...super.getConfig(), fn: savedFunction("a metric", this.#fn, metricFunctionCalled) };
  }

  static override fromConfig<T extends Metric>(this: new (options: never) => T, config: Readonly<MetricConfig>): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 1);
    const { fn, name, dtype, ...args } = madeFrom(config, () => config);
    // If there are no arguments of a function, the constructor refuses unknown options.
    const known = functionOf(fn, args);
    const options = madeFrom({ name, dtype, ...(isBuiltIn(known) ? {} : args) }, (read) => read);
    // biome-ignore lint/complexity/noThisInStatic: the subclass is meant.
    const make = this as unknown as new (fn: unknown, options: MetricOptions) => T;
    return withKeysOf(config, () => new make(known, options));
  }
}

/** Whether it is a built-in function with bound arguments. */
const isBuiltIn = (fn: unknown): boolean => metricFunctionOf(fn) !== undefined;

/** A custom function, or a built-in one with the arguments in the config. */
function functionOf(json: unknown, args: MetricConfig): unknown {
  if (typeof json === "function") return json;
  const name = typeof json === "object" && json !== null ? own(json, "config") : undefined;
  if (typeof name === "string" && !isCustomName(name)) {
    const known = metricFunctionCalled(name, args);
    if (known !== undefined) return known.fn;
  }
  return customFunction("a metric", json);
}
