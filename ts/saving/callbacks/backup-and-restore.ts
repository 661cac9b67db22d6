/**
 * BackupAndRestore.
 *
 * @module
 */

import { placedOptions } from "../../arguments.js";
import { Callback, type Hook } from "../../callbacks/callback.js";
import { ValueError } from "../../errors.js";
import type { LayerShapes } from "../../layers/layer-shape.js";
import { buildCompiled, optimizersIn } from "../../models/own-optimizers.js";
import { positionOf, type RunPosition, randomOf, resumeAt, setRandom } from "../../models/resuming.js";
import { TrainableModel } from "../../models/trainable-model.js";
import { boolean, checkKnownOptions, checkObject, isList, text } from "../../options.js";
import type { URL } from "../../platform-types.js";
import { readWeights, type WeightHolder } from "../../weights.js";
import { readTensors, writeTensors } from "../assignment.js";
import {
  averagesOf,
  builtOthers,
  checkedAverages,
  checkedPosition,
  checkedRandom,
  checkedTrained,
  othersOf,
  trainedOf,
} from "../extras.js";
import { parsedJSON } from "../formats/json-text.js";
import type { StoredEntry } from "../formats/model-file.js";
import { readSafetensors, writeSafetensors } from "../formats/safetensors.js";
import type { ModelNumbers, StoredTensors } from "../formats/stored-tensor.js";
import { checkGrowing } from "../stores/appending.js";
import { refuseFile } from "../stores/file-error.js";
import { isURL } from "../stores/source-kinds.js";
import { bytesOf } from "../stores/sources.js";
import { clearPlace, isAt } from "../stores/standing-files.js";
import { writeTo } from "../stores/targets.js";
import { namedState, statesOfOthers } from "../weight-names.js";
import { saveFrequency } from "./save-frequency.js";

/** Options of {@link BackupAndRestore}, with Keras's defaults. */
export interface BackupAndRestoreOptions {
  /**
   * The folder of the backup, used only by this run: a path, a `file:` URL, `"opfs://path"` or `"indexeddb://name"`.
   * Required.
   */
  readonly backupDir?: string | URL | undefined;
  /** `"epoch"`, or a number of batches. Default: `"epoch"`. */
  readonly saveFreq?: "epoch" | number | undefined;
  /** Whether to keep the backup before the last one too, in case the last one cannot be read. Default: false. */
  readonly doubleCheckpoint?: boolean | undefined;
  /** Whether to remove the backup when `fit` has finished. Default: true. */
  readonly deleteCheckpoint?: boolean | undefined;
}

const NAMES = ["backupDir", "saveFreq", "doubleCheckpoint", "deleteCheckpoint"] as const;

const FILES = ["latest.safetensors", "latest-1.safetensors"] as const;
/** The package's entry in the file's metadata. */
const RUN = "gradstep_run";

interface Backup {
  readonly place: string;
  readonly tensors: StoredTensors["tensors"];
  readonly serial: number;
  readonly shapes: LayerShapes | null;
  readonly position: RunPosition;
  readonly random: ReturnType<typeof randomOf>;
  /** The inner optimizers of whose parameters the weights are averages. */
  readonly averages: readonly boolean[];
  /** The variables of the optimizer of `compile`. */
  readonly trained: unknown;
  /** The optimizers in the model's fields. */
  readonly optimizers: unknown;
}

/**
 * Backs up a run, and resumes it after an interruption: call `fit` again with the same arguments, in the same or in
 * another process. The final weights have the same bits as those of an uninterrupted run. If `saveFreq` is a number of
 * batches, a run that was interrupted within an epoch resumes within that epoch; the epoch's history then only covers
 * its remaining batches.
 *
 * Put it last among the callbacks: changes by later callbacks are not in the backup. Other callbacks restart, as in
 * Keras.
 *
 * @see [Keras: BackupAndRestore](https://keras.io/api/callbacks/backup_and_restore/)
 * @example
 * ```ts
 * import { BackupAndRestore } from "gradstep/saving";
 *
 * const backup = new BackupAndRestore({ backupDir: "backup", saveFreq: 100 });
 * console.log(backup.backupDir); // "backup"; pass it to fit: { callbacks: [backup] }
 * ```
 */
