/**
 * The schedule classes.
 *
 * @module
 */

export {
  LinearWarmup,
  type LinearWarmupOptions,
  type RatePart,
  ReduceOnPlateau,
  type ReduceOnPlateauOptions,
  SequentialSchedule,
  type SequentialScheduleOptions,
} from "./composed.js";
export { Constant, type ConstantOptions } from "./constant.js";
export { CosineDecay, type CosineDecayOptions } from "./cosine-decay.js";
export { CosineDecayRestarts, type CosineDecayRestartsOptions } from "./cosine-decay-restarts.js";
export { Cyclic, type CyclicOptions } from "./cyclic.js";
export { ExponentialDecay, type ExponentialDecayOptions } from "./exponential-decay.js";
export { InverseSqrt, type InverseSqrtOptions } from "./inverse-sqrt.js";
export { InverseTimeDecay, type InverseTimeDecayOptions } from "./inverse-time-decay.js";
export { Linear, type LinearOptions } from "./linear.js";
export { OneCycle, type OneCycleOptions } from "./one-cycle.js";
export { PiecewiseConstantDecay, type PiecewiseConstantDecayOptions } from "./piecewise-constant-decay.js";
export { PolynomialDecay, type PolynomialDecayOptions } from "./polynomial-decay.js";
export { REX, type REXOptions } from "./rex.js";
export { LearningRateSchedule, type ScheduleConfig } from "./schedule.js";
export { WarmupStableDecay, type WarmupStableDecayOptions } from "./warmup-stable-decay.js";
