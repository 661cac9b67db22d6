/**
 * Models, and the types of their arguments and results.
 *
 * @module
 */

export type { ClassWeightOption } from "./class-weights.js";
export { type CloneOptions, cloneModel } from "./clone.js";
export type { CompileOptions } from "./compile-options.js";
export { type CompiledOptions, compiled } from "./compiled.js";
export type { EvaluateOptions, FitOptions, RunOptions } from "./fit-options.js";
export { modelFromJSON } from "./load.js";
export { Model, type ModelOptions } from "./model.js";
export type { LossOption, LossWeightsOption } from "./objective.js";
export type { SampleArray } from "./rows.js";
export type { DataInput } from "./samples.js";
export type { SavedModel } from "./saved-model.js";
export type { LossAndMetrics, Scores } from "./scores.js";
export { Sequential, type SequentialOptions } from "./sequential.js";
export type { LossArguments, MetricsArguments, StepData, StepLog, StepLogs, StepOptions } from "./step-data.js";
export type { FitStrategy, StrategyModel } from "./strategy.js";
export type { BatchStream, GivenBatch, InputStream } from "./stream.js";
export type { MetricsOption } from "./tracker.js";
export type { OnBatchOptions, TestOnBatchOptions } from "./trainable-model.js";
export { type UpdateBatchNormalizationOptions, updateBatchNormalization } from "./update-batch-normalization.js";
