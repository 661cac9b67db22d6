/**
 * Metrics: `import { metrics } from "gradstep"`.
 *
 * @module
 */

export { Accuracy, BinaryAccuracy, type BinaryAccuracyOptions } from "./accuracy.js";
export { CategoricalAccuracy, SparseCategoricalAccuracy } from "./categorical-accuracy.js";
export { Mean, Sum } from "./mean.js";
export { MeanMetricWrapper, type MetricFunction } from "./mean-metric-wrapper.js";
export { Metric, type MetricConfig, type MetricOptions, type MetricResult } from "./metric.js";
export { type Numbers, numbersOf } from "./numbers.js";
export {
  type CustomMetrics,
  deserialize,
  get,
  type MetricClass,
  type MetricIdentifier,
  type SerializedMetric,
  serialize,
} from "./registry.js";
