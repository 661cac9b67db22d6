/**
 * The optimizer classes and their types.
 *
 * @module
 */

export type { LayerWeight, WeightInput, WeightValue } from "../weights.js";
export { Adadelta, type AdadeltaOptions } from "./adadelta.js";
export { Adafactor, type AdafactorOptions } from "./adafactor.js";
export { Adagrad, type AdagradOptions } from "./adagrad.js";
export { Adam, type AdamOptions } from "./adam.js";
export { Adamax, type AdamaxOptions } from "./adamax.js";
export { AdamW, type AdamWOptions } from "./adamw.js";
export type { OptimizerConfig } from "./config.js";
export type { OwnArguments } from "./definition.js";
export { Ftrl, type FtrlOptions } from "./ftrl.js";
export type { Gradient, GradientAndVariable } from "./gradients.js";
export { Lamb, type LambOptions } from "./lamb.js";
export type { LearningRate } from "./learning-rate.js";
export { Lion, type LionOptions } from "./lion.js";
export { LossScaleOptimizer } from "./loss-scale-optimizer.js";
export type { LossScaleOptimizerOptions } from "./loss-scale-options.js";
export type { MinimizedLoss, MinimizedVariables, MinimizeOptions } from "./minimize.js";
export { Muon, type MuonOptions } from "./muon.js";
export { Nadam, type NadamOptions } from "./nadam.js";
export { Optimizer } from "./optimizer.js";
export type { ApplyGradientsOptions, OptimizerOptions } from "./options.js";
export { RMSprop, type RMSpropOptions } from "./rmsprop.js";
export { ScheduleFreeAdamW, type ScheduleFreeAdamWOptions } from "./schedule-free-adamw.js";
export { SGD, type SGDOptions } from "./sgd.js";
export type { OptimizerVariable } from "./state.js";
