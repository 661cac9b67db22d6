/**
 * LearningRateScheduler.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkKnownOptions, checkObject, shown, verbosity } from "../options.js";
import { Callback, type Logs } from "./callback.js";
import { givenCount, givenLogs } from "./hook-arguments.js";

/** Options of {@link LearningRateScheduler}. */
export interface LearningRateSchedulerOptions {
  /** 1 prints each new rate. Default: 0. */
  readonly verbose?: number | undefined;
}

/**
 * Sets the learning rate at the start of every epoch.
 *
 * @see [Keras: LearningRateScheduler](https://keras.io/api/callbacks/learning_rate_scheduler/)
 * @example
 * ```ts
 * import { callbacks } from "gradstep";
 *
 * const halving = new callbacks.LearningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 2));
 * ```
 */
export class LearningRateScheduler extends Callback {
  readonly #schedule: (epoch: number, learningRate: number) => number;
  readonly #verbose: number;

  /**
   * Sets the learning rate at the start of every epoch.
   *
   * @param schedule - Receives the epoch, from 0, and the current rate; returns the new rate.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    schedule: (epoch: number, learningRate: number) => number,
    verbose?: LearningRateSchedulerOptions["verbose"] | LearningRateSchedulerOptions,
    others?: LearningRateSchedulerOptions,
  );

  constructor(schedule: (epoch: number, learningRate: number) => number, ...given: unknown[]) {
    const options = placedOptions<LearningRateSchedulerOptions>("LearningRateScheduler", ["verbose"], given, 1);
    super();
    if (typeof schedule !== "function") {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `LearningRateScheduler takes a function (epoch, learningRate) => number, got ${shown(schedule)}.`,
      );
    }
    this.#schedule = schedule;
    checkKnownOptions("LearningRateScheduler", options, ["verbose"]);
    this.#verbose = verbosity("LearningRateScheduler", options.verbose);
  }

  /** @internal */
  override get statefulName(): string {
    return "LearningRateScheduler";
  }

  override onEpochBegin(epoch: number): void {
    checkObject(this, "onEpochBegin");
    const { optimizer } = this.model;
    if (optimizer === null) return;
    givenCount("LearningRateScheduler", "epoch", epoch);
    const rate: unknown = this.#schedule(epoch, optimizer.learningRate);
    if (typeof rate !== "number" || !Number.isFinite(rate)) {
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `LearningRateScheduler: the schedule must return a finite number, got ${shown(rate)} for epoch ${epoch}.`,
      );
    }
    optimizer.learningRate = rate;
    if (this.#verbose > 0) {
      console.log(`\nEpoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${rate}.`);
    }
  }

  override onEpochEnd(_epoch: number, logs: Logs): void {
    checkObject(this, "onEpochEnd");
    const { optimizer } = this.model;
    if (optimizer !== null) givenLogs("LearningRateScheduler", logs).learning_rate = optimizer.learningRate;
  }
}
