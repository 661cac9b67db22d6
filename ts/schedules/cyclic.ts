/**
 * @module
 */

import { ANY, NON_NEGATIVE, POSITIVE } from "../options.js";
import { BuiltInSchedule, oneOf, scheduleSettings } from "./built-in-schedule.js";

/** Changes from cycle to cycle, in the order of their numbers in Rust. */
const MODES = ["triangular", "triangular2", "exp_range"] as const;

/** Options of {@link Cyclic}. */
export interface CyclicOptions {
  /** Rate at which each cycle begins and ends. */
  readonly baseLearningRate: number;
  /** Peak rate of the first cycle. */
  readonly maxLearningRate: number;
  /** Steps from the base to the peak; above 0. Default: 2000. */
  readonly stepSizeUp?: number | undefined;
  /** Steps from the peak to the base; above 0. Default: `stepSizeUp`. */
  readonly stepSizeDown?: number | null | undefined;
  /**
   * Height of the peaks: "triangular" (the same), "triangular2" (halved after each cycle) or "exp_range" (times `gamma
   * ** step`). Default: "triangular".
   */
  readonly mode?: (typeof MODES)[number] | undefined;
  /** Factor for each step in "exp_range"; 0 or above. Default: 1. */
  readonly gamma?: number | undefined;
  /** A label. Default: "Cyclic". */
  readonly name?: string | null | undefined;
}

const RANGES = {
  baseLearningRate: ANY,
  maxLearningRate: ANY,
  stepSizeUp: POSITIVE,
  stepSizeDown: POSITIVE,
  gamma: NON_NEGATIVE,
};

/**
 * Cycles: the rate rises linearly from `baseLearningRate` to `maxLearningRate`, falls back, and repeats. Keras has no
 * such schedule.
 *
 * PyTorch's `CyclicLR`, without its momentum. Smith, arXiv:1506.01186.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Cyclical learning rates](https://arxiv.org/abs/1506.01186)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.Cyclic({ baseLearningRate: 0.25, maxLearningRate: 0.75, stepSizeUp: 100, mode: "triangular2" });
 * console.log(rate.at(0), rate.at(100), rate.at(200), rate.at(300)); // 0.25 0.75 0.25 0.5
 * ```
 */
export class Cyclic extends BuiltInSchedule {
  static override readonly className: string = "Cyclic";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Rate at which each cycle begins and ends. */
  declare readonly baseLearningRate: number;
  /** Peak rate of the first cycle. */
  declare readonly maxLearningRate: number;
  /** Steps from the base to the peak. */
  declare readonly stepSizeUp: number;
  /** Steps from the peak to the base; null for `stepSizeUp`. */
  declare readonly stepSizeDown: number | null;
  /** Height of the peaks. */
  declare readonly mode: (typeof MODES)[number];
  /** Factor for each step. */
  declare readonly gamma: number;

  /**
   * Creates a cyclic schedule.
   *
   * @param baseLearningRate - {@link CyclicOptions.baseLearningRate}.
   * @param maxLearningRate - {@link CyclicOptions.maxLearningRate}, or the options.
   * @param stepSizeUp - {@link CyclicOptions.stepSizeUp}, or the options.
   * @param stepSizeDown - {@link CyclicOptions.stepSizeDown}, or the options.
   * @param mode - {@link CyclicOptions.mode}, or the options.
   * @param gamma - {@link CyclicOptions.gamma}, or the options.
   * @param name - {@link CyclicOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    baseLearningRate: CyclicOptions["baseLearningRate"],
    maxLearningRate: CyclicOptions["maxLearningRate"] | Omit<CyclicOptions, "baseLearningRate">,
    stepSizeUp?: CyclicOptions["stepSizeUp"] | Partial<CyclicOptions>,
    stepSizeDown?: CyclicOptions["stepSizeDown"] | Partial<CyclicOptions>,
    mode?: CyclicOptions["mode"] | Partial<CyclicOptions>,
    gamma?: CyclicOptions["gamma"] | Partial<CyclicOptions>,
    name?: CyclicOptions["name"] | Partial<CyclicOptions>,
    others?: Partial<CyclicOptions>,
  );
  /**
   * Creates a cyclic schedule.
   *
   * @param options - All arguments by name.
   */
  constructor(options: CyclicOptions);
  constructor(...given: unknown[]) {
    const names = ["baseLearningRate", "maxLearningRate", "stepSizeUp", "stepSizeDown", "mode", "gamma", "name"];
    const settings = scheduleSettings<CyclicOptions>(
      "Cyclic",
      given,
      names,
      { ...RANGES, mode: oneOf(MODES) },
      { stepSizeUp: 2000, stepSizeDown: null, mode: MODES[0], gamma: 1 },
    );
    super(10, settings, { mode: MODES.indexOf(settings.mode!) });
  }
}
