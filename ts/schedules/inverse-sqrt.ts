/**
 * @module
 */

import { ANY, POSITIVE } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link InverseSqrt}. */
export interface InverseSqrtOptions {
  /** Peak rate, at step `warmupSteps`. */
  readonly initialLearningRate: number;
  /** Steps of the warm-up; above 0. */
  readonly warmupSteps: number;
  /** A label. Default: "InverseSqrt". */
  readonly name?: string | null | undefined;
}

const RANGES = { initialLearningRate: ANY, warmupSteps: POSITIVE };

/**
 * A linear warm-up from 0 to `initialLearningRate` for `warmupSteps` steps, then `initialLearningRate *
 * sqrt(warmupSteps / step)`, indefinitely. Keras has no such schedule.
 *
 * The schedule of the original Transformer (Vaswani et al., arXiv:1706.03762), with the peak rate as an argument.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Attention is all you need](https://arxiv.org/abs/1706.03762)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.InverseSqrt({ initialLearningRate: 0.5, warmupSteps: 100 });
 * console.log(rate.at(50), rate.at(100), rate.at(400)); // 0.25 0.5 0.25
 * ```
 */
export class InverseSqrt extends BuiltInSchedule {
  static override readonly className: string = "InverseSqrt";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Peak rate, at step `warmupSteps`. */
  declare readonly initialLearningRate: number;
  /** Steps of the warm-up. */
  declare readonly warmupSteps: number;

  /**
   * Creates a decay with the inverse square root of the step.
   *
   * @param initialLearningRate - {@link InverseSqrtOptions.initialLearningRate}.
   * @param warmupSteps - {@link InverseSqrtOptions.warmupSteps}, or the options.
   * @param name - {@link InverseSqrtOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    initialLearningRate: InverseSqrtOptions["initialLearningRate"],
    warmupSteps: InverseSqrtOptions["warmupSteps"] | Omit<InverseSqrtOptions, "initialLearningRate">,
    name?: InverseSqrtOptions["name"] | Partial<InverseSqrtOptions>,
    others?: Partial<InverseSqrtOptions>,
  );
  /**
   * Creates a decay with the inverse square root of the step.
   *
   * @param options - All arguments by name.
   */
  constructor(options: InverseSqrtOptions);
  constructor(...given: unknown[]) {
    const names = ["initialLearningRate", "warmupSteps", "name"];
    const settings = scheduleSettings<InverseSqrtOptions>("InverseSqrt", given, names, RANGES);
    super(7, settings);
  }
}
