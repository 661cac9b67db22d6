/**
 * @module
 */

import { ANY, NON_NEGATIVE, POSITIVE } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link CosineDecay}. */
export interface CosineDecayOptions {
  /** Rate at step 0. */
  readonly initialLearningRate: number;
  /** Steps of the decay, after the warm-up; above 0. */
  readonly decaySteps: number;
  /** Lowest rate, as a fraction of the highest. Default: 0. */
  readonly alpha?: number | undefined;
  /** A label. Default: "CosineDecay". */
  readonly name?: string | null | undefined;
  /** Rate at the end of a warm-up from `initialLearningRate`. Default: null, no warm-up. */
  readonly warmupTarget?: number | null | undefined;
  /** Steps of the warm-up; without a target it has no effect; 0 or above. Default: 0. */
  readonly warmupSteps?: number | undefined;
}

const RANGES = {
  initialLearningRate: ANY,
  decaySteps: POSITIVE,
  alpha: ANY,
  warmupTarget: ANY,
  warmupSteps: NON_NEGATIVE,
};

/**
 * Half a cosine wave from the peak down to `alpha` times the peak:
 * `peak * ((1 - alpha) * (1 + cos(pi * step / decaySteps)) / 2 + alpha)`, constant after `decaySteps`.
 *
 * The peak is `initialLearningRate`. With a `warmupTarget`, this is the peak: the rate first rises linearly to it in
 * `warmupSteps` steps, and `step` counts from the end of the warm-up. Loshchilov & Hutter, arXiv:1608.03983; warm-up: Goyal et al.,
 * arXiv:1706.02677.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: CosineDecay](https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay/),
 * [Loshchilov and Hutter 2016](https://arxiv.org/abs/1608.03983)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.CosineDecay({ initialLearningRate: 0, decaySteps: 1000, warmupTarget: 0.1, warmupSteps: 100 });
 * rate.at(50); // 0.05
 * rate.at(100); // 0.1
 * ```
 */
export class CosineDecay extends BuiltInSchedule {
  static override readonly className: string = "CosineDecay";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Rate at step 0. */
  declare readonly initialLearningRate: number;
  /** Steps of the decay, after the warm-up. */
  declare readonly decaySteps: number;
  /** Lowest rate, as a fraction of the highest. */
  declare readonly alpha: number;
  /** Rate at the end of the warm-up; null without one. */
  declare readonly warmupTarget: number | null;
  /** Steps of the warm-up. */
  declare readonly warmupSteps: number;

  /**
   * Creates a cosine decay.
   *
   * @param initialLearningRate - {@link CosineDecayOptions.initialLearningRate}.
   * @param decaySteps - {@link CosineDecayOptions.decaySteps}, or the options.
   * @param alpha - {@link CosineDecayOptions.alpha}, or the options.
   * @param name - {@link CosineDecayOptions.name}, or the options.
   * @param warmupTarget - {@link CosineDecayOptions.warmupTarget}, or the options.
   * @param warmupSteps - {@link CosineDecayOptions.warmupSteps}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    initialLearningRate: CosineDecayOptions["initialLearningRate"],
    decaySteps: CosineDecayOptions["decaySteps"] | Omit<CosineDecayOptions, "initialLearningRate">,
    alpha?: CosineDecayOptions["alpha"] | Partial<CosineDecayOptions>,
    name?: CosineDecayOptions["name"] | Partial<CosineDecayOptions>,
    warmupTarget?: CosineDecayOptions["warmupTarget"] | Partial<CosineDecayOptions>,
    warmupSteps?: CosineDecayOptions["warmupSteps"] | Partial<CosineDecayOptions>,
    others?: Partial<CosineDecayOptions>,
  );
  /**
   * Creates a cosine decay.
   *
   * @param options - All arguments by name.
   */
  constructor(options: CosineDecayOptions);
  constructor(...given: unknown[]) {
    const names = ["initialLearningRate", "decaySteps", "alpha", "name", "warmupTarget", "warmupSteps"];
    const settings = scheduleSettings<CosineDecayOptions>("CosineDecay", given, names, RANGES, {
      alpha: 0,
      warmupTarget: null,
      warmupSteps: 0,
    });
    super(4, settings);
  }
}
