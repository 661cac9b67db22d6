/**
 * TensorBoard.
 *
 * @module
 */

import { placedOptions } from "../../arguments.js";
import { Callback, type CallbackModel, type Hook, type HookName, type Logs } from "../../callbacks/callback.js";
import { ValueError } from "../../errors.js";
import { boolean, checkKnownOptions, checkObject, integer, shown, text } from "../../options.js";
import type { URL } from "../../platform-types.js";
import { now as milliseconds } from "../../runtime/clock.js";
import { warnOnce } from "../../warnings.js";
import { histogramRecord, modelRecord, scalarRecord, versionRecord } from "../formats/event-file.js";
import { checkGrowing, GrowingFile } from "../stores/appending.js";
import { isURL } from "../stores/source-kinds.js";

/** Options of {@link TensorBoard}, with Keras's defaults. */
export interface TensorBoardOptions {
  /** The folder of the event files: a path, a `file:` URL, or `"opfs://path"`. Default: `"logs"`. */
  readonly logDir?: string | URL | undefined;
  /** Epochs between histograms of the weights; 0 for none. Default: 0. */
  readonly histogramFreq?: number | undefined;
  /** Whether to write the model's JSON, which TensorBoard draws as a graph. Default: true. */
  readonly writeGraph?: boolean | undefined;
  /** Whether to write the steps per second of batches and epochs. Default: false. */
  readonly writeStepsPerSecond?: boolean | undefined;
  /** `"epoch"`, `"batch"`, or the number of batches between the `batch_*` values. Default: `"epoch"`. */
  readonly updateFreq?: "epoch" | "batch" | number | undefined;
}

const NAMES = ["logDir", "histogramFreq", "writeGraph", "writeStepsPerSecond", "updateFreq"] as const;

/** Keras's options that have no counterpart. */
const MISSING = ["writeImages", "profileBatch", "embeddingsFreq", "embeddingsMetadata"];

/** Bytes that are buffered between epochs. */
const MOST_PENDING = 16_384;

/** The files of a run, each created at its first value. */
type Part = "train" | "validation";

let files = 0;

/**
 * Writes event files for TensorBoard, which `tensorboard --logdir logs` shows: `epoch_*` and `epoch_learning_rate` in the folders
 * `train` and `validation`, `batch_*` with `updateFreq`, `evaluation_*_vs_iterations`, and histograms of the weights.
 *
 * Files are written after each epoch, and when `fit` ends or rejects.
 *
 * @see [Keras: TensorBoard](https://keras.io/api/callbacks/tensorboard/)
 * @example
 * ```ts
 * import { TensorBoard } from "gradstep/saving";
 *
 * const board = new TensorBoard({ logDir: "logs/run-1", histogramFreq: 1 });
 * console.log(board.logDir); // "logs/run-1"; pass it to fit: { callbacks: [board] }
 * ```
 */
export class TensorBoard extends Callback {
  /** The folder of the event files. */
  readonly logDir: string;
  /** Epochs between histograms; 0 for none. */
  readonly histogramFreq: number;
  /** Whether the model's JSON is written. */
  readonly writeGraph: boolean;
  /** Whether the steps per second are written. */
  readonly writeStepsPerSecond: boolean;
  /** `"epoch"`, or the number of batches between values. */
  readonly updateFreq: "epoch" | number;
  readonly #files = new Map<Part, GrowingFile>();
  #isTraining = false;
  #batches = 0;
  #started = { epoch: 0, iterations: 0, batch: 0 };

  /**
   * Writes event files for TensorBoard.
   *
   * @param options - {@link TensorBoardOptions}, or `logDir` and the others by position.
   * @throws ValueError ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: TensorBoardOptions | TensorBoardOptions["logDir"],
    histogramFreq?: TensorBoardOptions["histogramFreq"] | TensorBoardOptions,
    writeGraph?: TensorBoardOptions["writeGraph"] | TensorBoardOptions,
    others?: TensorBoardOptions,
  );
  constructor(...given: unknown[]) {
    super();
    const owner = "TensorBoard";
    const options = placedOptions<TensorBoardOptions>(owner, NAMES.slice(0, 3), given);
    refuseMissing(owner, options);
    checkKnownOptions(owner, options, [...NAMES, ...MISSING.filter((name) => name in options)]);
    const folder = options.logDir ?? "logs";
    this.logDir = text(owner, "logDir", isURL(folder) ? String(folder) : folder).replace(/\/+$/, "");
    checkGrowing(owner, "logDir", this.logDir);
    this.histogramFreq = integer(owner, "histogramFreq", options.histogramFreq ?? 0, 0);
    this.writeGraph = boolean(owner, "writeGraph", options.writeGraph ?? true);
    this.writeStepsPerSecond = boolean(owner, "writeStepsPerSecond", options.writeStepsPerSecond ?? false);
    const frequency = options.updateFreq ?? "epoch";
    this.updateFreq =
      frequency === "epoch" || frequency === "batch"
        ? frequency === "batch"
          ? 1
          : frequency
        : integer(owner, "updateFreq", frequency, 1);
  }

  /** Each run has new files, so a run that resumes after an interruption extends the curves. */
  override setModel(model: CallbackModel): void {
    super.setModel(model);
    this.#files.clear();
  }

  /** @internal */
  override get statefulName(): string {
    return "TensorBoard";
  }