export class BackupAndRestore extends Callback {
  /** The folder of the backup. */
  readonly backupDir: string;
  /** `"epoch"`, or the number of batches between backups. */
  readonly saveFreq: "epoch" | number;
  /** Whether to keep the backup before the last one too. */
  readonly doubleCheckpoint: boolean;
  /** Whether to remove the backup when `fit` has finished. */
  readonly deleteCheckpoint: boolean;
  #batches = 0;
  #serial = 0;

  /**
   * Backs up a run, and resumes it after an interruption.
   *
   * @param options - {@link BackupAndRestoreOptions}, or `backupDir` and the others by position.
   * @throws ValueError ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options: BackupAndRestoreOptions | string | URL,
    saveFreq?: BackupAndRestoreOptions["saveFreq"] | BackupAndRestoreOptions,
    others?: BackupAndRestoreOptions,
  );
  constructor(...given: unknown[]) {
    super();
    const owner = "BackupAndRestore";
    const options = placedOptions<BackupAndRestoreOptions>(owner, NAMES.slice(0, 2), given);
    checkKnownOptions(owner, options, NAMES);
    const folder = isURL(options.backupDir) ? String(options.backupDir) : options.backupDir;
    this.backupDir = text(owner, "backupDir", folder).replace(/\/+$/, "");
    if (this.backupDir === "") throw new ValueError("ERR_OPTION_RANGE", `${owner}: "backupDir" must name a folder.`);
    checkGrowing(owner, "backupDir", this.backupDir);
    this.saveFreq = saveFrequency(owner, options.saveFreq);
    this.doubleCheckpoint = boolean(owner, "doubleCheckpoint", options.doubleCheckpoint ?? false);
    this.deleteCheckpoint = boolean(owner, "deleteCheckpoint", options.deleteCheckpoint ?? true);
  }

  /** @internal */
  override get statefulName(): string {
    return "BackupAndRestore";
  }

  override async onTrainBegin(): Promise<void> {
    checkObject(this, "onTrainBegin");
    this.#batches = 0;
    this.#serial = 0;
    const model = this.#trained;
    const backup = await this.#latest();
    if (backup === undefined) return;
    const { shapes, position, random, averages, serial } = backup;
    this.#serial = serial;
    if (!model.built && shapes !== null) model.build(shapes as LayerShapes);
    await restore(model, backup);
    if (model.optimizer !== null) model.optimizer.averageModes = averages;
    setRandom(model, random);
    resumeAt(model, position);
  }

  override onTrainBatchEnd(batch: number): Hook {
    checkObject(this, "onTrainBatchEnd");
    // After the last batch of an epoch, the end of the epoch is saved, including validation.
    if (this.saveFreq === "epoch" || ++this.#batches < this.saveFreq || batch + 1 === this.params.steps) return;
    return this.#save();
  }

  override onEpochEnd(): Hook {
    checkObject(this, "onEpochEnd");
    if (this.saveFreq === "epoch" || this.#batches >= this.saveFreq) return this.#save();
  }

  override async onTrainEnd(): Promise<void> {
    checkObject(this, "onTrainEnd");
    if (this.deleteCheckpoint && this.#writes) for (const name of FILES) await clearPlace(this.#place(name), "all");
  }

  /** The model. @throws ValueError for one in a worker */
  get #trained(): TrainableModel {
    const { model } = this;
    if (model instanceof TrainableModel) return model;
    throw new ValueError(
      "ERR_NOT_IMPLEMENTED",
      `BackupAndRestore: ${model.name} trains in a worker, where it cannot be restored from a backup. Train it on this thread, or save it with ModelCheckpoint and resume with loadModel and initialEpoch.`,
    );
  }

  /** With several replicas, only the first one writes. */
  get #writes(): boolean {
    const { distribute } = this.#trained.compileOptions ?? {};
    return ((distribute as { readonly rank?: number } | null | undefined)?.rank ?? 0) === 0;
  }

  #place(name: string): string {
    return `${this.backupDir}/${name}`;
  }

