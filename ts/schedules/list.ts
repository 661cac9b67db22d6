/**
 * The schedules that Rust computes, and the registry of all schedules. Composed schedules and the public registry
 * import it from here.
 *
 * @module
 */

import { ClassRegistry, type SaveableClass } from "../class-registry.js";
import { Constant } from "./constant.js";
import { CosineDecay } from "./cosine-decay.js";
import { CosineDecayRestarts } from "./cosine-decay-restarts.js";
import { Cyclic } from "./cyclic.js";
import { ExponentialDecay } from "./exponential-decay.js";
import { InverseSqrt } from "./inverse-sqrt.js";
import { InverseTimeDecay } from "./inverse-time-decay.js";
import { Linear } from "./linear.js";
import { OneCycle } from "./one-cycle.js";
import { PiecewiseConstantDecay } from "./piecewise-constant-decay.js";
import { PolynomialDecay } from "./polynomial-decay.js";
import { REX } from "./rex.js";
import { LearningRateSchedule, type ScheduleConfig } from "./schedule.js";
import { WarmupStableDecay } from "./warmup-stable-decay.js";

/** A class of schedules: constructible from a config. */
export interface ScheduleClass {
  new (options: never): LearningRateSchedule;
  /** The name under which the class is saved. */
  readonly className?: string;
  /**
   * Creates a schedule of this class from a config.
   *
   * @param config - The constructor's arguments, by Keras's names.
   * @returns a new schedule
   */
  fromConfig(config: Readonly<ScheduleConfig>): LearningRateSchedule;
}

/** A class of schedules with a name. */
export type NamedScheduleClass = ScheduleClass & { readonly className: string };

/** THE list, in the same order as in Rust. */
export const COMPUTED: readonly NamedScheduleClass[] = [
  ExponentialDecay,
  InverseTimeDecay,
  PiecewiseConstantDecay,
  PolynomialDecay,
  CosineDecay,
  CosineDecayRestarts,
  WarmupStableDecay,
  InverseSqrt,
  REX,
  OneCycle,
  Cyclic,
  Linear,
  Constant,
];

/** The registry of the list and of the composed schedules. */
export function registryWith(holders: () => readonly NamedScheduleClass[]): ClassRegistry<LearningRateSchedule> {
  return new ClassRegistry<LearningRateSchedule>({
    kind: "schedule",
    family: "schedules",
    module: "keras.optimizers.schedules",
    base: LearningRateSchedule,
    baseName: "LearningRateSchedule",
    classes: () => [...COMPUTED, ...holders()] as readonly SaveableClass<LearningRateSchedule>[],
  });
}
