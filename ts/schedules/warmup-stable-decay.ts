/**
 * @module
 */

import { NON_NEGATIVE, POSITIVE } from "../options.js";
import { BuiltInSchedule, oneOf, scheduleSettings } from "./built-in-schedule.js";

/** Shapes of the cooldown, in the order of their numbers in Rust. */
const COOLDOWNS = ["cosine", "linear", "1-sqrt", "1-square"] as const;

/** Options of {@link WarmupStableDecay}. */
export interface WarmupStableDecayOptions {
  /** Rate between the warm-up and the cooldown; 0 or above. */
  readonly peakLearningRate: number;
  /** Steps of the warm-up; 0 or above. */
  readonly warmupSteps: number;
  /** Steps at the peak; 0 or above. */
  readonly stableSteps: number;
  /** Steps of the cooldown; above 0. */
  readonly decaySteps: number;
  /** Shape of the cooldown: "cosine", "linear", "1-sqrt" or "1-square". Default: "cosine". */
  readonly cooldown?: (typeof COOLDOWNS)[number] | undefined;
  /** A label. Default: "WarmupStableDecay". */
  readonly name?: string | null | undefined;
}

const RANGES = {
  peakLearningRate: NON_NEGATIVE,
  warmupSteps: NON_NEGATIVE,
  stableSteps: NON_NEGATIVE,
  decaySteps: POSITIVE,
};

/**
 * A linear warm-up from 0 to the peak for `warmupSteps` steps, the peak for `stableSteps`, then a cooldown to 0 in
 * `decaySteps`, after which the rate stays 0. Keras has no such schedule.
 *
 * With `x` from 0 to 1 in the cooldown, the peak is multiplied by `(1 + cos(pi * x)) / 2` ("cosine"), `1 - x`
 * ("linear"), `1 - sqrt(x)` ("1-sqrt") or `1 - x * x` ("1-square"). Hu et al., arXiv:2404.06395; cooldowns: Hägele et
 * al., arXiv:2405.18392.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [MiniCPM](https://arxiv.org/abs/2404.06395)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const steps = { warmupSteps: 100, stableSteps: 700, decaySteps: 200 };
 * const rate = new schedules.WarmupStableDecay({ peakLearningRate: 0.5, ...steps, cooldown: "linear" });
 * console.log(rate.at(0), rate.at(50), rate.at(100), rate.at(900), rate.at(1000)); // 0 0.25 0.5 0.25 0
 * ```
 */
export class WarmupStableDecay extends BuiltInSchedule {
  static override readonly className: string = "WarmupStableDecay";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Rate between the warm-up and the cooldown. */
  declare readonly peakLearningRate: number;
  /** Steps of the warm-up. */
  declare readonly warmupSteps: number;
  /** Steps at the peak. */
  declare readonly stableSteps: number;
  /** Steps of the cooldown. */
  declare readonly decaySteps: number;
  /** Shape of the cooldown. */
  declare readonly cooldown: (typeof COOLDOWNS)[number];

  /**
   * Creates a warm-up, a plateau and a cooldown.
   *
   * @param peakLearningRate - {@link WarmupStableDecayOptions.peakLearningRate}.
   * @param warmupSteps - {@link WarmupStableDecayOptions.warmupSteps}, or the options.
   * @param stableSteps - {@link WarmupStableDecayOptions.stableSteps}, or the options.
   * @param decaySteps - {@link WarmupStableDecayOptions.decaySteps}, or the options.
   * @param cooldown - {@link WarmupStableDecayOptions.cooldown}, or the options.
   * @param name - {@link WarmupStableDecayOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    peakLearningRate: WarmupStableDecayOptions["peakLearningRate"],
    warmupSteps: WarmupStableDecayOptions["warmupSteps"] | Omit<WarmupStableDecayOptions, "peakLearningRate">,
    stableSteps?: WarmupStableDecayOptions["stableSteps"] | Partial<WarmupStableDecayOptions>,
    decaySteps?: WarmupStableDecayOptions["decaySteps"] | Partial<WarmupStableDecayOptions>,
    cooldown?: WarmupStableDecayOptions["cooldown"] | Partial<WarmupStableDecayOptions>,
    name?: WarmupStableDecayOptions["name"] | Partial<WarmupStableDecayOptions>,
    others?: Partial<WarmupStableDecayOptions>,
  );
  /**
   * Creates a warm-up, a plateau and a cooldown.
   *
   * @param options - All arguments by name.
   */
  constructor(options: WarmupStableDecayOptions);
  constructor(...given: unknown[]) {
    const names = ["peakLearningRate", "warmupSteps", "stableSteps", "decaySteps", "cooldown", "name"];
    const settings = scheduleSettings<WarmupStableDecayOptions>(
      "WarmupStableDecay",
      given,
      names,
      { ...RANGES, cooldown: oneOf(COOLDOWNS) },
      { cooldown: COOLDOWNS[0] },
    );
    super(6, settings, { cooldown: COOLDOWNS.indexOf(settings.cooldown!) });
  }
}