  async #save(): Promise<void> {
    this.#batches = 0;
    const model = this.#trained;
    if (!this.#writes) return;
    const tensors = readWeights(holdersOf(model)).map(({ shape, data }, i) => {
      return { name: String(i), shape, data: data as ModelNumbers };
    });
    const serial = ++this.#serial;
    const shapes = (model as unknown as Buildable).builtShape ?? null;
    const run = JSON.stringify({
      serial,
      shapes,
      position: positionOf(model),
      random: randomOf(model),
      ...averagesOf(model),
      ...trainedOf(model),
      ...othersOf(model),
    });
    const pieces = writeSafetensors(tensors, new Map([[RUN, run]]));
    await writeTo("BackupAndRestore", this.#place(FILES[this.doubleCheckpoint ? serial % 2 : 0]!), pieces);
  }

  /** The newest readable backup. @throws ValueError, FileError if there are backups, but none is readable */
  async #latest(): Promise<Backup | undefined> {
    const found: Backup[] = [];
    const errors: unknown[] = [];
    for (const name of FILES) {
      const place = this.#place(name);
      // Partly written by a process that was killed.
      if (this.#writes) await clearPlace(place, "unfinished");
      if (!(await isAt(place))) continue;
      try {
        found.push(backupIn(place, await bytesOf("BackupAndRestore", place)));
      } catch (error) {
        // Missing if another process with this folder has finished.
        if (await isAt(place)) errors.push(error);
      }
    }
    if (found.length === 0 && errors.length > 0) throw errors[0];
    return found.sort((a, b) => b.serial - a.serial)[0];
  }
}

/** By order, not by name: a recreated model has new names. */
function holdersOf(model: TrainableModel): WeightHolder[] {
  return [...model.weights, ...namedState(model).values(), ...statesOfOthers(optimizersIn(model).values())];
}

/** @throws ValueError for a backup of another model, with nothing written */
async function restore(model: TrainableModel, { place, tensors, trained, optimizers }: Backup): Promise<void> {
  const others = builtOthers(model, optimizers);
  const count = statesOfOthers(optimizersIn(model).values()).length;
  if (tensors.size > model.weights.length + count) buildCompiled(model, checkedTrained(model, trained));
  const holders = holdersOf(model);
  if (holders.length !== tensors.size) {
    throw new ValueError(
      "ERR_WEIGHTS_COUNT",
      `BackupAndRestore: ${place} has ${tensors.size} arrays, and ${model.name} with its optimizer has ${holders.length}: it is a backup of another model. Remove it, or choose another backupDir.`,
    );
  }
  const entries = holders.map((holder, i): [WeightHolder, StoredEntry] => {
    const name = String(i);
    return [holder, { name, tensor: tensors.get(name) ?? refuseFile(place, `it has no array ${name}`) }];
  });
  const owner = "BackupAndRestore";
  const read = await readTensors(owner, place, new Map(entries), { allowNonfinite: true, signal: undefined });
  writeTensors(owner, model, read);
  for (const [optimizer, facts] of others.values()) optimizer.averageModes = facts.averages;
}

/** Models that know the shape for which they were built. */
interface Buildable {
  readonly builtShape?: LayerShapes | undefined;
}

/** @throws ValueError for a file that is not a backup */
function backupIn(place: string, bytes: Uint8Array): Backup {
  const { tensors, metadata } = readSafetensors(place, bytes);
  const text = metadata.get(RUN);
  if (text === undefined) return refuseFile(place, "it is not a backup of a run");
  const { serial, shapes, position, random, averages, trained, optimizers } = Object(
    parsedJSON(place, "the state of the run", text),
  ) as Backup;
  if (!isCount(serial) || !isShapes(shapes)) refuseFile(place, "the state of the run is invalid");
  return {
    place,
    tensors,
    serial,
    shapes,
    position: checkedPosition(position),
    random: checkedRandom(random),
    averages: checkedAverages(averages),
    trained,
    optimizers,
  };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isLength = (value: unknown) => value === null || isCount(value);

/** Whether these are a shape or several, or null for a model that was not built from one. */
function isShapes(value: unknown): boolean {
  if (value === null) return true;
  return isList(value) && (value.every(isLength) || value.every((shape) => isList(shape) && shape.every(isLength)));
}
