/**
 * The base class of learning-rate schedules, ours and yours.
 *
 * @module
 */

import { COPY } from "../copies.js";
import { customName } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { madeFrom } from "../keras-names.js";
import { checkCount } from "../options.js";

/** Constructor arguments by Keras's names, in the order of the constructor: what `getConfig()` gives. */
export type ScheduleConfig = Record<string, unknown>;

/**
 * A learning rate that is a function of the step.
 *
 * Extend it for a custom schedule: `at` is required, `getConfig` only for saving. The optimizer
 * rounds what `at` gives to float32. `Math.pow` and its kin differ between JavaScript engines in the
 * last bit; a schedule that uses them is right everywhere, but not the same bits everywhere.
 *
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
   * The name under which the class is saved. Without a `className` a class is saved under its
   * JavaScript name, which minifiers change; the built-in classes have Keras's names here.
   */
  static readonly className?: string;

  /** The name under which this schedule is saved. */
  get className(): string {
    return customName(this.constructor);
  }

  /**
   * The learning rate at a step.
   *
   * @param step - How many calls of the optimizer came before this one: 0 at the first.
   * @throws ValueError `ERR_NOT_IMPLEMENTED` unless the subclass overrides it.
   */
  at(step: number): number {
    checkCount("at", arguments.length, 1);
    throw new ValueError(
      "ERR_NOT_IMPLEMENTED",
      `The schedule ${this.className} gives no rate for step ${step}: it must override at(step).`,
    );
  }

  /**
   * The arguments from which {@link LearningRateSchedule.fromConfig} makes this schedule again.
   *
   * @throws ValueError `ERR_NOT_IMPLEMENTED` unless the subclass overrides it.
   */
  getConfig(): ScheduleConfig {
    throw new ValueError(
      "ERR_NOT_IMPLEMENTED",
      `The schedule ${this.className} cannot be saved: it must override getConfig().`,
    );
  }

  /**
   * Makes a schedule of this class from the arguments that `getConfig()` gave, here or in Python: the
   * constructor gets them in one object, with camelCase names.
   *
   * @throws ValueError, TypeError for arguments that the constructor refuses.
   */
  static fromConfig<T extends LearningRateSchedule>(
    this: new (
      options: never,
    ) => T,
    config: Readonly<ScheduleConfig>,
  ): T {
    checkCount("fromConfig", arguments.length, 1);
    return madeFrom(config, (options) => new this(options as never));
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
