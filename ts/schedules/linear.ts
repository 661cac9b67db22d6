/**
 * @module
 */

import { ANY, POSITIVE } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link Linear}. */
export interface LinearOptions {
  /** Rate at step 0. */
  readonly initialLearningRate: number;
  /** Steps until the final rate; above 0. */
  readonly totalSteps: number;
  /** Final rate. Default: 0. */
  readonly endLearningRate?: number | undefined;
  /** A label. Default: "Linear". */
  readonly name?: string | null | undefined;
}

const RANGES = { initialLearningRate: ANY, totalSteps: POSITIVE, endLearningRate: ANY };

/**
 * A linear change from one rate to another, then constant. Keras has no such schedule; its `PolynomialDecay` with power
 * 1 has a different default for the end.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [optax: linear_schedule](https://optax.readthedocs.io/en/latest/api/optimizer_schedules.html#optax.linear_schedule)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.Linear({ initialLearningRate: 0.5, totalSteps: 100 });
 * console.log(rate.at(0), rate.at(50), rate.at(100)); // 0.5 0.25 0
 * ```
 */
export class Linear extends BuiltInSchedule {
  static override readonly className: string = "Linear";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** Rate at step 0. */
  declare readonly initialLearningRate: number;
  /** Steps until the final rate. */
  declare readonly totalSteps: number;
  /** Final rate. */
  declare readonly endLearningRate: number;

  /**
   * Creates a linear schedule.
   *
   * @param initialLearningRate - {@link LinearOptions.initialLearningRate}.
   * @param totalSteps - {@link LinearOptions.totalSteps}, or the options.
   * @param endLearningRate - {@link LinearOptions.endLearningRate}, or the options.
   * @param name - {@link LinearOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    initialLearningRate: LinearOptions["initialLearningRate"],
    totalSteps: LinearOptions["totalSteps"] | Omit<LinearOptions, "initialLearningRate">,
    endLearningRate?: LinearOptions["endLearningRate"] | Partial<LinearOptions>,
    name?: LinearOptions["name"] | Partial<LinearOptions>,
    others?: Partial<LinearOptions>,
  );
  /**
   * Creates a linear schedule.
   *
   * @param options - All arguments by name.
   */
  constructor(options: LinearOptions);
  constructor(...given: unknown[]) {
    const names = ["initialLearningRate", "totalSteps", "endLearningRate", "name"];
    const settings = scheduleSettings<LinearOptions>("Linear", given, names, RANGES, { endLearningRate: 0 });
    super(11, settings);
  }
}
