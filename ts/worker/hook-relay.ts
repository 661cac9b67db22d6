/**
 * The main thread's side of a run in a worker: calls the callbacks, and sends batches.
 *
 * @module
 */

import type { CallbackHooks, RunParams } from "../callbacks/callback.js";
import { CallbackList } from "../callbacks/callback-list.js";
import type { Transferable } from "../platform-types.js";
import type { Client } from "./client.js";
import type { HookAnswer, ModelFacts, Question } from "./data/protocol.js";
import type { BatchSupplier } from "./data/shared-sources.js";
import { ModelMirror, type Stoppable } from "./model-mirror.js";
import { AnsweringPort } from "./question-ports.js";

/** Arguments of a relayed run. */
export interface RelayOptions {
  readonly client: Client;
  readonly facts: ModelFacts;
  readonly owner: Stoppable;
  readonly callbacks: readonly CallbackHooks[];
  readonly verbose: RunParams["verbose"];
  readonly sources: BatchSupplier;
  readonly signal: AbortSignal | undefined;
}

/** Answers the worker's requests during one call. */
export class HookRelay {
  readonly port: AnsweringPort;
  readonly #options: RelayOptions;
  readonly #mirror: ModelMirror;
  #list: CallbackList | undefined;
  readonly #abort = () => this.port.order({ order: "abort" });

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#mirror = new ModelMirror(options.facts, options.owner);
    this.port = new AnsweringPort((question) => this.#answer(question));
    options.signal?.addEventListener("abort", this.#abort);
    // The abort may have happened while the model was being sent to the workers; it is not reported again.
    if (options.signal?.aborted === true) this.#abort();
  }

  /** The error of a failed call: that of a callback, unchanged, otherwise the worker's. */
  errorOf(error: unknown): unknown {
    if (this.port.failure !== undefined) return this.port.failure.error;
    const { signal } = this.#options;
    const isAbort = signal?.aborted === true && (error as Error | undefined)?.name === "AbortError";
    return isAbort ? signal.reason : error;
  }

  /** After a run that failed. */
  async failed(): Promise<void> {
    await this.#list?.failed();
  }

  close(): void {
    this.#options.signal?.removeEventListener("abort", this.#abort);
    this.port.close();
    this.#mirror.dispose();
  }

  async #answer(question: Question): Promise<{ answer: unknown; transfer?: Transferable[] }> {
    switch (question.kind) {
      case "open":
        return { answer: this.#options.sources.open(question.source) };
      case "next":
        return this.#options.sources.next(question.source);
      case "begin": {
        const { epochs, steps, paths } = question;
        const { callbacks, verbose } = this.#options;
        this.#mirror.paths = paths;
        this.#list = new CallbackList(callbacks, this.#mirror, { verbose, epochs, steps });
        return { answer: null };
      }
      case "hook":
        return this.#hook(question);
    }
  }

  async #hook({ hook, index, logs, model }: Extract<Question, { kind: "hook" }>) {
    const list = this.#list as CallbackList;
    this.#options.client.lastIteration = model.iterations;
    this.#mirror.show(model);
    let isAsync = false;
    switch (hook) {
      case "onEpochBegin":
      case "onEpochEnd":
        await list.epoch(hook, index, logs);
        break;
      case "onTrainBatchBegin":
      case "onTrainBatchEnd":
      case "onTestBatchBegin":
      case "onTestBatchEnd":
      case "onPredictBatchBegin":
      case "onPredictBatchEnd": {
        const running = list.batch(hook, index, logs);
        isAsync = running !== undefined;
        await running;
        break;
      }
      default:
        await list.call(hook, logs);
    }
    const { learningRate, showsAverages, weights } = this.#mirror.changes();
    const answer: HookAnswer = {
      isAsync,
      stop: this.#options.owner.stopTraining,
      // A callback may add numbers to an epoch's logs; the history records them afterwards.
      logs: hook === "onEpochEnd" ? logs : null,
      learningRate,
      showsAverages,
      weights,
    };
    return { answer, transfer: weights?.map(({ data }) => data.buffer as ArrayBuffer) ?? [] };
  }
}
