/**
 * @module
 */

import { ANY, NON_NEGATIVE, POSITIVE } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link CosineDecayRestarts}. */
export interface CosineDecayRestartsOptions {
  /** Rate at step 0. */
  readonly initialLearningRate: number;
  /** Steps of the first period; above 0. */
  readonly firstDecaySteps: number;
  /** Length of a period divided by the length of the one before; above 0. Default: 2. */
  readonly tMul?: number | undefined;
  /** Initial rate of a period divided by that of the one before; 0 or above. Default: 1. */
  readonly mMul?: number | undefined;
  /** Lowest rate, as a fraction of `initialLearningRate`, in every period. Default: 0. */
  readonly alpha?: number | undefined;
  /** A label. Default: "SGDRDecay". */
  readonly name?: string | null | undefined;
}

const RANGES = { initialLearningRate: ANY, firstDecaySteps: POSITIVE, tMul: POSITIVE, mMul: NON_NEGATIVE, alpha: ANY };

/**
 * A cosine decay with restarts: SGDR, Loshchilov & Hutter, arXiv:1608.03983. In period `i`, when the fraction `f` of it
 * has passed, the rate is `initialLearningRate * ((1 - alpha) * mMul^i * (1 + cos(pi * f)) / 2 + alpha)`.
 *
 * A step that is exactly a restart gets the full rate, even where Keras's rounding misses it. With a `tMul` below 1 all
 * periods end by step `firstDecaySteps / (1 - tMul)`; after that the rate is `initialLearningRate * alpha`, while Keras
 * returns NaN.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CosineDecayRestarts](https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay_restarts/),
 * [Loshchilov and Hutter 2016](https://arxiv.org/abs/1608.03983)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.CosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 100, mMul: 0.5 });
 * rate.at(100); // 0.05
 * rate.at(300); // 0.025
 * ```
 */
export class CosineDecayRestarts extends BuiltInSchedule {
  static override readonly className: string = "CosineDecayRestarts";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Rate at step 0. */
  declare readonly initialLearningRate: number;
  /** Steps of the first period. */
  declare readonly firstDecaySteps: number;
  /** Growth of the periods' length. */
  declare readonly tMul: number;
  /** Growth of the periods' height. */
  declare readonly mMul: number;
  /** Lowest rate, as a fraction of `initialLearningRate`. */
  declare readonly alpha: number;

  /**
   * Creates a cosine decay with restarts.
   *
   * @param initialLearningRate - {@link CosineDecayRestartsOptions.initialLearningRate}.
   * @param firstDecaySteps - {@link CosineDecayRestartsOptions.firstDecaySteps}, or the options.
   * @param tMul - {@link CosineDecayRestartsOptions.tMul}, or the options.
   * @param mMul - {@link CosineDecayRestartsOptions.mMul}, or the options.
   * @param alpha - {@link CosineDecayRestartsOptions.alpha}, or the options.
   * @param name - {@link CosineDecayRestartsOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    initialLearningRate: CosineDecayRestartsOptions["initialLearningRate"],
    firstDecaySteps:
      | CosineDecayRestartsOptions["firstDecaySteps"]
      | Omit<CosineDecayRestartsOptions, "initialLearningRate">,
    tMul?: CosineDecayRestartsOptions["tMul"] | Partial<CosineDecayRestartsOptions>,
    mMul?: CosineDecayRestartsOptions["mMul"] | Partial<CosineDecayRestartsOptions>,
    alpha?: CosineDecayRestartsOptions["alpha"] | Partial<CosineDecayRestartsOptions>,
    name?: CosineDecayRestartsOptions["name"] | Partial<CosineDecayRestartsOptions>,
    others?: Partial<CosineDecayRestartsOptions>,
  );
  /**
   * Creates a cosine decay with restarts.
   *
   * @param options - All arguments by name.
   */
  constructor(options: CosineDecayRestartsOptions);
  constructor(...given: unknown[]) {
    const names = ["initialLearningRate", "firstDecaySteps", "tMul", "mMul", "alpha", "name"];
    const settings = scheduleSettings<CosineDecayRestartsOptions>("CosineDecayRestarts", given, names, RANGES, {
      tMul: 2,
      mMul: 1,
      alpha: 0,
      name: "SGDRDecay",
    });
    super(5, settings);
  }
}
