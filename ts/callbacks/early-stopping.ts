/**
 * EarlyStopping.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { boolean, checkKnownOptions, checkObject, finiteNumber, integer, text, verbosity } from "../options.js";
import type { LayerWeight } from "../weights.js";
import type { Logs } from "./callback.js";
import { givenCount } from "./hook-arguments.js";
import { MonitorCallback, type MonitorMode } from "./monitor-callback.js";

/** Options in Keras's order. */
const NAMES = [
  "monitor",
  "minDelta",
  "patience",
  "verbose",
  "mode",
  "baseline",
  "restoreBestWeights",
  "startFromEpoch",
];

/** Options of {@link EarlyStopping}, with Keras's defaults. */
export interface EarlyStoppingOptions {
  /** The name of the monitored value in the logs. Default: `"val_loss"`. */
  readonly monitor?: string | undefined;
  /** Least change that counts as an improvement. Default: 0. */
  readonly minDelta?: number | undefined;
  /** Epochs without improvement before training stops. Default: 0. */
  readonly patience?: number | undefined;
  /** 1 prints a message when it stops. Default: 0. */
  readonly verbose?: number | undefined;
  /** Whether lower or higher values are better. `"auto"`: the metric decides. Default: `"auto"`. */
  readonly mode?: MonitorMode | undefined;
  /** Only values better than this reset the patience. Default: `null`. */
  readonly baseline?: number | null | undefined;
  /** Restore the weights of the best epoch at the end. Default: false. */
  readonly restoreBestWeights?: boolean | undefined;
  /** Epochs before this one are ignored. Default: 0. */
  readonly startFromEpoch?: number | undefined;
}

/**
 * Stops training when the monitored value stops improving.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: EarlyStopping](https://keras.io/api/callbacks/early_stopping/)
 * @example
 * ```ts
 * import { callbacks } from "gradstep";
 *
 * const stopping = new callbacks.EarlyStopping({ monitor: "loss", patience: 3, restoreBestWeights: true });
 * console.log(stopping.patience); // 3
 * ```
 */
export class EarlyStopping extends MonitorCallback {
  /** Epochs without improvement before training stops. */
  readonly patience: number;
  /** 1 prints a message when it stops. */
  readonly verbose: number;
  /** The value to be better than, or `null`. */
  readonly baseline: number | null;
  /** Whether the weights of the best epoch are restored at the end. */
  readonly restoreBestWeights: boolean;
  /** Epochs before this one are ignored. */
  readonly startFromEpoch: number;
  /** The epoch in which training was stopped; 0 otherwise. */
  stoppedEpoch = 0;
  /** The epoch with the best value. */
  bestEpoch = 0;
  #wait = 0;
  #bestWeights: LayerWeight[] | undefined;

  constructor(
    options?: EarlyStoppingOptions | EarlyStoppingOptions["monitor"],
    minDelta?: EarlyStoppingOptions["minDelta"] | EarlyStoppingOptions,
    patience?: EarlyStoppingOptions["patience"] | EarlyStoppingOptions,
    verbose?: EarlyStoppingOptions["verbose"] | EarlyStoppingOptions,
    mode?: EarlyStoppingOptions["mode"] | EarlyStoppingOptions,
    baseline?: EarlyStoppingOptions["baseline"] | EarlyStoppingOptions,
    restoreBestWeights?: EarlyStoppingOptions["restoreBestWeights"] | EarlyStoppingOptions,
    startFromEpoch?: EarlyStoppingOptions["startFromEpoch"] | EarlyStoppingOptions,
    others?: EarlyStoppingOptions,
  );
  constructor(...given: unknown[]) {
    const owner = "EarlyStopping";
    const options = placedOptions<EarlyStoppingOptions>(owner, NAMES, given);
    checkKnownOptions(owner, options, NAMES);
    super(
      owner,
      text(owner, "monitor", options.monitor ?? "val_loss"),
      options.mode ?? "auto",
      finiteNumber(owner, "minDelta", options.minDelta ?? 0),
    );
    this.patience = integer(owner, "patience", options.patience ?? 0, 0);
    this.verbose = verbosity(owner, options.verbose);
    const baseline = options.baseline ?? null;
    this.baseline = baseline === null ? null : finiteNumber(owner, "baseline", baseline);
    this.restoreBestWeights = boolean(owner, "restoreBestWeights", options.restoreBestWeights ?? false);
    this.startFromEpoch = integer(owner, "startFromEpoch", options.startFromEpoch ?? 0, 0);
  }

  override onTrainBegin(): void {
    checkObject(this, "onTrainBegin");
    this.best = undefined;
    this.bestEpoch = 0;
    this.stoppedEpoch = 0;
    this.#wait = 0;
    this.#bestWeights = undefined;
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    checkObject(this, "onEpochEnd");
    givenCount("EarlyStopping", "epoch", epoch);
    const current = this.monitored(logs);
    if (current === undefined || epoch < this.startFromEpoch) return;
    if (this.restoreBestWeights && this.#bestWeights === undefined) this.#keep(epoch);
    this.#wait++;
    if (this.isBetter(current, this.best)) {
      this.best = current;
      this.bestEpoch = epoch;
      if (this.restoreBestWeights) this.#keep(epoch);
      if (this.baseline === null || this.isBetter(current, this.baseline)) this.#wait = 0;
      return;
    }
    // Never in the first epoch, as in Keras: there is nothing to compare it with.
    if (this.#wait >= this.patience && epoch > 0) {
      this.stoppedEpoch = epoch;
      this.model.stopTraining = true;
    }
  }

  override onTrainEnd(): void {
    checkObject(this, "onTrainEnd");
    if (this.stoppedEpoch > 0 && this.verbose > 0) console.log(`Epoch ${this.stoppedEpoch + 1}: early stopping`);
    if (!this.restoreBestWeights || this.#bestWeights === undefined) return;
    if (this.verbose > 0) {
      console.log(`Restoring model weights from the end of the best epoch: ${this.bestEpoch + 1}.`);
    }
    this.model.setWeights(this.#bestWeights);
  }

  #keep(epoch: number): void {
    this.#bestWeights = this.model.getWeights();
    this.bestEpoch = epoch;
  }
}
