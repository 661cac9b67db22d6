/**
 * ModelCheckpoint, into files.
 *
 * @module
 */

import { placedOptions } from "../../arguments.js";
import type { Hook, HookName, Logs } from "../../callbacks/callback.js";
import { MonitorCallback, type MonitorMode } from "../../callbacks/monitor-callback.js";
import { ArgumentTypeError } from "../../errors.js";
import { boolean, checkKnownOptions, checkObject, finiteNumber, shown, text, verbosity } from "../../options.js";
import { nameOf } from "../formats/chosen-format.js";
import { weightsFormat } from "../formats/formats.js";
import { modelFormat } from "../formats/model-formats.js";
import { saveModel } from "../save-model.js";
import { saveWeights } from "../save-weights.js";
import { isURL } from "../stores/source-kinds.js";
import { isTarget, type Target } from "../stores/targets.js";
import { FilePattern } from "./file-pattern.js";
import { withSavable } from "./savable.js";
import { saveFrequency } from "./save-frequency.js";

/** Options of {@link ModelCheckpoint}, with Keras's defaults. */
export interface ModelCheckpointOptions {
  /**
   * The file: any target of `saveModel`. Fields are filled like Python's `format`: `{epoch:02d}`, from 1, `{batch}`,
   * and numbers of the logs, `{val_loss:.2f}`. Required.
   */
  readonly filepath?: Target | undefined;
  /** The number in the logs to monitor. Default: `"val_loss"`. */
  readonly monitor?: string | undefined;
  /** 1 prints a line when a file is written. Default: 0. */
  readonly verbose?: number | undefined;
  /** Whether to write only when `monitor` is better than ever before. Default: false. */
  readonly saveBestOnly?: boolean | undefined;
  /** Whether to write only the weights and the optimizer's state, without the architecture. Default: false. */
  readonly saveWeightsOnly?: boolean | undefined;
  /** Whether less or more is better. `"auto"`: as defined by the metric. Default: `"auto"`. */
  readonly mode?: MonitorMode | undefined;
  /** `"epoch"`, or a number of batches. Default: `"epoch"`. */
  readonly saveFreq?: "epoch" | number | undefined;
  /** The first value must be better than this. Default: null. */
  readonly initialValueThreshold?: number | null | undefined;
}

const NAMES = [
  "filepath",
  "monitor",
  "verbose",
  "saveBestOnly",
  "saveWeightsOnly",
  "mode",
  "saveFreq",
  "initialValueThreshold",
] as const;

/**
 * Writes the model, or its weights, to a file during training: after each epoch, or a number of batches. A file is
 * written completely or not at all.
 *
 * A model file contains all that is needed to resume the run: load it with `loadModel`, and call `fit` with
 * `initialEpoch`. For a model in a worker, the page writes the file.
 *
 * @see [Keras: ModelCheckpoint](https://keras.io/api/callbacks/model_checkpoint/)
 * @example
 * ```ts
 * import { ModelCheckpoint } from "gradstep/saving";
 *
 * const best = new ModelCheckpoint({ filepath: "m-{epoch:02d}-{val_loss:.2f}.keras", saveBestOnly: true });
 * console.log(best.monitor); // "val_loss"; pass it to fit: { callbacks: [best] }
 * ```
 */
export class ModelCheckpoint extends MonitorCallback {
  /** The file, with fields. */
  readonly filepath: Target;
  /** Whether only improved models are written. */
  readonly saveBestOnly: boolean;
  /** Whether only the weights are written. */
  readonly saveWeightsOnly: boolean;
  /** `"epoch"`, or the number of batches between files. */
  readonly saveFreq: "epoch" | number;
  /** 1 prints a line when a file is written. */
  readonly verbose: number;
  readonly #pattern: FilePattern | null;
  #epoch = 0;
  #batches = 0;

