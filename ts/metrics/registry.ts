/**
 * The built-in metrics by name, and metrics as Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type SaveableClass, type Saved } from "../class-registry.js";
import { builtInFunction, type CustomObjects, functionSaving } from "../custom-objects.js";
import { refuseOtherFamily } from "../families.js";
import { Loss } from "../losses/loss.js";
import { kindOf } from "../losses/operands.js";
import { checkCount, checkOne } from "../options.js";
import { checkSavedArguments } from "../saved-arguments.js";
import type { Shape } from "../shape.js";
import type { AnyName, JSONOf, NamesOf } from "../spellings.js";
import { Accuracy, BinaryAccuracy } from "./accuracy.js";
import { AUC } from "./auc.js";
import { CategoricalAccuracy, SparseCategoricalAccuracy } from "./categorical-accuracy.js";
import { FalseNegatives, FalsePositives, TrueNegatives, TruePositives } from "./condition-counts.js";
import { F1Score, FBetaScore } from "./f-score.js";
import { metricFunctionCalled, metricFunctionOf } from "./functions.js";
import { CategoricalHinge, Hinge, SquaredHinge } from "./hinge-metrics.js";
import { BinaryIoU, IoU, MeanIoU } from "./iou.js";
import { Mean, Sum } from "./mean.js";
import { MeanMetricWrapper, type MetricFunction } from "./mean-metric-wrapper.js";
import { Metric, type MetricConfig } from "./metric.js";
import { Precision, Recall } from "./precision-recall.js";
import {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  KLDivergence,
  Poisson,
  SparseCategoricalCrossentropy,
} from "./probabilistic-metrics.js";
import { R2Score } from "./r2-score.js";
import {
  CosineSimilarity,
  LogCoshError,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
} from "./regression-metrics.js";
import { RootMeanSquaredError } from "./root-mean-squared-error.js";
import { SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy } from "./top-k-accuracy.js";

/** A class of metrics: constructible from options. */
export type MetricClass = SaveableClass<Metric> & (new (options: never) => Metric);

/** Custom metrics, by the names under which they were saved. */
export type CustomMetrics = CustomObjects;

/** A metric as JSON, as Keras writes it. */
export interface SerializedMetric {
  /** Keras's module, `null` for custom metrics. */
  readonly module?: string | null;
  /** Keras's name of the class, or the name of a custom one. */
  readonly class_name: MetricClassName | AnyName;
  /** The constructor's arguments, by Keras's names. */
  readonly config?: MetricConfig;
  /** `null` for built-in classes, the name of the class for custom ones. */
  readonly registered_name?: string | null;
}

/** Keras's names of the built-in classes. */
export type MetricClassName =
  | "Mean"
  | "Sum"
  | "Accuracy"
  | "BinaryAccuracy"
  | "CategoricalAccuracy"
  | "SparseCategoricalAccuracy"
  | "TopKCategoricalAccuracy"
  | "SparseTopKCategoricalAccuracy"
  | "MeanSquaredError"
  | "RootMeanSquaredError"
  | "MeanAbsoluteError"
  | "MeanAbsolutePercentageError"
  | "MeanSquaredLogarithmicError"
  | "LogCoshError"
  | "CosineSimilarity"
  | "R2Score"
  | "BinaryCrossentropy"
  | "CategoricalCrossentropy"
  | "SparseCategoricalCrossentropy"
  | "KLDivergence"
  | "Poisson"
  | "Hinge"
  | "SquaredHinge"
  | "CategoricalHinge"
  | "TruePositives"
  | "TrueNegatives"
  | "FalsePositives"
  | "FalseNegatives"
  | "Precision"
  | "Recall"
  | "F1Score"
  | "FBetaScore"
  | "AUC"
  | "IoU"
  | "MeanIoU"
  | "BinaryIoU";

type Alias = "bce" | "mse" | "mae" | "mape" | "msle" | "kld";

/** Metrics with required arguments cannot be created from a name alone. */
type WithArguments = "IoU" | "MeanIoU";

/** The name of a metric: a built-in one, in snake or camel case, or a custom one. */
export type MetricName = NamesOf<Exclude<MetricClassName, WithArguments>> | Alias | AnyName;

/** A metric, its name in any spelling, a config, a function, or a loss. */
export type MetricIdentifier = MetricName | Metric | MetricFunction | Loss | SerializedMetric;

/** THE list. */
const CLASSES: readonly (MetricClass & { readonly className: string })[] = [
  Mean,
  Sum,
  Accuracy,
  BinaryAccuracy,
  CategoricalAccuracy,
  SparseCategoricalAccuracy,
  TopKCategoricalAccuracy,
  SparseTopKCategoricalAccuracy,
  MeanSquaredError,
  RootMeanSquaredError,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredLogarithmicError,
  LogCoshError,
  CosineSimilarity,
  R2Score,
  BinaryCrossentropy,
  CategoricalCrossentropy,
  SparseCategoricalCrossentropy,
  KLDivergence,
  Poisson,
  Hinge,
  SquaredHinge,
  CategoricalHinge,
  TruePositives,
  TrueNegatives,
  FalsePositives,
  FalseNegatives,
  Precision,
  Recall,
  F1Score,
  FBetaScore,
  AUC,
  IoU,
  MeanIoU,
  BinaryIoU,
];

/** Short names. */
const ALIASES: Readonly<Record<Alias, MetricClassName>> = {
  bce: "BinaryCrossentropy",
  mse: "MeanSquaredError",
  mae: "MeanAbsoluteError",
  mape: "MeanAbsolutePercentageError",
  msle: "MeanSquaredLogarithmicError",
  kld: "KLDivergence",
};

