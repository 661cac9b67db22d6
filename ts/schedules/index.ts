/**
 * Learning-rate schedules: `import { schedules } from "gradstep"`.
 *
 * @module
 */

export { CosineDecay, type CosineDecayOptions } from "./cosine-decay.js";
export { CosineDecayRestarts, type CosineDecayRestartsOptions } from "./cosine-decay-restarts.js";
export { ExponentialDecay, type ExponentialDecayOptions } from "./exponential-decay.js";
export { InverseTimeDecay, type InverseTimeDecayOptions } from "./inverse-time-decay.js";
export { PiecewiseConstantDecay, type PiecewiseConstantDecayOptions } from "./piecewise-constant-decay.js";
export { PolynomialDecay, type PolynomialDecayOptions } from "./polynomial-decay.js";
export { deserialize, type ScheduleClass, type SerializedSchedule, serialize } from "./registry.js";
export { LearningRateSchedule, type ScheduleConfig } from "./schedule.js";
