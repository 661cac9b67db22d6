/**
 * ModelCheckpoint.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import {
  boolean,
  checkCount,
  checkKnownOptions,
  checkObject,
  finiteNumber,
  integer,
  shown,
  text,
  verbosity,
} from "../options.js";
import type { LayerWeight } from "../weights.js";
import type { Hook, Logs } from "./callback.js";
import { givenCount, givenLogs } from "./hook-arguments.js";
import { MonitorCallback, type MonitorMode } from "./monitor-callback.js";

/** A moment of training: weights, optimizer state and logs. */
export interface Checkpoint {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** The batch after which it was created; `null` at the end of an epoch. */
  readonly batch: number | null;
  /** Copies of all weights. */
  readonly weights: readonly LayerWeight[];
  /** Loss and metrics so far. */
  readonly logs: Logs;
}

/** Options of {@link ModelCheckpoint}, with Keras's defaults. */
export interface ModelCheckpointOptions {
  /** The name of the monitored value in the logs. Default: `"val_loss"`. */
  readonly monitor?: string | undefined;
  /** 1 prints a message for each checkpoint. Default: 0. */
  readonly verbose?: number | undefined;
  /** Keep a checkpoint only when `monitor` has improved. Default: false. */
  readonly saveBestOnly?: boolean | undefined;
  /** Whether lower or higher values are better. `"auto"`: the metric decides. Default: `"auto"`. */
  readonly mode?: MonitorMode | undefined;
  /** `"epoch"`, or a number of batches. Default: `"epoch"`. */
  readonly saveFreq?: "epoch" | number | undefined;
  /** Value that the first checkpoint must improve on. Default: `null`. */
  readonly initialValueThreshold?: number | null | undefined;
}

/**
 * Saves the weights during training: in memory, in {@link ModelCheckpoint.last}, or wherever a function stores them.
 *
 * @see [Keras: ModelCheckpoint](https://keras.io/api/callbacks/model_checkpoint/)
 * @example
 * ```ts
 * import { callbacks } from "gradstep";
 *
 * const best = new callbacks.ModelCheckpoint(null, { monitor: "loss", saveBestOnly: true });
 * const storing = new callbacks.ModelCheckpoint(async ({ epoch, weights }) => {
 *   console.log(`epoch ${epoch}: ${weights.length} arrays`); // put them into a file, or IndexedDB
 * });
 * ```
 */
export class ModelCheckpoint extends MonitorCallback {
  /** Whether only improved weights are kept. */
  readonly saveBestOnly: boolean;
  /** `"epoch"`, or the number of batches between checkpoints. */
  readonly saveFreq: "epoch" | number;
  /** 1 prints a message for each checkpoint. */
  readonly verbose: number;
  /** The latest checkpoint. */
  last: Checkpoint | null = null;
  readonly #save: ((checkpoint: Checkpoint) => Hook) | null;
  readonly #threshold: number | undefined;
  #epoch = 0;
  #batches = 0;

  /**
   * Saves the weights during training: in memory, in {@link ModelCheckpoint.last}, or wherever a function stores them.
   *
   * @param save - Receives each checkpoint, and may return a promise; `null` only keeps the latest in memory.
   * @throws ValueError ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(save: ((checkpoint: Checkpoint) => Hook) | null = null, options: ModelCheckpointOptions = {}) {
    checkCount("ModelCheckpoint", arguments.length, 2);
    const owner = "ModelCheckpoint";
    checkKnownOptions(owner, options, [
      "monitor",
      "verbose",
      "saveBestOnly",
      "mode",
      "saveFreq",
      "initialValueThreshold",
    ]);
    if (save !== null && typeof save !== "function") {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${owner} takes a function that stores a checkpoint, or null to keep it in memory, got ${shown(save)}. Files are written by the ModelCheckpoint of "gradstep/saving".`,
      );
    }
    super(owner, text(owner, "monitor", options.monitor ?? "val_loss"), options.mode ?? "auto", 0);
    this.#save = save;
    this.saveBestOnly = boolean(owner, "saveBestOnly", options.saveBestOnly ?? false);
    const frequency = options.saveFreq ?? "epoch";
    this.saveFreq = frequency === "epoch" ? frequency : integer(owner, "saveFreq", frequency, 1);
    this.verbose = verbosity(owner, options.verbose);
    const threshold = options.initialValueThreshold ?? null;
    this.#threshold = threshold === null ? undefined : finiteNumber(owner, "initialValueThreshold", threshold);
    this.best = this.#threshold;
  }

  override onEpochBegin(epoch: number): void {
    checkObject(this, "onEpochBegin");
    this.#epoch = givenCount("ModelCheckpoint", "epoch", epoch);
  }

  override onTrainBatchEnd(batch: number, logs: Logs): Hook {
    checkObject(this, "onTrainBatchEnd");
    if (this.saveFreq === "epoch" || ++this.#batches < this.saveFreq) return;
    this.#batches = 0;
    return this.#take(batch, logs);
  }

  override onEpochEnd(_epoch: number, logs: Logs): Hook {
    checkObject(this, "onEpochEnd");
    if (this.saveFreq === "epoch") return this.#take(null, logs);
  }

  #take(batch: number | null, given: Logs): Hook {
    const logs = givenLogs("ModelCheckpoint", given);
    if (this.saveBestOnly) {
      const current = this.monitored(logs);
      if (current === undefined || !this.isBetter(current, this.best)) return;
      this.best = current;
    }
    if (this.verbose > 0) console.log(`\nEpoch ${this.#epoch + 1}: taking a checkpoint`);
    this.last = { epoch: this.#epoch, batch, weights: this.model.getWeights(), logs: { ...logs } };
    return this.#save?.(this.last);
  }
}
