/**
 * One `fit` on the workers of a strategy.
 *
 * @module
 */

import { scratch } from "../autodiff/arena.js";
import type { CallbackHooks } from "../callbacks/callback.js";
import type { History } from "../callbacks/history.js";
import { using } from "../callbacks/one-run.js";
import { ProgressBar } from "../callbacks/progress-bar.js";
import { heard } from "../callbacks/waiting.js";
import { DisposedError, ReplicaError, WorkerLostError } from "../errors.js";
import { type CheckedFit, checkedFit, type FitOptions } from "../models/fit-options.js";
import { rowShapesOf } from "../models/forms.js";
import { withinASecond } from "../models/loop.js";
import { type DataInput, samplesOf } from "../models/samples.js";
import type { StrategyModel } from "../models/strategy.js";
import { type BatchStream, isStream } from "../models/stream.js";
import { SharedMemoryGroup, type SharedReplicas } from "../replicas/shared-memory-group.js";
import type { Client } from "../worker/client.js";
import { applyState } from "../worker/data/model-state.js";
import { type PackedCall, packedCall } from "../worker/data/packed-call.js";
import type { Methods, ModelFacts } from "../worker/data/protocol.js";
import { SharedSources } from "../worker/data/shared-sources.js";
import { failedHistory, received } from "../worker/histories.js";
import { HookRelay } from "../worker/hook-relay.js";
import { type Listened, listened } from "../worker/listeners.js";
import { argsOf } from "../worker/offload.js";

/** Settings of the group. */
export interface RunSettings {
  readonly workers: number;
  readonly verifies: boolean;
}

/**
 * A `fit` on replicas, from its arguments to its history.
 *
 * @throws ValueError, TypeError for options and data that `fit` would refuse, before any worker is started
 */
export class ReplicatedFit {
  readonly #model: StrategyModel;
  readonly #settings: RunSettings;
  readonly #checked: CheckedFit;
  readonly #packed: PackedCall;
  #hasBegun = false;
  /** Hooks of each worker: the first one has all of them. */
  readonly #hooks: readonly [first: Listened, other: Listened];

  constructor(
    model: StrategyModel,
    settings: RunSettings,
    x: DataInput | BatchStream,
    y: DataInput | undefined,
    options: FitOptions,
  ) {
    this.#model = model;
    this.#settings = settings;
    this.#checked = checkedFit(options);
    this.#hooks = [listened(this.#callbacks), listened([])];
    model.checkFit(x, y, options);
    const isVain = this.#checked.signal?.aborted === true;
    if (!(model.built || isStream(x, y) || isVain)) buildWith(model, x, y);
    model.stopTraining = false;
    const [inputs, outputs] = [model.inputPorts.length, model.outputNames.length];
    const rowShapes = rowShapesOf(model.inputPorts);
    this.#packed = packedCall("fit", x, y, options, { give: false, shared: true, inputs, outputs, rowShapes });
  }

