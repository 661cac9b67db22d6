/**
 * A model that trains in a worker.
 *
 * Over 300 lines: one class with complete doc comments.
 *
 * @module
 */

import type { History } from "../callbacks/history.js";
import { using } from "../callbacks/one-run.js";
import { ProgressBar } from "../callbacks/progress-bar.js";
import { heard } from "../callbacks/waiting.js";
import { COPY } from "../copies.js";
import {
  type CheckedRun,
  checkedFit,
  checkedOnBatch,
  checkedRun,
  type EvaluateOptions,
  type FitOptions,
  labelsAndOptions,
  type RunOptions,
} from "../models/fit-options.js";
import { type RowShapes, rowShapesIn } from "../models/forms.js";
import { withinASecond } from "../models/loop.js";
import type { DataInput } from "../models/samples.js";
import type { LossAndMetrics } from "../models/scores.js";
import type { BatchStream, InputStream } from "../models/stream.js";
import type { OnBatchOptions, TestOnBatchOptions } from "../models/trainable-model.js";
import type { OptimizerStats } from "../optimizers/optimizer-stats.js";
import { boolean, checkMethod, isList } from "../options.js";
import { type Tensor, tensor } from "../tensor.js";
import type { LayerWeight, WeightInput } from "../weights.js";
import { CallQueue } from "./call-queue.js";
import type { Client } from "./client.js";
import { packedBatch, packedCall, type RunName } from "./data/packed-call.js";
import { type Giving, Packing } from "./data/packing.js";
import type { Methods, ModelFacts } from "./data/protocol.js";
import { failedHistory, received } from "./histories.js";
import { HookRelay } from "./hook-relay.js";
import { listened } from "./listeners.js";

/**
 * A model in a worker: the methods of a local model, with the same arguments and results, all asynchronous.
 * {@link offload} creates it.
 *
 * Callbacks run on this thread. The worker waits for instances of `Callback`, so they may stop training, change the
 * learning rate, and read and write weights through `this.model`, as in a local `fit`. For plain objects with hooks it
 * waits at epochs, and at batches only if they return a promise: training continues while they draw.
 *
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 * import { offload } from "gradstep/worker";
 *
 * const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
 * model.compile({ optimizer: "sgd", loss: "mse" });
 * await using remote = await offload(model);
 * const { history } = await remote.fit([[1], [2]], [[2], [4]], { epochs: 3 });
 * console.log(history.loss?.length); // 3
 * model.setWeights(await remote.getWeights());
 * ```
 */
export class RemoteModel {
  /** The model's name. */
  readonly name: string;
  /** The history of the last `fit`, even if it failed after it began; `null` before. */
  history: History | null = null;
  readonly #client: Client;
  readonly #facts: ModelFacts;
  readonly #give: boolean;
  readonly #queue: CallQueue;
  /** Shapes of the inputs' samples: reported by the worker, or inferred from later data. */
  #rowShapes: RowShapes;
  #stop = false;
  #fitting: HookRelay | undefined;

  /** Use {@link offload}. @internal */
  constructor(client: Client, facts: ModelFacts, give: boolean) {
    this.#client = client;
    this.#queue = new CallQueue(client);
    this.#facts = facts;
    this.#rowShapes = facts.rowShapes;
    this.#give = give;
    this.name = facts.name;
  }

  /** Whether training ends after the current batch. Set it while `fit` runs. */
  get stopTraining(): boolean {
    return this.#stop;
  }

  set stopTraining(stop: boolean) {
    this.#stop = stop;
    if (stop) this.#fitting?.port.order({ order: "stop" });
  }

  /** The optimizer's `iterations`, as last reported by the worker. */
  get lastIteration(): number {
    return this.#client.lastIteration;
  }

  /** The optimizer's `skippedSteps`, as last reported by the worker. */
  get skippedSteps(): number {
    return this.#client.skippedSteps;
  }

  /**
   * The optimizer's `stats`, as last reported by the worker: after a call, not during `fit`. `undefined` without
   * `compile({ stats: true })`, `null` before the first update.
   */
  get stats(): OptimizerStats | null | undefined {
    return this.#client.stats;
  }

