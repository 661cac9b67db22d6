/**
 * Metrics: `import { metrics } from "gradstep"`.
 *
 * @module
 */

export { Accuracy, BinaryAccuracy, type BinaryAccuracyOptions } from "./accuracy.js";
export type { Curve, SummationMethod } from "./area.js";
export { AUC, type AUCOptions } from "./auc.js";
export { CategoricalAccuracy, SparseCategoricalAccuracy } from "./categorical-accuracy.js";
export {
  FalseNegatives,
  FalsePositives,
  TrueNegatives,
  TruePositives,
} from "./condition-counts.js";
export type { ConditionCountOptions } from "./confusion-metric.js";
export { F1Score, type F1ScoreOptions, FBetaScore, type FBetaScoreOptions } from "./f-score.js";
export { CategoricalHinge, Hinge, SquaredHinge } from "./hinge-metrics.js";
export { BinaryIoU, IoU, MeanIoU } from "./iou.js";
export type { BinaryIoUOptions, IoUOptions, MeanIoUOptions } from "./iou-options.js";
export { Mean, Sum } from "./mean.js";
export { MeanMetricWrapper, type MetricFunction } from "./mean-metric-wrapper.js";
export {
  type CustomMetricResult,
  Metric,
  type MetricConfig,
  type MetricOptions,
  type MetricResult,
} from "./metric.js";
export type { MetricVariableOptions } from "./metric-variable.js";
export { type Numbers, numbersOf } from "./operands.js";
export { Precision, type PrecisionOptions, Recall } from "./precision-recall.js";
export {
  BinaryCrossentropy,
  type BinaryCrossentropyMetricOptions,
  CategoricalCrossentropy,
  type CategoricalCrossentropyMetricOptions,
  KLDivergence,
  Poisson,
  SparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyMetricOptions,
} from "./probabilistic-metrics.js";
export { R2Score, type R2ScoreOptions } from "./r2-score.js";
export {
  type CustomMetrics,
  deserialize,
  get,
  type MetricClass,
  type MetricClassName,
  type MetricIdentifier,
  type MetricName,
  type SerializedMetric,
  serialize,
} from "./registry.js";
export {
  CosineSimilarity,
  type CosineSimilarityMetricOptions,
  LogCoshError,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
} from "./regression-metrics.js";
export { RootMeanSquaredError } from "./root-mean-squared-error.js";
export type { ThresholdsOption } from "./thresholds.js";
export {
  SparseTopKCategoricalAccuracy,
  type SparseTopKOptions,
  TopKCategoricalAccuracy,
  type TopKOptions,
} from "./top-k-accuracy.js";
