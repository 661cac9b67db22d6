/**
 * Refusals of metrics: ts/metrics/.
 * Over 300 lines: a table, of one row for each fault.
 */

import { metrics, tensor } from "../../ts/index.js";
import { known } from "../support/known-names.js";
import type { Rows } from "./row.js";

type Updatable = { updateState(...given: unknown[]): unknown };
const updated =
  (make: () => unknown, ...given: unknown[]) =>
  () =>
    (make() as Updatable).updateState(...given);
const wide = () => tensor(new Float32Array(6), [2, 3]);
/** A second batch, of fewer outputs. */
const narrowed = (make: () => unknown) => () => {
  const metric = make() as Updatable;
  metric.updateState(wide(), wide());
  metric.updateState([[1, 0]], [[1, 0]]);
};
/** As many weights as values, in a shape that no broadcasting makes theirs. */
const turned = () => tensor(new Float32Array(6), [3, 2]);

export const creation: Rows = [
  [
    () => new metrics.MeanMetricWrapper(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "MeanMetricWrapper takes a function, got 1.",
  ],
  [
    () => new metrics.Mean({ dtype: "float64" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Mean: "dtype" must be "float32", got "float64".',
  ],
  [
    () => new metrics.Mean({ name: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Mean: "name" must be a string, got 1.',
  ],
  [
    () => new metrics.Mean({ nam: "x" } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Mean does not know "nam" (did you mean "name"?). Its options are: name, dtype.',
  ],
  [() => new metrics.Mean(1 as never), "TypeError", "ERR_OPTION_TYPE", 'Mean: "name" must be a string, got 1.'],
  [
    () => new metrics.AUC({ numLabels: 2 }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'AUC: "numLabels" needs multiLabel: true.',
  ],
  [
    () => new metrics.AUC({ curve: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'AUC: "curve" must be "ROC", "PR" or "PRGAIN", got "X".',
  ],
  [
    () => new metrics.AUC({ summationMethod: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'AUC: "summationMethod" must be "interpolation", "minoring" or "majoring", got "x".',
  ],
  [
    () => new metrics.AUC({ numThresholds: 1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'AUC: "numThresholds" must be a whole number, 2 or above, got 1.',
  ],
  [
    () => new metrics.AUC({ thresholds: [2] }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'AUC: "thresholds" must be a number from 0 to 1 or a list of them, got 2.',
  ],
  [
    () => new metrics.AUC({ multiLabel: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'AUC: "multiLabel" must be true or false, got 1.',
  ],
  [
    () => new metrics.AUC({ fromLogits: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'AUC: "fromLogits" must be true or false, got 1.',
  ],
  [
    () => new metrics.AUC({ multiLabel: true, labelWeights: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'AUC: "labelWeights" must be a list, got 1.',
  ],
  [
    () => new metrics.Precision({ thresholds: 2 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Precision: "thresholds" must be a number from 0 to 1 or a list of them, got 2.',
  ],
  [
    () => new metrics.Precision({ thresholds: [] }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Precision: "thresholds" must have at least one number, got none.',
  ],
  [
    () => new metrics.Precision({ thresholds: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Precision: "thresholds" must be a number from 0 to 1 or a list of them, got "x".',
  ],
  [
    () => new metrics.Precision({ topK: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Precision: "topK" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new metrics.Precision({ classId: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Precision: "classId" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new metrics.Recall({ classId: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Recall: "classId" must be a number, got "x".',
  ],
  [
    () => new metrics.F1Score({ average: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'F1Score: "average" must be null, "micro", "macro" or "weighted", got "x".',
  ],
  [
    () => new metrics.F1Score({ threshold: 2 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'F1Score: "threshold" must be above 0, and 1 at most, got 2.',
  ],
  [
    () => new metrics.F1Score({ beta: 2 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'F1Score does not know "beta". Its options are: average, threshold, name, dtype.',
  ],
  [
    () => new metrics.IoU({ numClasses: 2, targetClassIds: [0], threshold: 0.5 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'IoU does not know "threshold". Its options are: numClasses, ignoreClass, sparseYTrue, sparseYPred, axis, targetClassIds, name, dtype.',
  ],
  [
    () => new metrics.IoU({ numClasses: 2, targetClassIds: [] }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'IoU: "targetClassIds" must be one class or more, got an array of 0.',
  ],
  [
    () => new metrics.MeanIoU({ numClasses: 2, targetClassIds: [0] } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'MeanIoU does not know "targetClassIds". Its options are: numClasses, ignoreClass, sparseYTrue, sparseYPred, axis, name, dtype.',
  ],
  [
    () => new metrics.BinaryIoU({ numClasses: 3 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'BinaryIoU does not know "numClasses". Its options are: targetClassIds, threshold, name, dtype.',
  ],
  [
    () => new metrics.FBetaScore({ beta: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'FBetaScore: "beta" must be above 0, got 0.',
  ],
  [
    () => new metrics.IoU(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'IoU: "targetClassIds" must be a list, got undefined.',
  ],
  [
    () => new metrics.IoU({ numClasses: 2, targetClassIds: [2] }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'IoU: "targetClassIds" must be below 2, got 2.',
  ],
  [
    () => new metrics.IoU({ numClasses: 2, targetClassIds: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'IoU: "targetClassIds" must be a list, got 1.',
  ],
  [
    () => new metrics.IoU({ numClasses: 0, targetClassIds: [0] }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'IoU: "numClasses" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new metrics.IoU({ numClasses: 2, targetClassIds: [0], axis: 1 as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'IoU: "axis" must be -1, got 1.',
  ],
  [
    () => new metrics.MeanIoU({ numClasses: 2, ignoreClass: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'MeanIoU: "ignoreClass" must be a number, got "x".',
  ],
  [
    () => new (metrics.MeanIoU as unknown as new () => unknown)(),
    "TypeError",
    "ERR_OPTION_TYPE",
    'MeanIoU: "numClasses" must be a number, got undefined.',
  ],
  [
    () => new metrics.R2Score({ classAggregation: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'R2Score: "classAggregation" must be null, "uniform_average" or "variance_weighted_average", got "x".',
  ],
  [
    () => new metrics.R2Score({ numRegressors: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'R2Score: "numRegressors" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new metrics.TopKCategoricalAccuracy({ k: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'TopKCategoricalAccuracy: "k" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new metrics.BinaryAccuracy({ threshold: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'BinaryAccuracy: "threshold" must be a number, got "x".',
  ],
  [
    () => new metrics.CosineSimilarity({ axis: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'CosineSimilarity: "axis" must be a number, got "x".',
  ],
  [
    () => metrics.get("acuracy"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No metric is called "acuracy". Did you mean "Accuracy"? Known: ${known("metric")}. Pass a custom class or function in customObjects.`,
  ],
  [
    () => metrics.get(1 as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "metrics.get takes a metric, the name of one, a class, a function or { class_name, config }, got 1.",
  ],
  [() => metrics.serialize(1 as never), "TypeError", "ERR_OPTION_TYPE", "metrics.serialize takes a metric, got 1."],
];

export const updates: Rows = [
  [
    updated(() => new metrics.MeanSquaredError(), [1]),
    "TypeError",
    "ERR_OPTION_TYPE",
    "mean_squared_error: updateState takes labels and predictions, got undefined as predictions.",
  ],
  [
    updated(() => new metrics.MeanSquaredError(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "meanSquaredError: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    updated(() => new metrics.MeanSquaredError(), [1], [1], [1, 2]),
    "ValueError",
    "ERR_SHAPE",
    "mean_squared_error: sample weights of the shape [2] do not fit values of the shape [].",
  ],
  [
    updated(() => new metrics.MeanSquaredError(), "x", [1]),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'meanSquaredError: expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    updated(() => new metrics.Mean(), "x"),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'mean: expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    updated(() => new metrics.Mean(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "mean: sample weights of the shape [3] do not fit values of the shape [2].",
  ],
  [
    updated(() => new metrics.Sum(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "sum: sample weights of the shape [3] do not fit values of the shape [2].",
  ],
  [
    updated(() => new metrics.Mean(), wide(), turned()),
    "ValueError",
    "ERR_SHAPE",
    "mean: sample weights of the shape [3, 2] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.Sum(), [[1], [2]], [[1, 2]]),
    "ValueError",
    "ERR_SHAPE",
    "sum: sample weights of the shape [1, 2] do not fit values of the shape [2, 1].",
  ],
  [
    updated(() => new metrics.Mean(), [1, 2], [[1, 2]]),
    "ValueError",
    "ERR_SHAPE",
    "mean: sample weights of the shape [1, 2] do not fit values of the shape [2].",
  ],
  [
    updated(() => new metrics.Mean(), wide(), [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "mean: sample weights of the shape [3] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.BinaryAccuracy(), [[1], [2]], [[1], [2]], [[1, 2]]),
    "ValueError",
    "ERR_SHAPE",
    "binary_accuracy: sample weights of the shape [1, 2] do not fit values of the shape [2, 1].",
  ],
  [
    updated(() => new metrics.RootMeanSquaredError(), wide(), wide(), turned()),
    "ValueError",
    "ERR_SHAPE",
    "root_mean_squared_error: sample weights of the shape [3, 2] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.Precision(), wide(), wide(), turned()),
    "ValueError",
    "ERR_SHAPE",
    "precision: sample weights of the shape [3, 2] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.Precision(), wide(), wide(), [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "precision: sample weights of the shape [3] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.AUC(), wide(), wide(), turned()),
    "ValueError",
    "ERR_SHAPE",
    "auc: sample weights of the shape [3, 2] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.AUC(), wide(), wide(), [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "auc: sample weights of the shape [3] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.R2Score(), wide(), wide(), turned()),
    "ValueError",
    "ERR_SHAPE",
    "r2_score: sample weights of the shape [3, 2] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.R2Score(), wide(), wide(), [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "r2_score: sample weights of the shape [3] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.F1Score(), wide(), wide(), turned()),
    "ValueError",
    "ERR_SHAPE",
    "f1_score: sample weights of the shape [3, 2] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.F1Score(), wide(), wide(), [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "f1_score: sample weights of the shape [3] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.MeanIoU({ numClasses: 2 }), wide(), wide(), turned()),
    "ValueError",
    "ERR_SHAPE",
    "mean_io_u: sample weights of the shape [3, 2] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.MeanIoU({ numClasses: 2 }), wide(), wide(), [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "mean_io_u: sample weights of the shape [3] do not fit values of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.Accuracy(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "accuracy: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    updated(() => new metrics.BinaryAccuracy(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "binary_accuracy: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    updated(() => new metrics.CategoricalAccuracy(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "categorical_accuracy: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    updated(() => new metrics.CategoricalAccuracy(), [[1, 2]], [[1, 2, 3]]),
    "ValueError",
    "ERR_SHAPE",
    "categorical_accuracy: labels of the shape [1, 2] do not fit predictions of the shape [1, 3].",
  ],
  [
    updated(() => new metrics.SparseCategoricalAccuracy(), [1, 2, 3], wide()),
    "ValueError",
    "ERR_SHAPE",
    "sparse_categorical_accuracy: labels of the shape [3] do not fit predictions of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.TopKCategoricalAccuracy(), [[1, 2]], [[1, 2, 3]]),
    "ValueError",
    "ERR_SHAPE",
    "top_k_categorical_accuracy: labels of the shape [1, 2] do not fit predictions of the shape [1, 3].",
  ],
  [
    updated(() => new metrics.SparseTopKCategoricalAccuracy(), [1, 2, 3], wide()),
    "ValueError",
    "ERR_SHAPE",
    "sparse_top_k_categorical_accuracy: labels of the shape [3] do not fit predictions of the shape [2, 3].",
  ],
  [
    updated(() => new metrics.Precision({ classId: 3 }), wide(), wide()),
    "ValueError",
    "ERR_SHAPE",
    'precision: "classId" 3 needs predictions of [batch, 4 or more], got the shape [2, 3].',
  ],
  [
    updated(() => new metrics.Precision(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "precision: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    updated(() => new metrics.AUC({ multiLabel: true }), [1], [1]),
    "ValueError",
    "ERR_SHAPE",
    "auc: with multiLabel, predictions must be [batch, labels], got the shape [1].",
  ],
  [
    updated(() => new metrics.AUC({ multiLabel: true, numLabels: 2 }), wide(), wide()),
    "ValueError",
    "ERR_SHAPE",
    "auc: with multiLabel, predictions must be [batch, 2], got the shape [2, 3].",
  ],
  [
    updated(() => new metrics.AUC({ multiLabel: true, labelWeights: [1, 2] }), wide(), wide()),
    "ValueError",
    "ERR_SHAPE",
    'auc: expected one of "labelWeights" for each of 3 labels, got 2.',
  ],
  [
    narrowed(() => new metrics.F1Score()),
    "ValueError",
    "ERR_SHAPE",
    "f1_score: labels and predictions must be [batch, 3], as in the batches before, got the shape [1, 2].",
  ],
  [
    narrowed(() => new metrics.FBetaScore({ average: "macro" })),
    "ValueError",
    "ERR_SHAPE",
    "fbeta_score: labels and predictions must be [batch, 3], as in the batches before, got the shape [1, 2].",
  ],
  [
    narrowed(() => new metrics.R2Score()),
    "ValueError",
    "ERR_SHAPE",
    "r2_score: labels and predictions must be [batch, 3], as in the batches before, got the shape [1, 2].",
  ],
  [
    updated(() => new metrics.F1Score(), [1], [1]),
    "ValueError",
    "ERR_SHAPE",
    "f1_score: labels and predictions must be [batch, outputs], got the shape [1].",
  ],
  [
    updated(() => new metrics.F1Score(), wide(), [[1, 2]]),
    "ValueError",
    "ERR_SHAPE",
    "f1_score: labels of the shape [2, 3] do not fit predictions of the shape [1, 2].",
  ],
  [
    updated(() => new metrics.R2Score(), [1], [1]),
    "ValueError",
    "ERR_SHAPE",
    "r2_score: labels and predictions must be [batch, outputs], got the shape [1].",
  ],
  [
    updated(() => new metrics.R2Score(), wide(), [[1]]),
    "ValueError",
    "ERR_SHAPE",
    "r2_score: labels of the shape [2, 3] do not fit predictions of the shape [1, 1].",
  ],
  [
    updated(() => new metrics.MeanIoU({ numClasses: 2 }), [0, 1], [0]),
    "ValueError",
    "ERR_SHAPE",
    "mean_io_u: labels of the shape [2] do not fit predictions of the shape [1].",
  ],
  [
    updated(() => new metrics.RootMeanSquaredError(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "root_mean_squared_error: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    updated(() => new metrics.CosineSimilarity(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "cosine_similarity: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    updated(() => new metrics.MeanMetricWrapper(() => "x" as never), [1], [1]),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'mean_metric_wrapper: expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    updated(() => new metrics.FalsePositives(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "false_positives: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
];
