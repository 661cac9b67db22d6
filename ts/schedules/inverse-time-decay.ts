/**
 * @module
 */

import { boolean, checkKnownOptions } from "../options.js";
import { BuiltInSchedule, divisor, float32, label } from "./built-in-schedule.js";

/** Options of {@link InverseTimeDecay}. */
export interface InverseTimeDecayOptions {
  /** Rate at step 0. */
  readonly initialLearningRate: number;
  /** Steps of one decay period; above 0. */
  readonly decaySteps: number;
  /** How much the divisor grows per period. */
  readonly decayRate: number;
  /** Decay only after whole periods. Default: false. */
  readonly staircase?: boolean | undefined;
  /** A label. Default: "InverseTimeDecay". */
  readonly name?: string | null | undefined;
}

/**
 * The rate shrinks as 1 over time: `initialLearningRate / (1 + decayRate * step / decaySteps)`; with
 * `staircase` the quotient of steps is rounded down.
 *
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.InverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.5 });
 * rate.at(1000); // 0.0666..., which is 0.1 / 1.5
 * ```
 */
export class InverseTimeDecay extends BuiltInSchedule {
  static override readonly className: string = "InverseTimeDecay";
  /** Rate at step 0. */
  readonly initialLearningRate: number;
  /** Steps of one decay period. */
  readonly decaySteps: number;
  /** How much the divisor grows per period. */
  readonly decayRate: number;
  /** Whether it decays only after whole periods. */
  readonly staircase: boolean;

  /** @throws ValueError, TypeError for an option that is unknown, missing, of the wrong type or out of range. */
  constructor(options: InverseTimeDecayOptions) {
    const owner = "InverseTimeDecay";
    checkKnownOptions(owner, options, ["initialLearningRate", "decaySteps", "decayRate", "staircase", "name"]);
    const { staircase = false } = options;
    const settings = {
      initialLearningRate: float32(owner, "initialLearningRate", options.initialLearningRate),
      decaySteps: divisor(owner, "decaySteps", options.decaySteps),
      decayRate: float32(owner, "decayRate", options.decayRate),
      staircase: boolean(owner, "staircase", staircase),
      name: label(owner, options.name, "InverseTimeDecay"),
    };
    super(1, settings);
    this.initialLearningRate = settings.initialLearningRate;
    this.decaySteps = settings.decaySteps;
    this.decayRate = settings.decayRate;
    this.staircase = settings.staircase;
  }
}
