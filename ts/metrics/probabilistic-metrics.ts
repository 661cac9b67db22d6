/**
 * Cross-entropies and divergences as metrics.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { binaryCrossentropy } from "../losses/binary-crossentropy.js";
import { categoricalCrossentropy } from "../losses/categorical-crossentropy.js";
import {
  argumentsConfig,
  CROSSENTROPY_OPTIONS,
  type CrossentropyArguments,
  checkedArguments,
  checkedSparseArguments,
  classRange,
  SPARSE_CROSSENTROPY_OPTIONS,
  type SparseCrossentropyArguments,
} from "../losses/crossentropy-arguments.js";
import { klDivergence } from "../losses/kl-divergence.js";
import { poisson } from "../losses/poisson.js";
import { sparseCategoricalCrossentropy } from "../losses/sparse-categorical-crossentropy.js";
import type { IndexRange } from "../ops/indices.js";
import type { TensorLike } from "../ops/operand.js";
import { checkObject } from "../options.js";
import type { Tensor } from "../tensor.js";
import { LossMetric } from "./loss-metric.js";
import type { MetricConfig, MetricOptions } from "./metric.js";

/**
 * The mean of `sum(yTrue log(yTrue / yPred))`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: KLDivergence](https://keras.io/api/metrics/probabilistic_metrics/#kldivergence-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.KLDivergence().apply([[0.5, 0.5]], [[0.5, 0.5]])); // 0
 * ```
 */
export class KLDivergence extends LossMetric {
  static override readonly className = "KLDivergence";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("KLDivergence", ["name"], given);
    super(options);
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return klDivergence(yTrue, yPred);
  }
}

/**
 * The mean of `yPred - yTrue log(yPred)`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Poisson](https://keras.io/api/metrics/probabilistic_metrics/#poisson-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.Poisson().apply([[0, 0]], [[1, 2]])); // 1.5
 * ```
 */
export class Poisson extends LossMetric {
  static override readonly className = "Poisson";

  constructor(options?: MetricOptions | MetricOptions["name"], others?: MetricOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<MetricOptions>("Poisson", ["name"], given);
    super(options);
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    return poisson(yTrue, yPred);
  }
}

/** Options of {@link BinaryCrossentropy}. */
export interface BinaryCrossentropyMetricOptions extends MetricOptions, Omit<CrossentropyArguments, "axis"> {}

/**
 * The mean cross-entropy of labels 0 and 1.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: BinaryCrossentropy](https://keras.io/api/metrics/probabilistic_metrics/#binarycrossentropy-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.BinaryCrossentropy({ fromLogits: true }).apply([[0, 1]], [[0, 0]])); // 0.6931471824645996
 * ```
 */
export class BinaryCrossentropy extends LossMetric {
  static override readonly className = "BinaryCrossentropy";
  /** Whether predictions are logits, rather than probabilities. */
  readonly fromLogits: boolean;
  /** Amount of label smoothing towards the mean of all classes, 0 to 1. */
  readonly labelSmoothing: number;

  constructor(
    options?: BinaryCrossentropyMetricOptions | BinaryCrossentropyMetricOptions["name"],
    others?: BinaryCrossentropyMetricOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<BinaryCrossentropyMetricOptions>("BinaryCrossentropy", ["name"], given);
    super(options, ["fromLogits", "labelSmoothing"]);
    const { fromLogits, labelSmoothing } = checkedArguments("BinaryCrossentropy", options);
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    const { fromLogits, labelSmoothing } = this;
    return binaryCrossentropy(yTrue, yPred, { fromLogits, labelSmoothing });
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), from_logits: this.fromLogits, label_smoothing: this.labelSmoothing };
  }
}

/** Options of {@link CategoricalCrossentropy}. */
export interface CategoricalCrossentropyMetricOptions extends MetricOptions, CrossentropyArguments {}

/**
 * The mean cross-entropy of one-hot labels.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CategoricalCrossentropy](https://keras.io/api/metrics/probabilistic_metrics/#categoricalcrossentropy-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.CategoricalCrossentropy({ fromLogits: true }).apply([[0, 1]], [[0, 0]])); // 0.6931471824645996
 * ```
 */
export class CategoricalCrossentropy extends LossMetric {
  static override readonly className = "CategoricalCrossentropy";
  /** Whether predictions are logits, rather than probabilities. */
  readonly fromLogits: boolean;
  /** Amount of label smoothing towards the mean of all classes, 0 to 1. */
  readonly labelSmoothing: number;
  /** The axis of the classes. */
  readonly axis: number;

  constructor(
    options?: CategoricalCrossentropyMetricOptions | CategoricalCrossentropyMetricOptions["name"],
    others?: CategoricalCrossentropyMetricOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<CategoricalCrossentropyMetricOptions>("CategoricalCrossentropy", ["name"], given);
    super(options, CROSSENTROPY_OPTIONS);
    const { fromLogits, labelSmoothing, axis } = checkedArguments("CategoricalCrossentropy", options);
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.axis = axis;
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    const { fromLogits, labelSmoothing, axis } = this;
    return categoricalCrossentropy(yTrue, yPred, { fromLogits, labelSmoothing, axis });
  }

  override getConfig(): MetricConfig {
    return { ...super.getConfig(), ...argumentsConfig(this) };
  }
}

/** Options of {@link SparseCategoricalCrossentropy}. */
export interface SparseCategoricalCrossentropyMetricOptions extends MetricOptions, SparseCrossentropyArguments {}

/**
 * The mean cross-entropy of labels that are the indices of classes.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: SparseCategoricalCrossentropy](https://keras.io/api/metrics/probabilistic_metrics/#sparsecategoricalcrossentropy-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.SparseCategoricalCrossentropy().apply([1], [[0.75, 0.25]])); // 1.3862943649291992
 * ```
 */
export class SparseCategoricalCrossentropy extends LossMetric {
  static override readonly className = "SparseCategoricalCrossentropy";
  /** Whether predictions are logits, rather than probabilities. */
  readonly fromLogits: boolean;
  /** The label of samples that do not count, or `null`. */
  readonly ignoreClass: number | null;
  /** The axis of the classes. */
  readonly axis: number;

  constructor(
    options?: SparseCategoricalCrossentropyMetricOptions | SparseCategoricalCrossentropyMetricOptions["name"],
    others?: SparseCategoricalCrossentropyMetricOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<SparseCategoricalCrossentropyMetricOptions>(
      "SparseCategoricalCrossentropy",
      ["name"],
      given,
    );
    super(options, SPARSE_CROSSENTROPY_OPTIONS);
    const { fromLogits, ignoreClass, axis } = checkedSparseArguments(this.className, options);
    this.fromLogits = fromLogits;
    this.ignoreClass = ignoreClass;
    this.axis = axis;
  }

  protected override loss(yTrue: TensorLike, yPred: TensorLike): Tensor<"float32"> {
    const { fromLogits, ignoreClass, axis } = this;
    return sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits, ignoreClass, axis });
  }

  override labelRange(outputShape: readonly (number | null)[]): IndexRange | undefined {
    return classRange(this, outputShape);
  }

  override getConfig(): MetricConfig {
    checkObject(this, "getConfig");
    return {
      ...super.getConfig(),
      from_logits: this.fromLogits,
      ignore_class: this.ignoreClass,
      axis: this.axis,
    };
  }
}
