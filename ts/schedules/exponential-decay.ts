/**
 * @module
 */

import { ANY, boolean, NON_NEGATIVE, POSITIVE } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link ExponentialDecay}. */
export interface ExponentialDecayOptions {
  /** Rate at step 0. */
  readonly initialLearningRate: number;
  /** Steps of one decay period; above 0. */
  readonly decaySteps: number;
  /** Factor per period; 0 or above. */
  readonly decayRate: number;
  /** Decay only after whole periods. Default: false. */
  readonly staircase?: boolean | undefined;
  /** A label. Default: "ExponentialDecay". */
  readonly name?: string | null | undefined;
}

const RANGES = { initialLearningRate: ANY, decaySteps: POSITIVE, decayRate: NON_NEGATIVE };

/**
 * Exponential decay by a factor per period: `initialLearningRate * decayRate ^ (step / decaySteps)`; with
 * `staircase` the exponent is rounded down.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: ExponentialDecay](https://keras.io/api/optimizers/learning_rate_schedules/exponential_decay/)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.96 });
 * rate.at(1000); // 0.096
 * ```
 */
export class ExponentialDecay extends BuiltInSchedule {
  static override readonly className: string = "ExponentialDecay";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Rate at step 0. */
  declare readonly initialLearningRate: number;
  /** Steps of one decay period. */
  declare readonly decaySteps: number;
  /** Factor per period. */
  declare readonly decayRate: number;
  /** Whether it decays only after whole periods. */
  declare readonly staircase: boolean;

  /**
   * Creates an exponential decay.
   *
   * @param initialLearningRate - {@link ExponentialDecayOptions.initialLearningRate}.
   * @param decaySteps - {@link ExponentialDecayOptions.decaySteps}.
   * @param decayRate - {@link ExponentialDecayOptions.decayRate}, or the options.
   * @param staircase - {@link ExponentialDecayOptions.staircase}, or the options.
   * @param name - {@link ExponentialDecayOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    initialLearningRate: ExponentialDecayOptions["initialLearningRate"],
    decaySteps: ExponentialDecayOptions["decaySteps"],
    decayRate:
      | ExponentialDecayOptions["decayRate"]
      | Omit<ExponentialDecayOptions, "initialLearningRate" | "decaySteps">,
    staircase?: ExponentialDecayOptions["staircase"] | Partial<ExponentialDecayOptions>,
    name?: ExponentialDecayOptions["name"] | Partial<ExponentialDecayOptions>,
    others?: Partial<ExponentialDecayOptions>,
  );
  /**
   * Creates an exponential decay.
   *
   * @param initialLearningRate - {@link ExponentialDecayOptions.initialLearningRate}.
   * @param others - The others by name.
   */
  constructor(
    initialLearningRate: ExponentialDecayOptions["initialLearningRate"],
    others: Omit<ExponentialDecayOptions, "initialLearningRate">,
  );
  /**
   * Creates an exponential decay.
   *
   * @param options - All arguments by name.
   */
  constructor(options: ExponentialDecayOptions);
  constructor(...given: unknown[]) {
    const names = ["initialLearningRate", "decaySteps", "decayRate", "staircase", "name"];
    const settings = scheduleSettings<ExponentialDecayOptions>(
      "ExponentialDecay",
      given,
      names,
      { ...RANGES, staircase: boolean },
      { staircase: false },
    );
    super(0, settings);
  }
}
