/**
 * @module
 */

import { ANY, POSITIVE } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link REX}. */
export interface REXOptions {
  /** Rate at step 0. */
  readonly initialLearningRate: number;
  /** Steps until the rate is 0; above 0. */
  readonly totalSteps: number;
  /** A label. Default: "REX". */
  readonly name?: string | null | undefined;
}

const RANGES = { initialLearningRate: ANY, totalSteps: POSITIVE };

/**
 * Decay from the initial rate to 0 in `totalSteps` steps, slow at first and steep at the end:
 * `initialLearningRate * (1 - z) / (1 / 2 + (1 - z) / 2)` for `z = step / totalSteps`. It stays 0. Keras has no such
 * schedule.
 *
 * Chen, Wolfe and Kyrillidis, arXiv:2107.04197.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [REX](https://arxiv.org/abs/2107.04197)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.REX({ initialLearningRate: 0.5, totalSteps: 100 });
 * console.log(rate.at(0), rate.at(100)); // 0.5 0
 * ```
 */
export class REX extends BuiltInSchedule {
  static override readonly className: string = "REX";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Rate at step 0. */
  declare readonly initialLearningRate: number;
  /** Steps until the rate is 0. */
  declare readonly totalSteps: number;

  /**
   * Creates a reflected exponential decay.
   *
   * @param initialLearningRate - {@link REXOptions.initialLearningRate}.
   * @param totalSteps - {@link REXOptions.totalSteps}, or the options.
   * @param name - {@link REXOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    initialLearningRate: REXOptions["initialLearningRate"],
    totalSteps: REXOptions["totalSteps"] | Omit<REXOptions, "initialLearningRate">,
    name?: REXOptions["name"] | Partial<REXOptions>,
    others?: Partial<REXOptions>,
  );
  /**
   * Creates a reflected exponential decay.
   *
   * @param options - All arguments by name.
   */
  constructor(options: REXOptions);
  constructor(...given: unknown[]) {
    const names = ["initialLearningRate", "totalSteps", "name"];
    const settings = scheduleSettings<REXOptions>("REX", given, names, RANGES);
    super(8, settings);
  }
}