  /** Waits for its turn, or for workers. On an abort it closes the caller's data. @throws the signal's reason */
  async waitFor(turn: Promise<unknown>): Promise<void> {
    try {
      await heard(turn, this.#checked.signal);
    } catch (error) {
      // Started work handles the abort, and ends before the caller continues.
      if (this.#hasBegun) return;
      void this.#packed.sources.close("failed");
      throw error;
    }
  }

  /** Trains on these workers, whose group uses this memory. */
  async go(clients: readonly Client[], shared: SharedReplicas): Promise<History> {
    let leave = () => {};
    try {
      // Not before its turn: runs of one strategy, which follow each other, may share callbacks.
      leave = using("fit", this.#checked.callbacks, this.#model);
      return await this.#run(clients, shared);
    } catch (error) {
      void this.#packed.sources.close("failed");
      throw error;
    } finally {
      leave();
    }
  }

  async #run(clients: readonly Client[], shared: SharedReplicas): Promise<History> {
    const model = this.#model;
    const { signal } = this.#checked;
    signal?.throwIfAborted();
    this.#hasBegun = true;
    await this.#packed.finish(() => signal?.aborted === true);
    signal?.throwIfAborted();
    const before = settingsOf(model);
    const facts = await this.#send(clients, shared);
    const relays = this.#relays(clients, facts);
    const stop = () => relays[0]?.port.order({ order: "stop" });
    model.whenStopped(stop);
    // It may have been requested while the workers started.
    if (model.stopTraining) stop();
    try {
      const results = await this.#call(clients, relays, shared);
      await this.#packed.sources.close(model.stopTraining ? "stopped" : "done");
      return received(results[0]!);
    } catch (error) {
      model.history = (await failedHistory(clients[0]!)) ?? model.history;
      throw error;
    } finally {
      model.whenStopped(undefined);
      for (const relay of relays) relay.close();
      // After an error too: completed updates are kept, as in a local `fit`.
      warnOfLost(model, before);
      await this.#bringHome(clients);
    }
  }

  /** One copy of the model for each worker. */
  async #send(clients: readonly Client[], shared: SharedReplicas): Promise<readonly ModelFacts[]> {
    const args = argsOf("fit", this.#model);
    const { verifies } = this.#settings;
    return Promise.all(
      clients.map((client, rank) => client.call("makeModel", { ...args, replica: { shared, rank, verifies } })),
    );
  }

  /** Callbacks receive the results of the first replica. */
  #relays(clients: readonly Client[], facts: readonly ModelFacts[]): HookRelay[] {
    const { verbose, signal } = this.#checked;
    const sources = new SharedSources(this.#packed.sources, this.#settings.workers);
    return clients.map(
      (client, rank) =>
        new HookRelay({
          client,
          facts: facts[rank]!,
          owner: this.#model,
          callbacks: rank === 0 ? this.#callbacks : [],
          verbose,
          sources: sources.for(rank),
          signal,
        }),
    );
  }

  get #callbacks(): readonly CallbackHooks[] {
    const { callbacks, verbose } = this.#checked;
    return [...callbacks, ...(verbose > 0 ? [new ProgressBar()] : [])];
  }

  async #call(clients: readonly Client[], relays: readonly HookRelay[], shared: SharedReplicas) {
    // In order of arrival.
    const errors: unknown[] = [];
    const settled = await Promise.allSettled(
      clients.map(async (client, rank) => {
        const relay = relays[rank]!;
        const { far } = relay.port;
        const hooks = this.#hooks[rank === 0 ? 0 : 1];
        try {
          return await client.call("fit", { ...this.#packed.args, ...hooks, port: far }, [far]);
        } catch (error) {
          errors.push(relay.errorOf(error));
          // A lost replica cannot report it.
          SharedMemoryGroup.end(shared, rank, `is gone: ${(error as Error)?.message ?? error}`);
          // The others may be waiting for a batch that never arrives.
          for (const other of relays) if (other !== relay) other.port.order({ order: "abort" });
          await withinASecond(relay.failed());
          throw error;
        }
      }),
    );
    if (errors.length > 0) throw errors.find(isCause) ?? errors[0];
    return settled.map((one) => (one as PromiseFulfilledResult<Methods["fit"]["result"]>).value);
  }

  async #bringHome(clients: readonly Client[]): Promise<void> {
    try {
      const state = await clients[0]!.call("getModelState", null);
      applyState(this.#model, state);
    } catch (error) {
      if (!(error instanceof WorkerLostError || error instanceof DisposedError)) throw error;
    }
  }
}

/** Whether it is a cause, not only a report that another replica stopped. */
function isCause(error: unknown): boolean {
  if ((error as Partial<Error> | null)?.name === "AbortError") return false;
  return !(error instanceof ReplicaError && ["ERR_REPLICA_LOST", "ERR_REPLICA_REFUSED"].includes(error.code));
}

/** The weights are drawn in this realm, as without replicas. */
function buildWith(model: StrategyModel, x: unknown, y: unknown): void {
  const samples = samplesOf("fit", model, { x, y, sampleWeight: undefined });
  scratch(() => {
    model.forward(
      samples.x.map((rows) => rows.gather(undefined, 0, 1)),
      false,
    );
  });
}

/** The weights as they were set in this realm, and the learning rate. */
function settingsOf({ weights, optimizer }: StrategyModel): { readonly assignments: number; readonly rate: unknown } {
  return { assignments: weights.reduce((sum, weight) => sum + weight.assignments, 0), rate: optimizer?.rate };
}

/** Warns about settings in this realm during the run, which its result overwrites. */
function warnOfLost(model: StrategyModel, before: ReturnType<typeof settingsOf>): void {
  const { assignments, rate } = settingsOf(model);
  const lost = [
    ...(assignments === before.assignments ? [] : ["weights"]),
    ...(rate === before.rate ? [] : ["a learning rate"]),
  ];
  if (lost.length === 0) return;
  console.warn(
    `${model.name}: ${lost.join(" and ")} set during fit on replicas had no effect: copies of the model train. Set them by "this.model" in a class that extends callbacks.Callback.`,
  );
}
