/**
 * `fit` on several replicas of one process: Keras's MirroredStrategy.
 *
 * @module
 */

import type { History } from "../callbacks/history.js";
import { COPY } from "../copies.js";
import { DisposedError, ValueError, WorkerLostError } from "../errors.js";
import type { FitOptions } from "../models/fit-options.js";
import type { DataInput } from "../models/samples.js";
import type { FitStrategy, StrategyModel } from "../models/strategy.js";
import type { BatchStream } from "../models/stream.js";
import { boolean, checkCount, checkKnownOptions, checkMethod, integer } from "../options.js";
import { MOST_REPLICAS } from "../replicas/shared-barrier.js";
import { SharedMemoryGroup, type SharedReplicas } from "../replicas/shared-memory-group.js";
import { requireSharedMemory } from "../runtime/shared-memory.js";
import { threadsOption } from "../threads/threads-option.js";
import { Client, type CreateWorker, starterOption } from "../worker/client.js";
import { workerSettings } from "../worker/worker-threads.js";
import { ReplicatedFit } from "./replicated-fit.js";

/** Options of {@link MirroredStrategy}. */
export interface MirroredStrategyOptions {
  /** Number of parts into which each batch is cut. */
  readonly replicas: number;
  /**
   * Number of workers that compute the replicas, ideally one per idle core. Default: one for each replica. The bits of
   * results depend only on `replicas`, not on `workers`.
   */
  readonly workers?: number | undefined;
  /**
   * Threads of each worker that share the work of a step: 1 to 32, or `"auto"`, at most 4. All workers together have at
   * most as many threads as there are cores; each has at least one. Results have the same bits with any number.
   * Default: 1.
   */
  readonly threads?: number | "auto" | undefined;
  /**
   * Whether matrix products and convolutions in the workers use relaxed SIMD where the engine has it: they take a fifth less
   * time, and the bits of results differ between machines. Default: false.
   */
  readonly relaxed?: boolean | undefined;
  /** Whether to compare all weights after every step, and throw if replicas differ. Default: false. */
  readonly verify?: boolean | undefined;
  /** Milliseconds to wait for a replica before it counts as lost. Default: 300,000. */
  readonly timeout?: number | undefined;
  /** Creates a replica's worker, as in `offload`; for custom layers, from a script that exposes them. */
  readonly createWorker?: CreateWorker | null | undefined;
}

/**
 * Trains on several replicas, each in a separate worker. Every replica has a copy of the model and computes its part of
 * each batch; gradients are summed in shared memory, in the order of the replicas, so every run has the same bits. The
 * workers start with the first `fit`, and wait for the next one until {@link MirroredStrategy.close}.
 *
 * Call `fit` as usual. It trains copies, and then writes the new weights to the model and the new state to its
 * optimizer. Callbacks run in the calling realm, as do `evaluate`, `predict` and `trainOnBatch` of the model, without
 * replicas. Batch normalization uses the statistics of each replica's part, as in Keras by default.
 *
 * @see [tf.distribute.MirroredStrategy](https://www.tensorflow.org/api_docs/python/tf/distribute/MirroredStrategy)
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 * import { MirroredStrategy } from "gradstep/distribute";
 *
 * await using strategy = new MirroredStrategy({ replicas: 2 });
 * const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
 * model.compile({ optimizer: "adam", loss: "mse", distribute: strategy });
 * const { history } = await model.fit([[0, 1], [2, 3]], [[1], [5]], { epochs: 3 });
 * console.log(history.loss?.length); // 3
 * ```
 */
