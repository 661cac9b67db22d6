/**
 * The optimizer classes.
 *
 * @module
 */

export { Adam, type AdamOptions } from "./adam.js";
export type { Gradient, GradientAndVariable } from "./gradients.js";
export type { LearningRate } from "./learning-rate.js";
export { type ApplyGradientsOptions, Optimizer, type OptimizerConfig, type OwnArguments } from "./optimizer.js";
export type { OptimizerOptions } from "./options.js";
export { SGD, type SGDOptions } from "./sgd.js";
export type { OptimizerVariable } from "./state.js";
export type { WeightInput, WeightValue } from "./weights.js";