  /**
   * Trains in the worker. Data, options and result are those of a model's `fit`; batches from an iterable are requested
   * one by one. Large arrays are copied in pieces, so that a page stays responsive: do not change them until the call
   * has finished.
   *
   * @param x - Samples, or batches, as in a model's `fit`.
   * @param y - Labels, as in a model's `fit`.
   * @param options - As in a model's `fit`.
   * @returns The history, with the additions of callbacks.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers or do not fit; (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`,
   * `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`) for wrong options; (`ERR_BUSY`) during another run
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent; the signal's reason; errors
   * of callbacks
   */
  async fit(x: DataInput | BatchStream, y?: DataInput | FitOptions | null, options?: FitOptions): Promise<History> {
    checkMethod(this, "fit", arguments.length, 3);
    const given = this.#given("fit", x, y, options);
    const checked = checkedFit(given.options);
    this.history = received(await this.#run("fit", x, given.y, given.options, checked));
    return this.history;
  }

  /**
   * Computes loss and metrics over data in the worker.
   *
   * @param x - Samples, or batches, as in a model's `fit`.
   * @param y - Labels, as in a model's `fit`.
   * @param options - As in a model's `evaluate`.
   * @returns The loss alone if there are no metrics, otherwise a list: the loss first, then the metrics; with
   * `returnDict` an object by name.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers or do not fit; (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`,
   * `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`) for wrong options; (`ERR_BUSY`) during another run
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent; the signal's reason
   */
  async evaluate(
    x: DataInput | BatchStream,
    y: DataInput | null | undefined,
    options: EvaluateOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async evaluate(
    x: DataInput | BatchStream,
    options: EvaluateOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async evaluate(
    x: DataInput | BatchStream,
    y?: DataInput | EvaluateOptions | null,
    options?: EvaluateOptions,
  ): Promise<LossAndMetrics>;
  async evaluate(
    x: DataInput | BatchStream,
    second?: DataInput | EvaluateOptions | null,
    third?: EvaluateOptions,
  ): Promise<unknown> {
    checkMethod(this, "evaluate", arguments.length, 3);
    const { y, options } = this.#given("evaluate", x, second, third);
    const checked = checkedRun("evaluate", options, ["sampleWeight", "returnDict"]);
    boolean("evaluate", "returnDict", options.returnDict ?? false);
    return this.#run("evaluate", x, y, options, checked);
  }

  /**
   * Computes the outputs for data in the worker.
   *
   * @param x - Samples, or batches, as in a model's `fit`.
   * @param options - As in a model's `predict`.
   * @returns A tensor in this thread's memory, of the output's shape with all samples along the first axis.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers or do not fit; (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`,
   * `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`) for wrong options; (`ERR_BUSY`) during another run
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent; the signal's reason
   */
  async predict(x: DataInput | InputStream, options: RunOptions = {}): Promise<Tensor<"float32">> {
    checkMethod(this, "predict", arguments.length, 2);
    const [first] = await this.predictAll(x, options);
    return first as Tensor<"float32">;
  }

  /**
   * Computes the outputs for data in the worker, always as a list.
   *
   * @param x - Samples, or batches, as in a model's `fit`.
   * @param options - As in a model's `predict`.
   * @returns A list with one tensor for each output.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers or do not fit; (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`,
   * `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`) for wrong options; (`ERR_BUSY`) during another run
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent; the signal's reason
   */
  async predictAll(x: DataInput | InputStream, options: RunOptions = {}): Promise<Tensor<"float32">[]> {
    checkMethod(this, "predictAll", arguments.length, 2);
    const checked = checkedRun("predict", options);
    const outputs = await this.#run("predict", x as DataInput | BatchStream, undefined, options, checked);
    return tensorsOf(outputs);
  }

  /**
   * Computes the outputs of one batch.
   *
   * @param x - One batch of samples.
   * @returns A tensor in this thread's memory; a list of them for several outputs.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers or do not fit; (`ERR_BUSY`) during another run
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async predictOnBatch(x: DataInput): Promise<Tensor<"float32">> {
    checkMethod(this, "predictOnBatch", arguments.length, 1);
    const packed = packedBatch("predictOnBatch", x, undefined, {}, this.#giving);
    const outputs = tensorsOf(await this.#queue.call("predictOnBatch", packed.args, packed));
    return (outputs.length > 1 ? outputs : outputs[0]) as Tensor<"float32">;
  }

  /**
   * Trains on one batch: one update with these samples.
   *
   * @param x - One batch of samples.
   * @param y - Their labels.
   * @param options - As in a model's `trainOnBatch`.
   * @returns Loss and metrics of this batch, computed before the update: a number, a list of numbers, or an object by
   *   name.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers or do not fit; (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`,
   * `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`) for wrong options; (`ERR_BUSY`) during another run
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async trainOnBatch(
    x: DataInput,
    y: DataInput | null | undefined,
    options: OnBatchOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async trainOnBatch(
    x: DataInput,
    options: OnBatchOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async trainOnBatch(
    x: DataInput,
    y?: DataInput | OnBatchOptions | null,
    options?: OnBatchOptions,
  ): Promise<LossAndMetrics>;
  async trainOnBatch(
    x: DataInput,
    second?: DataInput | OnBatchOptions | null,
    third?: OnBatchOptions,
  ): Promise<unknown> {
    checkMethod(this, "trainOnBatch", arguments.length, 3);
    const { y, options } = this.#given("trainOnBatch", x, second, third);
    return this.#onBatch("trainOnBatch", x, y, options);
  }

  /**
   * Computes loss and metrics of these samples, without an update.
   *
   * @param x - One batch of samples.
   * @param y - Their labels.
   * @param options - As in a model's `testOnBatch`.
   * @returns Loss and metrics of this batch: a number, a list of numbers, or an object by name.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers or do not fit; (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`,
   * `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`) for wrong options; (`ERR_BUSY`) during another run
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async testOnBatch(
    x: DataInput,
    y: DataInput | null | undefined,
    options: TestOnBatchOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async testOnBatch(
    x: DataInput,
    options: TestOnBatchOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async testOnBatch(
    x: DataInput,
    y?: DataInput | TestOnBatchOptions | null,
    options?: TestOnBatchOptions,
  ): Promise<LossAndMetrics>;
  async testOnBatch(
    x: DataInput,
    second?: DataInput | TestOnBatchOptions | null,
    third?: TestOnBatchOptions,
  ): Promise<unknown> {
    checkMethod(this, "testOnBatch", arguments.length, 3);
    const { y, options } = this.#given("testOnBatch", x, second, third);
    return this.#onBatch("testOnBatch", x, y, options);
  }

  /**
   * Copies the weights: `model.setWeights(await remote.getWeights())` copies them to a local model.
   *
   * @returns A list of `{ data, shape, dtype }`, in the order of a model's `weights`.
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async getWeights(): Promise<LayerWeight[]> {
    checkMethod(this, "getWeights", arguments.length, 0);
    return [...(await this.#queue.call("getWeights", null))];
  }

  /**
   * Overwrites the weights.
   *
   * @param weights - One for each weight, as in a model's `setWeights`.
   * @throws ValueError, TypeError (`ERR_WEIGHTS_COUNT`, `ERR_WEIGHTS_SHAPE`, `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`)
   * when count or shapes differ, and for anything but numbers; nothing is written then
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async setWeights(weights: readonly WeightInput[]): Promise<void> {
    checkMethod(this, "setWeights", arguments.length, 1);
    const packing = new Packing("setWeights", false);
    const packed = isList(weights) ? packing.weights(weights) : (weights as unknown as unknown[]);
    await this.#queue.call("setWeights", packed, packing);
  }

  /** Ends the worker; calls in progress reject. A second call does nothing. */
  async dispose(): Promise<void> {
    checkMethod(this, "dispose", arguments.length, 0);
    this.#fitting?.close();
    await this.#client.dispose();
  }

  /** The same as {@link RemoteModel.dispose}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #run<K extends RunName>(
    name: K,
    x: DataInput | BatchStream,
    y: DataInput | undefined,
    options: FitOptions & EvaluateOptions,
    checked: CheckedRun,
  ): Promise<Methods[K]["result"]> {
    const leave = using(name, checked.callbacks, this);
    try {
      return await this.#relayed(name, x, y, options, checked);
    } finally {
      leave();
    }
  }

  async #relayed<K extends RunName>(
    name: K,
    x: DataInput | BatchStream,
    y: DataInput | undefined,
    options: FitOptions & EvaluateOptions,
    checked: CheckedRun,
  ): Promise<Methods[K]["result"]> {
    const { verbose, signal } = checked;
    // The progress bar is drawn on this thread: a worker does not know whether there is a terminal.
    const callbacks = [...checked.callbacks, ...(verbose > 0 ? [new ProgressBar()] : [])];
    const { args, moved, finish, sources } = packedCall(name, x, y, options, this.#giving);
    if (signal?.aborted === true) void sources.close("failed");
    signal?.throwIfAborted();
    const [client, facts] = [this.#client, this.#facts];
    const relay = new HookRelay({ client, facts, owner: this, callbacks, verbose, sources, signal });
    // A simultaneous second fit is refused by the model, and must not use the first one's port.
    const isFit = name === "fit" && this.#fitting === undefined;
    if (isFit) {
      this.#stop = false;
      this.#fitting = relay;
    }
    const { far } = relay.port;
    try {
      const sent = { ...args, ...listened(callbacks), port: far };
      const result = await this.#queue.call(name, sent, { moved: [...moved, far], finish }, signal);
      // A source that is slow to close must not delay an abort.
      await heard(sources.close(isFit && this.#stop ? "stopped" : "done"), signal);
      if (y !== undefined && y !== null) this.#rowShapes = rowShapesIn(x, this.#rowShapes, false);
      return result;
    } catch (error) {
      void sources.close("failed");
      if (isFit) this.history = (await failedHistory(client)) ?? this.history;
      await withinASecond(relay.failed());
      throw relay.errorOf(error);
    } finally {
      if (isFit) this.#fitting = undefined;
      relay.close();
    }
  }

  #given<O extends object>(owner: string, x: unknown, y: DataInput | O | null | undefined, options: O | undefined) {
    return labelsAndOptions(owner, x, y, options, this.#facts.outputs, this.#facts.needsLabels);
  }

  async #onBatch(
    name: "trainOnBatch" | "testOnBatch",
    x: DataInput,
    y: DataInput | undefined,
    options: OnBatchOptions,
  ): Promise<unknown> {
    checkedOnBatch(name, options);
    const packed = packedBatch(name, x, y, options, this.#giving);
    return (await this.#queue.call(name, packed.args, packed)) as unknown;
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  get #giving(): Giving {
    const { inputs, outputs } = this.#facts;
    return { give: this.#give, inputs: inputs.length, outputs: outputs.length, rowShapes: this.#rowShapes };
  }
}

function tensorsOf(outputs: Methods["predict"]["result"]): Tensor<"float32">[] {
  return outputs.map(({ data, shape }) => tensor(data, shape ?? undefined, "float32"));
}
