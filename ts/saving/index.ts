/**
 * Files of models: `gradstep/saving`.
 *
 * @module
 */

import "../runtime/embedded.js";

export { CSVLogger, type CSVLoggerOptions } from "../callbacks/csv-logger.js";
export { BackupAndRestore, type BackupAndRestoreOptions } from "./callbacks/backup-and-restore.js";
export { ModelCheckpoint, type ModelCheckpointOptions } from "./callbacks/model-checkpoint.js";
export { RemoteMonitor, type RemoteMonitorOptions } from "./callbacks/remote-monitor.js";
export { TensorBoard, type TensorBoardOptions } from "./callbacks/tensorboard.js";
export type { SavableModel } from "./checked-model.js";
export type { WeightsFormat } from "./formats/formats.js";
export type { ModelFormat } from "./formats/model-formats.js";
export { type LoadModelOptions, loadModel } from "./load-model.js";
export { type LoadWeightsOptions, loadWeights } from "./load-weights.js";
export { type SaveModelOptions, saveModel } from "./save-model.js";
export { type SaveWeightsOptions, saveWeights } from "./save-weights.js";
export { listModels, removeModel, type StoredModel } from "./stored-models.js";
export { FileError } from "./stores/file-error.js";
export type { WritableHandle } from "./stores/file-handle.js";
export type { FileListLike, NamedBlob } from "./stores/file-list.js";
export type { FileProgress } from "./stores/progress.js";
export type { BlobLike, ByteStream, ReadableHandle, Source } from "./stores/sources.js";
export type { Target } from "./stores/targets.js";
