/**
 * ReduceLROnPlateau.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import {
  checkKnownOptions,
  checkObject,
  DECAY,
  finiteNumber,
  integer,
  nonNegativeNumber,
  numberIn,
  text,
  verbosity,
} from "../options.js";
import type { Logs } from "./callback.js";
import { givenCount, givenLogs } from "./hook-arguments.js";
import { MonitorCallback, type MonitorMode } from "./monitor-callback.js";

/** Options in Keras's order. */
const NAMES = ["monitor", "factor", "patience", "verbose", "mode", "minDelta", "cooldown", "minLr"];

/** Options of {@link ReduceLROnPlateau}, with Keras's defaults. */
export interface ReduceLROnPlateauOptions {
  /** The name of the monitored value in the logs. Default: `"val_loss"`. */
  readonly monitor?: string | undefined;
  /** Factor by which the rate is reduced; below 1. Default: 0.1. */
  readonly factor?: number | undefined;
  /** Epochs without improvement before a reduction. Default: 10. */
  readonly patience?: number | undefined;
  /** 1 prints a message for each reduction. Default: 0. */
  readonly verbose?: number | undefined;
  /** Whether lower or higher values are better. `"auto"`: the metric decides. Default: `"auto"`. */
  readonly mode?: MonitorMode | undefined;
  /** Least change that counts as an improvement. Default: 1e-4. */
  readonly minDelta?: number | undefined;
  /** Epochs after a reduction that do not count. Default: 0. */
  readonly cooldown?: number | undefined;
  /** Lower bound of the rate. Default: 0. */
  readonly minLr?: number | undefined;
}

/**
 * Lowers the learning rate when the monitored value stops improving. The rate must be a number, not a schedule.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: ReduceLROnPlateau](https://keras.io/api/callbacks/reduce_lr_on_plateau/)
 * @example
 * ```ts
 * import { callbacks } from "gradstep";
 *
 * const reducing = new callbacks.ReduceLROnPlateau({ monitor: "loss", factor: 0.5, patience: 2 });
 * console.log(reducing.factor); // 0.5
 * ```
 */
export class ReduceLROnPlateau extends MonitorCallback {
  /** The factor of the rate at a reduction. */
  readonly factor: number;
  /** Epochs without improvement before a reduction. */
  readonly patience: number;
  /** 1 prints a message for each reduction. */
  readonly verbose: number;
  /** Epochs after a reduction that do not count. */
  readonly cooldown: number;
  /** The lowest rate. */
  readonly minLr: number;
  #wait = 0;
  #cooling = 0;

  constructor(
    options?: ReduceLROnPlateauOptions | ReduceLROnPlateauOptions["monitor"],
    factor?: ReduceLROnPlateauOptions["factor"] | ReduceLROnPlateauOptions,
    patience?: ReduceLROnPlateauOptions["patience"] | ReduceLROnPlateauOptions,
    verbose?: ReduceLROnPlateauOptions["verbose"] | ReduceLROnPlateauOptions,
    mode?: ReduceLROnPlateauOptions["mode"] | ReduceLROnPlateauOptions,
    minDelta?: ReduceLROnPlateauOptions["minDelta"] | ReduceLROnPlateauOptions,
    cooldown?: ReduceLROnPlateauOptions["cooldown"] | ReduceLROnPlateauOptions,
    minLr?: ReduceLROnPlateauOptions["minLr"] | ReduceLROnPlateauOptions,
    others?: ReduceLROnPlateauOptions,
  );
  constructor(...given: unknown[]) {
    const owner = "ReduceLROnPlateau";
    const options = placedOptions<ReduceLROnPlateauOptions>(owner, NAMES, given);
    checkKnownOptions(owner, options, NAMES, { epsilon: "minDelta" });
    super(
      owner,
      text(owner, "monitor", options.monitor ?? "val_loss"),
      options.mode ?? "auto",
      finiteNumber(owner, "minDelta", options.minDelta ?? 1e-4),
    );
    this.factor = numberIn(owner, "factor", options.factor ?? 0.1, DECAY);
    this.patience = integer(owner, "patience", options.patience ?? 10, 0);
    this.verbose = verbosity(owner, options.verbose);
    this.cooldown = integer(owner, "cooldown", options.cooldown ?? 0, 0);
    this.minLr = nonNegativeNumber(owner, "minLr", options.minLr ?? 0);
  }

  override onTrainBegin(): void {
    checkObject(this, "onTrainBegin");
    this.best = undefined;
    this.#wait = 0;
    this.#cooling = 0;
  }

  override onEpochEnd(epoch: number, given: Logs): void {
    checkObject(this, "onEpochEnd");
    const logs = givenLogs("ReduceLROnPlateau", given);
    givenCount("ReduceLROnPlateau", "epoch", epoch);
    const { optimizer } = this.model;
    if (optimizer === null) return;
    const rate = optimizer.learningRate;
    logs.learning_rate = rate;
    const current = this.monitored(logs);
    if (current === undefined) return;
    if (this.#cooling > 0) {
      this.#cooling--;
      this.#wait = 0;
    }
    if (this.isBetter(current, this.best)) {
      this.best = current;
      this.#wait = 0;
      return;
    }
    if (this.#cooling > 0) return;
    this.#wait++;
    if (this.#wait < this.patience || rate <= Math.fround(this.minLr)) return;
    const lower = Math.max(rate * this.factor, this.minLr);
    optimizer.learningRate = lower;
    if (this.verbose > 0) {
      console.log(`\nEpoch ${epoch + 1}: ReduceLROnPlateau reducing learning rate to ${lower}.`);
    }
    this.#cooling = this.cooldown;
    this.#wait = 0;
  }
}