/** The built-in metrics by Keras's class name. A `Map`, because `"__proto__"` must not be a name in it. */
export const builtInMetrics: ReadonlyMap<string, MetricClass> = new Map(CLASSES.map((made) => [made.className, made]));

const registry = new ClassRegistry<Metric, MetricFunction>({
  kind: "metric",
  family: "metrics",
  refuseOther: refuseOtherFamily,
  module: "keras.metrics",
  base: Metric,
  baseName: "Metric",
  classes: () => CLASSES,
  wrapper: MeanMetricWrapper as unknown as SaveableClass<Metric>,
  aliases: ALIASES,
  functions: functionSaving,
  checkSaved: checkSavedArguments,
  savedFunction: (name) => metricFunctionCalled(name)?.fn,
});

/** Returns `null`, for no metric. */
export function get(identifier: null | undefined): null;
/** Returns the metric, or the function, that was passed. */
export function get<T extends Metric | MetricFunction>(identifier: T, customObjects?: CustomObjects): T;
/** Creates a metric of a class, with its default options. */
export function get<T extends Metric>(identifier: new () => T, customObjects?: CustomObjects): T;
/**
 * Returns the metric for an identifier.
 *
 * @param identifier - A name in any spelling (`"mse"`, `"mean_squared_error"`, `"meanSquaredError"`,
 * `"MeanSquaredError"`), a config of {@link serialize} or of Keras in Python; or a metric or a function, which is
 * returned unchanged.
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @returns the metric, or a function that was passed or found in `customObjects`
 * @throws ValueError ERR_CONFIG_UNKNOWN_CLASS for an unknown name, ERR_CONFIG_INVALID for anything else; the errors of
 * the class's constructor for a bad config
 * @see [Keras: metrics](https://keras.io/api/metrics/)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(metrics.get("binary_accuracy").name); // binary_accuracy
 * ```
 */
export function get(identifier: MetricName | SerializedMetric, customObjects?: CustomObjects): Metric;
/** Returns the metric, or the function, for an identifier; `null` for none. */
export function get(
  identifier: Exclude<MetricIdentifier, Loss> | null | undefined,
  customObjects?: CustomObjects,
): Metric | MetricFunction | null;
export function get(identifier: unknown, customObjects?: CustomObjects): Metric | MetricFunction | null {
  checkCount("metrics.get", arguments.length, 2);
  return registry.get(identifier, customObjects);
}

/** Whether `compile` takes this name. @internal */
export function isMetricName(name: string): boolean {
  return isAccuracy(name) || registry.builtIn(name) !== undefined;
}

const isAccuracy = (name: string): boolean => /^(accuracy|acc)$/i.test(name);

/**
 * The metric that `compile` creates from an identifier: `"accuracy"` and `"acc"` are chosen by the shapes of the first
 * batch. A metric created from a string has the string as its name.
 *
 * @throws ValueError for anything but a metric
 * @internal
 */
export function metricFor(identifier: MetricIdentifier, yTrue: Shape, yPred: Shape): Metric {
  if (identifier instanceof Loss) {
    return new MeanMetricWrapper((yTrue, yPred) => identifier.apply(yTrue, yPred), { name: identifier.name });
  }
  if (typeof identifier !== "string") {
    const metric = get(identifier);
    return metric instanceof Metric ? metric : new MeanMetricWrapper(metric as MetricFunction);
  }
  const metric = isAccuracy(identifier) ? accuracyFor(yTrue, yPred) : get(identifier);
  metric.name = identifier;
  return metric;
}

function accuracyFor(yTrue: Shape, yPred: Shape): Metric {
  const kind = kindOf(yTrue, yPred);
  if (kind === "binary") return new BinaryAccuracy();
  return kind === "sparse" ? new SparseCategoricalAccuracy() : new CategoricalAccuracy();
}

/**
 * Saves a metric as JSON that {@link deserialize} reads, and Keras in Python too if it is built in. Of a function the
 * name is saved. It contains the options, not the accumulated state.
 *
 * @param metric - The metric, or a function used as one.
 * @returns `{ module, class_name, config, registered_name }`, ready for `JSON.stringify`
 * @throws ValueError ERR_NOT_IMPLEMENTED for a constructor that takes arguments which `getConfig` does not return
 * @throws TypeError ERR_OPTION_TYPE for anything else; ValueError ERR_CONFIG_INVALID for a function or a custom class
 * without a name
 * @example
 * ```ts
 * import { metrics, stringify } from "gradstep";
 *
 * const saved = stringify(new metrics.BinaryAccuracy({ threshold: 0.9 }));
 * const metric = metrics.deserialize(JSON.parse(saved));
 * console.log(metric.name); // binary_accuracy
 * ```
 */
export function serialize(metric: Metric | MetricFunction): Saved {
  checkOne("metrics.serialize", arguments);
  const known = metricFunctionOf(metric);
  return known === undefined ? registry.serialize(metric as Metric) : (builtInFunction(known.name) as never);
}

/**
 * Creates a metric from JSON written by {@link serialize} or by Keras in Python.
 *
 * @param json - `{ class_name, config }`; `config` may be missing.
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @returns the metric; a function where the JSON is that of one
 * @throws TypeError ERR_CONFIG_INVALID for anything but such an object; ValueError ERR_CONFIG_UNKNOWN_CLASS for an
 * unknown class; the errors of the class's constructor for its arguments
 */
export function deserialize<T extends Metric | MetricFunction = Metric>(
  json: JSONOf<MetricClassName>,
  customObjects?: CustomObjects,
): T {
  checkCount("metrics.deserialize", arguments.length, 2);
  return registry.deserialize(json, customObjects) as T;
}
