/**
 * @module
 */

import { ANY } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link Constant}. */
export interface ConstantOptions {
  /** The rate. Default: 0.001, as in most optimizers. */
  readonly learningRate?: number | undefined;
  /** A label. Default: "Constant". */
  readonly name?: string | null | undefined;
}

const RANGES = { learningRate: ANY };

/**
 * A constant rate, for a part of a {@link SequentialSchedule} or after a {@link LinearWarmup}. Keras has no such
 * schedule: its optimizers take a number.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [optax: constant_schedule](https://optax.readthedocs.io/en/latest/api/optimizer_schedules.html#optax.constant_schedule)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.Constant(0.5);
 * console.log(rate.at(0), rate.at(1000)); // 0.5 0.5
 * ```
 */
export class Constant extends BuiltInSchedule {
  static override readonly className: string = "Constant";
  /**
   * The name, also where a bundler renames the class to `Constant2` because of the initializer `Constant`. @internal
   */
  static override readonly name: string = "Constant";
  /** Ranges of its numbers. @internal */
  static readonly ranges = RANGES;
  /** The rate. */
  declare readonly learningRate: number;

  /**
   * Creates a constant rate.
   *
   * @param learningRate - {@link ConstantOptions.learningRate}.
   * @param name - {@link ConstantOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    learningRate?: ConstantOptions["learningRate"],
    name?: ConstantOptions["name"] | Partial<ConstantOptions>,
    others?: Partial<ConstantOptions>,
  );
  /**
   * Creates a constant rate.
   *
   * @param options - All arguments by name.
   */
  constructor(options?: ConstantOptions);
  constructor(...given: unknown[]) {
    const names = ["learningRate", "name"];
    const settings = scheduleSettings<ConstantOptions>("Constant", given, names, RANGES, { learningRate: 0.001 });
    super(12, settings);
  }
}