  /**
   * Writes the model, or its weights, to a file during training.
   *
   * @param options - {@link ModelCheckpointOptions}, or `filepath` and the others by position.
   * @throws ValueError ERR_FILE_FORMAT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options: ModelCheckpointOptions | Target,
    monitor?: ModelCheckpointOptions["monitor"] | ModelCheckpointOptions,
    verbose?: ModelCheckpointOptions["verbose"] | ModelCheckpointOptions,
    others?: ModelCheckpointOptions,
  );
  constructor(...given: unknown[]) {
    const owner = "ModelCheckpoint";
    const [first, ...rest] = given;
    const options = isTarget(first)
      ? { ...placedOptions<ModelCheckpointOptions>(owner, NAMES.slice(1, 3), rest, 1), filepath: first }
      : placedOptions<ModelCheckpointOptions>(owner, NAMES.slice(0, 3), given);
    checkKnownOptions(owner, options, NAMES);
    super(owner, text(owner, "monitor", options.monitor ?? "val_loss"), options.mode ?? "auto", 0);
    this.filepath = checkedTarget(owner, options.filepath);
    this.saveBestOnly = boolean(owner, "saveBestOnly", options.saveBestOnly ?? false);
    this.saveWeightsOnly = boolean(owner, "saveWeightsOnly", options.saveWeightsOnly ?? false);
    this.saveFreq = saveFrequency(owner, options.saveFreq);
    this.verbose = verbosity(owner, options.verbose);
    const threshold = options.initialValueThreshold ?? null;
    this.best = threshold === null ? undefined : finiteNumber(owner, "initialValueThreshold", threshold);
    const { filepath } = this;
    // An unknown extension is refused now, not after the first epoch.
    (this.saveWeightsOnly ? weightsFormat : modelFormat)(owner, { format: null, place: filepath, isWritten: true });
    this.#pattern =
      typeof filepath === "string" || isURL(filepath) ? new FilePattern(owner, patternOf(filepath)) : null;
  }

  override onEpochBegin(epoch: number): void {
    checkObject(this, "onEpochBegin");
    this.#epoch = epoch;
  }

  override onTrainBatchEnd(batch: number, logs: Logs): Hook {
    checkObject(this, "onTrainBatchEnd");
    if (this.saveFreq === "epoch" || ++this.#batches < this.saveFreq) return;
    this.#batches = 0;
    return this.#save(batch, logs);
  }

  override onEpochEnd(epoch: number, logs: Logs): Hook {
    checkObject(this, "onEpochEnd");
    this.#epoch = epoch;
    if (this.saveFreq === "epoch") return this.#save(null, logs);
  }

  /** @internal */
  override remoteNeeds(hook: HookName): "logs" | "model" | undefined {
    if (this.constructor !== ModelCheckpoint) return undefined;
    return hook === (this.saveFreq === "epoch" ? "onEpochEnd" : "onTrainBatchEnd") ? "model" : "logs";
  }

  async #save(batch: number | null, logs: Logs): Promise<void> {
    const epoch = this.#epoch + 1;
    const counts = { epoch, ...(batch === null ? {} : { batch: batch + 1 }) };
    const target = this.#pattern?.filled({ counts, logs }) ?? this.filepath;
    const name = nameOf(target) ?? "the file";
    const say = (words: string) => {
      if (this.verbose > 0) console.log(`\nEpoch ${epoch}: ${words}`);
    };
    if (!this.#isWanted(logs, name, say)) return;
    // For a schedule-free rule the averages are saved, even within an epoch.
    if (this.model.optimizer !== null) this.model.optimizer.evaluates = true;
    await withSavable(this.model, (model) =>
      this.saveWeightsOnly ? saveWeights(model, target, {}) : saveModel(model, target, {}),
    );
    say(`finished saving model to ${name}`);
  }

  #isWanted(logs: Logs, name: string, say: (words: string) => void): boolean {
    const current = this.saveBestOnly ? this.monitored(logs) : undefined;
    if (current === undefined) {
      // Without a number to compare, every file is written, as in Keras; monitored() has already warned.
      say(`saving model to ${name}`);
      return true;
    }
    const before = this.best === undefined ? "None" : this.best.toFixed(5);
    if (!this.isBetter(current, this.best)) {
      say(`${this.monitor} did not improve from ${before}`);
      return false;
    }
    say(`${this.monitor} improved from ${before} to ${current.toFixed(5)}, saving model to ${name}`);
    this.best = current;
    return true;
  }
}

/** A URL has encoded the braces. */
function patternOf(place: string | { readonly href: string }): string {
  return typeof place === "string" ? place : place.href.replaceAll("%7B", "{").replaceAll("%7D", "}");
}

function checkedTarget(owner: string, filepath: unknown): Target {
  if (isTarget(filepath)) return filepath;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "filepath" must be a path, a file: URL, "indexeddb://name", "opfs://path", "download://name" or a file handle, got ${shown(filepath)}.`,
  );
}
