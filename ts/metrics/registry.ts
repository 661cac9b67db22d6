/**
 * The built-in metrics by name, and metrics as Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type CustomClasses, type SaveableClass } from "../class-registry.js";
import { checkSameCopy } from "../copies.js";
import { ValueError } from "../errors.js";
import { fromKeras } from "../keras-names.js";
import { kindOf } from "../losses/by-shape.js";
import { Loss } from "../losses/loss.js";
import { snakeCase } from "../names.js";
import { shown } from "../options.js";
import type { Shape } from "../shape.js";
import { Accuracy, BinaryAccuracy } from "./accuracy.js";
import { AUC } from "./auc.js";
import { CategoricalAccuracy, SparseCategoricalAccuracy } from "./categorical-accuracy.js";
import { FalseNegatives, FalsePositives, TrueNegatives, TruePositives } from "./condition-counts.js";
import { F1Score, FBetaScore } from "./f-score.js";
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

/** Metrics of your own, by the name they were saved under. */
export type CustomMetrics = CustomClasses<Metric>;

/** A metric as JSON, as Keras writes it. */
export interface SerializedMetric {
  readonly module?: string | null;
  readonly class_name: string;
  readonly config?: MetricConfig;
  /** Null for the built-in ones, the name of the class for your own. */
  readonly registered_name?: string | null;
}

/** What names a metric: one, its name in any of its spellings, a config, a function, or a loss. */
export type MetricIdentifier = string | Metric | MetricFunction | Loss | SerializedMetric;

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

/** Short names; in capitals too. */
const ALIASES: Readonly<Record<string, string>> = {
  bce: "BinaryCrossentropy",
  mse: "MeanSquaredError",
  mae: "MeanAbsoluteError",
  mape: "MeanAbsolutePercentageError",
  msle: "MeanSquaredLogarithmicError",
};

/** The built-in metrics by Keras's class name. A `Map`, so that `"__proto__"` is no name in it. */
export const builtInMetrics: ReadonlyMap<string, MetricClass> = new Map(CLASSES.map((made) => [made.className, made]));

/** By every spelling: `MeanSquaredError`, `mean_squared_error`, `meanSquaredError`, `mse`, `MSE`. */
const byName: ReadonlyMap<string, MetricClass> = new Map([
  ...CLASSES.flatMap((made): [string, MetricClass][] => {
    const snake = snakeCase(made.className);
    return [made.className, snake, fromKeras(snake)].map((name) => [name, made]);
  }),
  ...Object.entries(ALIASES).flatMap(([alias, name]): [string, MetricClass][] => {
    const made = builtInMetrics.get(name) as MetricClass;
    return [alias, alias.toUpperCase()].map((spelling) => [spelling, made]);
  }),
]);

const registry = new ClassRegistry<Metric>({
  kind: "metric",
  module: "keras.metrics",
  base: () => Metric,
  classes: () => CLASSES,
  called: (name) => byName.get(name),
  known: () =>
    `${[...builtInMetrics.keys()].map(snakeCase).join(", ")}, and the same as class names; ` +
    `${Object.keys(ALIASES).join(", ")}; "accuracy" in compile. Pass a function, or a class of your own that extends metrics.Metric.`,
});

/**
 * A metric from whatever names one.
 *
 * @param identifier - A name in any spelling (`"mse"`, `"mean_squared_error"`, `"meanSquaredError"`,
 * `"MeanSquaredError"`), a config of {@link serialize} or of Python's Keras; a metric or a function, which
 * are given back.
 * @throws ValueError for an unknown name and anything else
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(metrics.get("binary_accuracy").name); // binary_accuracy
 * ```
 */
export function get(identifier: null | undefined): null;
export function get<T extends Metric | MetricFunction>(identifier: T): T;
export function get(identifier: string | SerializedMetric): Metric;
export function get(identifier: Exclude<MetricIdentifier, Loss> | null | undefined): Metric | MetricFunction | null;
export function get(identifier: unknown): Metric | MetricFunction | null {
  if (identifier === null || identifier === undefined) return null;
  if (identifier instanceof Metric) return identifier;
  if (typeof identifier === "function") {
    checkSameCopy("metrics.get: the class", identifier);
    if (identifier.prototype instanceof Metric) return new (identifier as unknown as MetricClass)({} as never);
    return identifier as MetricFunction;
  }
  if (typeof identifier === "object" && !Array.isArray(identifier)) return deserialize(identifier);
  if (typeof identifier !== "string") {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `metrics.get takes a metric, the name of one, a function, or { class_name, config }, got ${shown(identifier)}.`,
    );
  }
  return new (registry.find(identifier) as MetricClass)({} as never);
}

/**
 * The metric that `compile` makes of an identifier: `"accuracy"` and `"acc"` are chosen by the shapes of the
 * first batch. One made from a string has the string as its name.
 *
 * @throws ValueError for what is no metric
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
  const metric = /^(accuracy|acc)$/i.test(identifier) ? accuracyFor(yTrue, yPred) : get(identifier);
  metric.name = identifier;
  return metric;
}

function accuracyFor(yTrue: Shape, yPred: Shape): Metric {
  const kind = kindOf(yTrue, yPred);
  if (kind === "binary") return new BinaryAccuracy();
  return kind === "sparse" ? new SparseCategoricalAccuracy() : new CategoricalAccuracy();
}

/**
 * A metric as JSON that {@link deserialize} reads, and Python's Keras too if it is a built-in one. It has the
 * options, not what was gathered.
 *
 * @throws TypeError unless given a metric that can be saved
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * const saved = JSON.stringify(metrics.serialize(new metrics.BinaryAccuracy({ threshold: 0.9 })));
 * const metric = metrics.deserialize(JSON.parse(saved));
 * console.log(metric.name); // binary_accuracy
 * ```
 */
export function serialize(metric: Metric): Required<SerializedMetric> {
  return registry.serialize(metric);
}

/**
 * Makes a metric from JSON of {@link serialize} or of Python's Keras.
 *
 * @param json - `{ class_name, config }`; `config` may be missing.
 * @throws TypeError for something that is no such object; ValueError for an unknown class, and for arguments
 * that the class refuses
 */
export function deserialize(json: unknown, customObjects: CustomMetrics = {}): Metric {
  return registry.deserialize(json, customObjects);
}
