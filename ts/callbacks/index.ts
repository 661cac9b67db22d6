/**
 * Callbacks of `fit`, `evaluate` and `predict`: `import { callbacks } from "gradstep"`.
 *
 * @module
 */

export { Callback, type CallbackHooks, type CallbackModel, type Hook, type Logs, type RunParams } from "./callback.js";
export { CSVLogger, type CSVLoggerOptions } from "./csv-logger.js";
export { EarlyStopping, type EarlyStoppingOptions } from "./early-stopping.js";
export { History, type HistoryLists } from "./history.js";
export { LambdaCallback } from "./lambda-callback.js";
export { LearningRateScheduler, type LearningRateSchedulerOptions } from "./learning-rate-scheduler.js";
export { type Checkpoint, ModelCheckpoint, type ModelCheckpointOptions } from "./model-checkpoint.js";
export type { MonitorMode } from "./monitor-callback.js";
export { ProgressBar, type Terminal } from "./progress-bar.js";
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce-lr-on-plateau.js";
export { SwapEMAWeights, type SwapEMAWeightsOptions } from "./swap-ema-weights.js";
export { TerminateOnNaN } from "./terminate-on-nan.js";
