/**
 * The optimizer classes and their types: those of the list, the base, and the wrappers.
 *
 * @module
 */

export type { LayerWeight, WeightInput, WeightValue } from "../weights.js";
export type { OptimizerConfig } from "./config.js";
export type { SlotInitializer, SlotOptions } from "./custom-rule.js";
export type { OwnArguments } from "./definition.js";
export type { Gradient, GradientAndVariable } from "./gradients.js";
export { LBFGS, type LBFGSOptions } from "./lbfgs.js";
export type { LearningRate } from "./learning-rate.js";
export { Lookahead, type LookaheadOptions } from "./lookahead.js";
export { LossScaleOptimizer } from "./loss-scale-optimizer.js";
export type { LossScaleOptimizerOptions } from "./loss-scale-options.js";
export type { MinimizedLoss, MinimizedVariables, MinimizeOptions } from "./minimize.js";
export { MultiOptimizer, type MultiOptimizerOptions, type OptimizerChoice } from "./multi-optimizer.js";
export type { Multipliers, MultiplierTarget, WithWeights } from "./multipliers.js";
export { Optimizer } from "./optimizer.js";
export { OptimizerMap } from "./optimizer-map.js";
export type { OptimizerStats } from "./optimizer-stats.js";
export type { ApplyGradientsOptions, OptimizerOptions } from "./options.js";
export * from "./rules.js";
export { SAM, type SAMOptions } from "./sam.js";
export { ScheduleFree, type ScheduleFreeOptions } from "./schedule-free.js";
export type { Scheduled } from "./scheduled.js";
export type { OptimizerVariable } from "./state.js";
export { SWA, type SWAOptions } from "./swa.js";
export { withStats } from "./with-stats.js";
