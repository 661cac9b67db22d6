/**
 * @module
 */

import { ANY, boolean, NON_NEGATIVE, POSITIVE } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link InverseTimeDecay}. */
export interface InverseTimeDecayOptions {
  /** Rate at step 0. */
  readonly initialLearningRate: number;
  /** Steps of one decay period; above 0. */
  readonly decaySteps: number;
  /** Growth of the divisor per period; 0 or above. */
  readonly decayRate: number;
  /** Decay only after whole periods. Default: false. */
  readonly staircase?: boolean | undefined;
  /** A label. Default: "InverseTimeDecay". */
  readonly name?: string | null | undefined;
}

const RANGES = { initialLearningRate: ANY, decaySteps: POSITIVE, decayRate: NON_NEGATIVE };

/**
 * Decay by the inverse of time: `initialLearningRate / (1 + decayRate * step / decaySteps)`; with
 * `staircase` the quotient of steps is rounded down.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: InverseTimeDecay](https://keras.io/api/optimizers/learning_rate_schedules/inverse_time_decay/)
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
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Rate at step 0. */
  declare readonly initialLearningRate: number;
  /** Steps of one decay period. */
  declare readonly decaySteps: number;
  /** Growth of the divisor per period. */
  declare readonly decayRate: number;
  /** Whether it decays only after whole periods. */
  declare readonly staircase: boolean;

  /**
   * Creates an inverse time decay.
   *
   * @param initialLearningRate - {@link InverseTimeDecayOptions.initialLearningRate}.
   * @param decaySteps - {@link InverseTimeDecayOptions.decaySteps}.
   * @param decayRate - {@link InverseTimeDecayOptions.decayRate}, or the options.
   * @param staircase - {@link InverseTimeDecayOptions.staircase}, or the options.
   * @param name - {@link InverseTimeDecayOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    initialLearningRate: InverseTimeDecayOptions["initialLearningRate"],
    decaySteps: InverseTimeDecayOptions["decaySteps"],
    decayRate:
      | InverseTimeDecayOptions["decayRate"]
      | Omit<InverseTimeDecayOptions, "initialLearningRate" | "decaySteps">,
    staircase?: InverseTimeDecayOptions["staircase"] | Partial<InverseTimeDecayOptions>,
    name?: InverseTimeDecayOptions["name"] | Partial<InverseTimeDecayOptions>,
    others?: Partial<InverseTimeDecayOptions>,
  );
  /**
   * Creates an inverse time decay.
   *
   * @param initialLearningRate - {@link InverseTimeDecayOptions.initialLearningRate}.
   * @param others - The others by name.
   */
  constructor(
    initialLearningRate: InverseTimeDecayOptions["initialLearningRate"],
    others: Omit<InverseTimeDecayOptions, "initialLearningRate">,
  );
  /**
   * Creates an inverse time decay.
   *
   * @param options - All arguments by name.
   */
  constructor(options: InverseTimeDecayOptions);
  constructor(...given: unknown[]) {
    const names = ["initialLearningRate", "decaySteps", "decayRate", "staircase", "name"];
    const settings = scheduleSettings<InverseTimeDecayOptions>(
      "InverseTimeDecay",
      given,
      names,
      { ...RANGES, staircase: boolean },
      { staircase: false },
    );
    super(1, settings);
  }
}