  override onTrainBegin(): void {
    checkObject(this, "onTrainBegin");
    this.#isTraining = true;
    this.#batches = 0;
    const { toJSON } = this.model as { readonly toJSON?: () => object };
    if (!this.writeGraph || toJSON === undefined) return;
    try {
      this.#file("train").add(modelRecord(now(), JSON.stringify(this.model)));
    } catch (error) {
      // As in Keras: a model that JSON cannot represent can still be trained.
      warnOnce(this, `TensorBoard: the graph was not written: ${(error as Error).message}`);
    }
  }

  override onEpochBegin(): void {
    checkObject(this, "onEpochBegin");
    this.#started = { ...this.#started, epoch: clock(), iterations: this.#iterations };
  }

  override onTrainBatchBegin(): void {
    checkObject(this, "onTrainBatchBegin");
    if (this.writeStepsPerSecond) this.#started.batch = clock();
  }

  override onTrainBatchEnd(_batch: number, logs: Logs): Hook {
    checkObject(this, "onTrainBatchEnd");
    this.#batches++;
    if (this.updateFreq === "epoch" || this.#batches % this.updateFreq !== 0) return;
    const speed = this.writeStepsPerSecond ? { steps_per_second: 1 / (clock() - this.#started.batch) } : {};
    this.#write("train", this.#batches, { ...speed, ...logs }, (name) => `batch_${name}`);
    if ((this.#files.get("train") as GrowingFile).pending > MOST_PENDING) return this.#flush();
  }

  override onEpochEnd(epoch: number, logs: Logs): Hook {
    checkObject(this, "onEpochEnd");
    const [train, validation]: [Logs, Logs] = [{}, {}];
    for (const [name, value] of Object.entries(logs)) {
      if (name.startsWith("val_")) validation[name.slice(4)] = value;
      else train[name] = value;
    }
    const { optimizer } = this.model;
    const rate = optimizer?.soleRate ?? null;
    if (rate !== null) train.learning_rate = rate;
    if (this.writeStepsPerSecond) {
      train.steps_per_second = (this.#iterations - this.#started.iterations) / (clock() - this.#started.epoch);
    }
    this.#write("train", epoch, train, (name) => `epoch_${name}`);
    this.#write("validation", epoch, validation, (name) => `epoch_${name}`);
    if (this.histogramFreq > 0 && epoch % this.histogramFreq === 0) this.#writeWeights(epoch);
    return this.#flush();
  }

  override onTestEnd(logs: Logs): Hook {
    checkObject(this, "onTestEnd");
    this.#write("validation", this.#iterations, logs, (name) => `evaluation_${name}_vs_iterations`);
    if (!this.#isTraining) return this.#flush();
  }

  override onTrainEnd(): Hook {
    checkObject(this, "onTrainEnd");
    this.#isTraining = false;
    return this.#flush();
  }

  /** @internal */
  override runFailed(): Hook {
    return this.onTrainEnd();
  }

  /** @internal */
  override remoteNeeds(hook: HookName): "logs" | "weights" | undefined {
    if (this.constructor !== TensorBoard) return undefined;
    return hook === "onEpochEnd" && this.histogramFreq > 0 ? "weights" : "logs";
  }

  get #iterations(): number {
    return this.model.optimizer?.iterations ?? 0;
  }

  #write(part: Part, step: number, logs: Logs, tagOf: (name: string) => string): void {
    for (const [name, value] of Object.entries(logs)) {
      if (typeof value === "number") this.#file(part).add(scalarRecord(now(), step, tagOf(name), value));
      else
        warnOnce(
          this,
          `TensorBoard: "${name}" is a list of numbers, but a curve needs a single number. It was skipped.`,
        );
    }
  }

  #writeWeights(epoch: number): void {
    const { weights, paths } = this.model as Partial<SeenWeights>;
    this.model.getWeights().forEach(({ data }, i) => {
      const path = weights?.[i]?.path ?? paths?.[i] ?? `weight_${i}`;
      const tag = `${path.replaceAll(":", "_")}/histogram`;
      this.#file("train").add(histogramRecord(now(), epoch, tag, data));
    });
  }

  #file(part: Part): GrowingFile {
    const known = this.#files.get(part);
    if (known !== undefined) return known;
    const seconds = String(Math.floor(now())).padStart(10, "0");
    // TensorBoard reads the files of a folder in the order of their names, which start with the seconds.
    const name = `events.out.tfevents.${seconds}.gradstep.${Date.now() % 1000}.${files++}.v2`;
    const file = new GrowingFile(`${this.logDir}/${part}/${name}`);
    file.add(versionRecord(now()));
    this.#files.set(part, file);
    return file;
  }

  async #flush(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.flush()));
  }
}

/** The paths of weights, of a local model or of one in a worker. */
interface SeenWeights {
  readonly weights: readonly { readonly path: string }[];
  readonly paths: readonly string[];
}

const now = () => Date.now() / 1000;
/** For the speed: a batch may take less than a millisecond. */
const clock = () => milliseconds() / 1000;

/** Unsupported options of Keras: ignoring them silently would be misleading. */
function refuseMissing(owner: string, options: object): void {
  for (const name of MISSING) {
    const value: unknown = Object.hasOwn(options, name) ? (options as Record<string, unknown>)[name] : undefined;
    if (value === undefined || value === null || value === 0 || value === false) continue;
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `${owner}: "${name}" of Keras is not supported here, got ${shown(value)}. Leave it out.`,
    );
  }
}
