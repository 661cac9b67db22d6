/**
 * The base class of learning-rate schedules, built-in and custom.
 *
 * @module
 */

import { COPY } from "../copies.js";
import { customName } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { guardNew } from "../getters.js";
import { madeFrom } from "../keras-names.js";
import { checkMethod, checkObject, shown } from "../options.js";
import { plotOf } from "./plot.js";

/** Constructor arguments by Keras's names, in the order of the constructor, as `getConfig()` returns them. */
export type ScheduleConfig = Record<string, unknown>;

/** A schedule that follows a value, such as the loss. */
export interface FollowingSchedule {
  /** The name of the value in the logs of `fit`, or `null`. */
  readonly monitor: string | null;
  /** Takes a value. */
  update(value: number): number;
  /** Its state, one variable for each number. */
  variables<T>(
    path: string,
    make: (path: string, dtype: "float32", read: () => number, write: (value: number) => void) => T,
  ): T[];
}

/**
 * A learning rate that is a function of the step.
 *
 * Extend it for a custom schedule: `at` is required, `getConfig` only for saving. The optimizer rounds the rate to
 * float32. `Math.pow`, `Math.exp` and the like differ between JavaScript engines in the last bit; a schedule that uses
 * them is correct everywhere, but its bits differ.
 *
 * @see [Keras: LearningRateSchedule](https://keras.io/api/optimizers/learning_rate_schedules/learning_rate_schedule/)
 * @example
 * ```ts
 * import { SGD, schedules } from "gradstep";
 *
 * class Harmonic extends schedules.LearningRateSchedule {
 *   readonly first: number;
 *   constructor(options: { first: number }) {
 *     super();
 *     this.first = options.first;
 *   }
 *   override at(step: number): number {
 *     return this.first / (step + 1);
 *   }
 *   override getConfig() {
 *     return { first: this.first };
 *   }
 * }
 *
 * const optimizer = new SGD({ learningRate: new Harmonic({ first: 0.1 }) });
 * ```
 */
export abstract class LearningRateSchedule {
  /**
   * The name under which the class is saved. Without a `className` a class is saved under its JavaScript name, which
   * minifiers change; built-in classes have Keras's names.
   */
  static readonly className?: string;
  /** The schedules in it that follow a value. @internal */
  declare readonly following?: readonly FollowingSchedule[];

  /** For subclasses. */
  constructor() {
    guardNew(this, LearningRateSchedule.prototype);
  }

  /** The name under which this schedule is saved. */
  get className(): string {
    return customName(this.constructor);
  }

  /**
   * Computes the learning rate at a step.
   *
   * @param step - The number of calls of the optimizer before this one: 0 at the first.
   * @returns the rate, which the optimizer rounds to float32
   * @throws ValueError ERR_NOT_IMPLEMENTED unless the subclass overrides it
   */
  at(step: number): number {
    checkMethod(this, "at", arguments.length, 1);
    throw new ValueError(
      "ERR_NOT_IMPLEMENTED",
      `The schedule ${this.className} returns no rate for step ${shown(step)}: it must override at(step).`,
    );
  }

  /**
   * Returns the arguments from which {@link LearningRateSchedule.fromConfig} recreates this schedule.
   *
   * @returns the constructor's arguments, by Keras's names
   * @throws ValueError ERR_NOT_IMPLEMENTED unless the subclass overrides it
   */
  getConfig(): ScheduleConfig {
    checkObject(this, "getConfig");
    throw new ValueError(
      "ERR_NOT_IMPLEMENTED",
      `The schedule ${this.className} cannot be saved: it must override getConfig().`,
    );
  }

  /**
   * Creates a schedule of this class from the arguments that `getConfig()` returned, here or in Python: the constructor
   * gets them in one object, with camelCase names.
   *
   * @param config - The constructor's arguments, by Keras's names.
   * @returns a new schedule
   * @throws TypeError ERR_CONFIG_INVALID for anything but a plain object; the errors of the constructor
   */
  static fromConfig<T extends LearningRateSchedule>(
    this: new (
      options: never,
    ) => T,
    config: Readonly<ScheduleConfig>,
  ): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 1);
    return madeFrom(config, (options) => new this(options as never));
  }

  /**
   * Draws the rates of the first steps.
   *
   * @param steps - The last step of the drawing. Default: 1000.
   * @returns the text of an SVG
   * @throws TypeError ERR_OPTION_TYPE, ValueError ERR_OPTION_RANGE for steps that are not a whole number above 0, and for
   * rates that are not finite, ERR_NOT_IMPLEMENTED unless the subclass overrides `at`
   * @example
   * ```ts
   * import { schedules } from "gradstep";
   *
   * const rate = new schedules.CosineDecay({ initialLearningRate: 0.1, decaySteps: 500 });
   * const svg = rate.plot(500);
   * console.log(svg.startsWith("<svg")); // true
   * ```
   */
  plot(steps = 1000): string {
    checkMethod(this, "plot", arguments.length, 1);
    return plotOf(this.className, (step) => this.at(step), steps);
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}