export class MirroredStrategy implements FitStrategy {
  /** Number of replicas. */
  readonly replicas: number;
  /** Number of workers that compute the replicas. */
  readonly workers: number;
  readonly #verifies: boolean;
  readonly #timeout: number;
  readonly #createWorker: CreateWorker | undefined;
  readonly #threads: number | "auto";
  readonly #isRelaxed: boolean;
  #clients: Promise<Client[]> | undefined;
  /** One for all runs: a page has room for about a hundred WebAssembly memories, whatever their size. */
  #shared: SharedReplicas | undefined;
  /** The previous run: workers handle one at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /**
   * Creates a strategy; its workers start with the first `fit`.
   *
   * @param options - {@link MirroredStrategyOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown, out of range or of the wrong type
   * @throws ValueError (`ERR_SHARED_MEMORY`) if memory cannot be shared; the message names the required headers
   */
  constructor(options: MirroredStrategyOptions) {
    checkCount("MirroredStrategy", arguments.length, 1);
    const owner = "MirroredStrategy";
    checkKnownOptions(owner, options, [
      "replicas",
      "workers",
      "threads",
      "relaxed",
      "verify",
      "timeout",
      "createWorker",
    ]);
    this.replicas = integer(owner, "replicas", options.replicas, 1);
    if (this.replicas > MOST_REPLICAS) {
      throw new ValueError("ERR_OPTION_RANGE", `${owner}: at most ${MOST_REPLICAS} replicas, got ${this.replicas}.`);
    }
    this.workers = integer(owner, "workers", options.workers ?? this.replicas, 1);
    if (this.workers > this.replicas) {
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `${owner}: "workers" must be at most the number of replicas, ${this.replicas}, got ${this.workers}.`,
      );
    }
    this.#verifies = boolean(owner, "verify", options.verify ?? false);
    this.#timeout = integer(owner, "timeout", options.timeout ?? 300_000, 1);
    this.#isRelaxed = boolean(owner, "relaxed", options.relaxed ?? false);
    this.#createWorker = starterOption(owner, options.createWorker);
    requireSharedMemory(owner);
    this.#threads = threadsOption(owner, options.threads);
  }

  /** Keras's name for {@link MirroredStrategy.replicas}. */
  get numReplicasInSync(): number {
    return this.replicas;
  }

  /**
   * Runs `fit` of a model compiled with this strategy. Call the model's `fit` instead.
   *
   * @param model - The model.
   * @param x - As in the model's `fit`.
   * @param y - As in the model's `fit`.
   * @param options - As in the model's `fit`.
   * @returns The history.
   * @throws the errors of the model's `fit`; ValueError (`ERR_OPTION_RANGE`) for an option out of range, (`ERR_BUSY`)
   * during another `fit`; DisposedError (`ERR_DISPOSED`) after `close`; ReplicaError (`ERR_REPLICA_DRIFT`,
   * `ERR_REPLICA_LOST`, `ERR_REPLICA_MISMATCH`, `ERR_REPLICA_REFUSED`), WorkerLostError (`ERR_WORKER_LOST`) when a
   * replica fails; ModuleError (`ERR_MODULE_MISSING`) for `relaxed` with `gradstep/slim`; OutOfMemoryError
   * (`ERR_OUT_OF_MEMORY`)
   */
  async fit(
    model: StrategyModel,
    x: DataInput | BatchStream,
    y: DataInput | undefined,
    options: FitOptions,
  ): Promise<History> {
    this.#checkOpen();
    const run = new ReplicatedFit(model, { workers: this.workers, verifies: this.#verifies }, x, y, options);
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const turn = this.#last.then(async () => {
      this.#checkOpen();
      const clients = await this.#started();
      const shared = this.#memory();
      begin();
      try {
        const history = await run.go(clients, shared);
        // After a failure a worker may still use it.
        this.#shared = shared;
        return history;
      } catch (error) {
        // The other workers still run, but a group needs all.
        if (error instanceof WorkerLostError) await this.#end();
        throw error;
      }
    });
    this.#last = turn.catch(() => {});
    await run.waitFor(Promise.race([begun, turn]));
    return turn;
  }

  /** Ends the workers. A `fit` that runs rejects. A second call does nothing. */
  async close(): Promise<void> {
    checkMethod(this, "close", arguments.length, 0);
    this.#closed = true;
    await this.#end();
  }

  /** The same as {@link MirroredStrategy.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #started(): Promise<Client[]> {
    this.#clients ??= this.#start().catch((error) => {
      this.#clients = undefined;
      throw error;
    });
    return this.#clients;
  }

  #memory(): SharedReplicas {
    const shared = this.#shared ?? SharedMemoryGroup.create(this.workers, { timeout: this.#timeout }, this.replicas);
    this.#shared = undefined;
    SharedMemoryGroup.again(shared);
    return shared;
  }

  /** All or none. */
  async #start(): Promise<Client[]> {
    const settings = await workerSettings("MirroredStrategy", this.#threads, this.workers, this.#isRelaxed);
    const starting = Array.from({ length: this.workers }, () => Client.start(this.#createWorker, false, settings));
    const started = await Promise.allSettled(starting);
    const failed = started.find((one) => one.status === "rejected");
    const clients = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    if (failed === undefined) return clients;
    await Promise.all(clients.map((client) => client.dispose()));
    throw failed.reason;
  }

  async #end(): Promise<void> {
    const clients = this.#clients;
    this.#clients = undefined;
    this.#shared = undefined;
    // `fit` has already reported that they could not be started.
    const started = await clients?.catch(() => []);
    await Promise.all((started ?? []).map((client) => client.dispose()));
  }

  #checkOpen(): void {
    if (!this.#closed) return;
    throw new DisposedError("This MirroredStrategy was closed. Make a new one, and compile with it.");
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}
