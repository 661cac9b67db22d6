/**
 * @module
 */

import { boolean, FRACTION, NON_NEGATIVE, POSITIVE, refuseRange } from "../options.js";
import { BuiltInSchedule, oneOf, scheduleSettings } from "./built-in-schedule.js";

/** Shapes of the slopes, in the order of their numbers in Rust. */
const STRATEGIES = ["cos", "linear"] as const;

/** Options of {@link OneCycle}. */
export interface OneCycleOptions {
  /** Highest rate; 0 or above. */
  readonly maxLearningRate: number;
  /** Steps of the whole run; above 0. The last step has the lowest rate. */
  readonly totalSteps: number;
  /** Fraction of the steps in which the rate rises, from 0 to 1; at most 0.5 with `threePhase`. Default: 0.3. */
  readonly pctStart?: number | undefined;
  /** Shape of the slopes: "cos" or "linear". Default: "cos". */
  readonly annealStrategy?: (typeof STRATEGIES)[number] | undefined;
  /** The first rate is `maxLearningRate / divFactor`; above 0. Default: 25. */
  readonly divFactor?: number | undefined;
  /** The last rate is the first one divided by this; above 0. Default: 10000. */
  readonly finalDivFactor?: number | undefined;
  /**
   * Whether there are three phases: the rate falls to the first rate as fast as it rose, then to the last rate.
   * Default: false.
   */
  readonly threePhase?: boolean | undefined;
  /** A label. Default: "OneCycle". */
  readonly name?: string | null | undefined;
}

const RANGES = {
  maxLearningRate: NON_NEGATIVE,
  totalSteps: POSITIVE,
  pctStart: FRACTION,
  divFactor: POSITIVE,
  finalDivFactor: POSITIVE,
};

/**
 * One cycle: from `maxLearningRate / divFactor` up to `maxLearningRate`, then down to
 * `maxLearningRate / divFactor / finalDivFactor`, where the rate stays. Keras has no such schedule.
 *
 * The phases change as in PyTorch, one step early: with `totalSteps` 100 and `pctStart` 0.25 the highest rate is that
 * of step 24, the lowest that of step 99. Smith and Topin, arXiv:1708.07120.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Super-convergence](https://arxiv.org/abs/1708.07120)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.OneCycle({ maxLearningRate: 0.5, totalSteps: 100, pctStart: 0.25, divFactor: 4 });
 * console.log(rate.at(0), rate.at(12), rate.at(24)); // 0.125 0.3125 0.5
 * ```
 */
export class OneCycle extends BuiltInSchedule {
  static override readonly className: string = "OneCycle";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Highest rate. */
  declare readonly maxLearningRate: number;
  /** Steps of the whole run. */
  declare readonly totalSteps: number;
  /** Fraction of the steps in which the rate rises. */
  declare readonly pctStart: number;
  /** Shape of the slopes. */
  declare readonly annealStrategy: (typeof STRATEGIES)[number];
  /** Highest rate divided by the first one. */
  declare readonly divFactor: number;
  /** First rate divided by the last one. */
  declare readonly finalDivFactor: number;
  /** Whether there are three phases. */
  declare readonly threePhase: boolean;

  /**
   * Creates a single cycle.
   *
   * @param maxLearningRate - {@link OneCycleOptions.maxLearningRate}.
   * @param totalSteps - {@link OneCycleOptions.totalSteps}, or the options.
   * @param pctStart - {@link OneCycleOptions.pctStart}, or the options.
   * @param annealStrategy - {@link OneCycleOptions.annealStrategy}, or the options.
   * @param divFactor - {@link OneCycleOptions.divFactor}, or the options.
   * @param finalDivFactor - {@link OneCycleOptions.finalDivFactor}, or the options.
   * @param threePhase - {@link OneCycleOptions.threePhase}, or the options.
   * @param name - {@link OneCycleOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    maxLearningRate: OneCycleOptions["maxLearningRate"],
    totalSteps: OneCycleOptions["totalSteps"] | Omit<OneCycleOptions, "maxLearningRate">,
    pctStart?: OneCycleOptions["pctStart"] | Partial<OneCycleOptions>,
    annealStrategy?: OneCycleOptions["annealStrategy"] | Partial<OneCycleOptions>,
    divFactor?: OneCycleOptions["divFactor"] | Partial<OneCycleOptions>,
    finalDivFactor?: OneCycleOptions["finalDivFactor"] | Partial<OneCycleOptions>,
    threePhase?: OneCycleOptions["threePhase"] | Partial<OneCycleOptions>,
    name?: OneCycleOptions["name"] | Partial<OneCycleOptions>,
    others?: Partial<OneCycleOptions>,
  );
  /**
   * Creates a single cycle.
   *
   * @param options - All arguments by name.
   */
  constructor(options: OneCycleOptions);
  constructor(...given: unknown[]) {
    const names = [
      "maxLearningRate",
      "totalSteps",
      "pctStart",
      "annealStrategy",
      "divFactor",
      "finalDivFactor",
      "threePhase",
      "name",
    ];
    const settings = scheduleSettings<OneCycleOptions>(
      "OneCycle",
      given,
      names,
      { ...RANGES, annealStrategy: oneOf(STRATEGIES), threePhase: boolean },
      { pctStart: 0.3, annealStrategy: STRATEGIES[0], divFactor: 25, finalDivFactor: 1e4, threePhase: false },
    );
    const { pctStart } = settings;
    if (settings.threePhase && pctStart! > 0.5)
      refuseRange("OneCycle", "pctStart", "0.5 at most with three phases", pctStart);
    super(9, settings, { annealStrategy: STRATEGIES.indexOf(settings.annealStrategy!) });
  }
}
