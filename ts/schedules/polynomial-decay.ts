/**
 * @module
 */

import { ANY, boolean, NON_NEGATIVE, POSITIVE } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link PolynomialDecay}. */
export interface PolynomialDecayOptions {
  /** Rate at step 0. */
  readonly initialLearningRate: number;
  /** Steps until the end rate; above 0. */
  readonly decaySteps: number;
  /** Rate at step `decaySteps`. Default: 0.0001. */
  readonly endLearningRate?: number | undefined;
  /** Exponent; 1 is a straight line; 0 or above. Default: 1. */
  readonly power?: number | undefined;
  /** Whether to restart after the end, in ever longer periods. Default: false, the end rate stays. */
  readonly cycle?: boolean | undefined;
  /** A label. Default: "PolynomialDecay". */
  readonly name?: string | null | undefined;
}

const RANGES = { initialLearningRate: ANY, decaySteps: POSITIVE, endLearningRate: ANY, power: NON_NEGATIVE };

/**
 * Polynomial decay from the initial rate to the end rate: `(initialLearningRate - endLearningRate) * (1 - step / D) ^
 * power + endLearningRate`, where `step` stops at `D = decaySteps`. With `cycle` it does not stop, and `D` is the first
 * multiple of `decaySteps` that is not below `step`: at `decaySteps` itself the rate is the end rate.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: PolynomialDecay](https://keras.io/api/optimizers/learning_rate_schedules/polynomial_decay/)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.PolynomialDecay({ initialLearningRate: 0.1, decaySteps: 1000, endLearningRate: 0.01, power: 0.5 });
 * rate.at(1000); // 0.01
 * ```
 */
export class PolynomialDecay extends BuiltInSchedule {
  static override readonly className: string = "PolynomialDecay";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Rate at step 0. */
  declare readonly initialLearningRate: number;
  /** Steps until the end rate. */
  declare readonly decaySteps: number;
  /** Rate at step `decaySteps`. */
  declare readonly endLearningRate: number;
  /** Exponent. */
  declare readonly power: number;
  /** Whether it restarts after the end. */
  declare readonly cycle: boolean;

  /**
   * Creates a polynomial decay.
   *
   * @param initialLearningRate - {@link PolynomialDecayOptions.initialLearningRate}.
   * @param decaySteps - {@link PolynomialDecayOptions.decaySteps}, or the options.
   * @param endLearningRate - {@link PolynomialDecayOptions.endLearningRate}, or the options.
   * @param power - {@link PolynomialDecayOptions.power}, or the options.
   * @param cycle - {@link PolynomialDecayOptions.cycle}, or the options.
   * @param name - {@link PolynomialDecayOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    initialLearningRate: PolynomialDecayOptions["initialLearningRate"],
    decaySteps: PolynomialDecayOptions["decaySteps"] | Omit<PolynomialDecayOptions, "initialLearningRate">,
    endLearningRate?: PolynomialDecayOptions["endLearningRate"] | Partial<PolynomialDecayOptions>,
    power?: PolynomialDecayOptions["power"] | Partial<PolynomialDecayOptions>,
    cycle?: PolynomialDecayOptions["cycle"] | Partial<PolynomialDecayOptions>,
    name?: PolynomialDecayOptions["name"] | Partial<PolynomialDecayOptions>,
    others?: Partial<PolynomialDecayOptions>,
  );
  /**
   * Creates a polynomial decay.
   *
   * @param options - All arguments by name.
   */
  constructor(options: PolynomialDecayOptions);
  constructor(...given: unknown[]) {
    const names = ["initialLearningRate", "decaySteps", "endLearningRate", "power", "cycle", "name"];
    const settings = scheduleSettings<PolynomialDecayOptions>(
      "PolynomialDecay",
      given,
      names,
      { ...RANGES, cycle: boolean },
      { endLearningRate: 0.0001, power: 1, cycle: false },
    );
    super(3, settings);
  }
}
