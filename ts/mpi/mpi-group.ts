/**
 * Replicas that `mpirun` started, on one machine or on many.
 *
 * @module
 */

import { libraryOpener } from "#mpi-ffi";
import { isError } from "../brands.js";
import { DisposedError, ReplicaError } from "../errors.js";
import { initSync } from "../init.js";
import { boolean, checkCount, checkKnownOptions, checkMethod, text } from "../options.js";
import type { ReplicaNumbers } from "../replicas/replica-data.js";
import { ReplicaGroup } from "../replicas/replica-group.js";
import { hasRelaxedSimd } from "../runtime/relaxed.js";
import { setProgramThreads, threadsOfWorker } from "../threads/program-threads.js";
import { threadsModule, threadsOption } from "../threads/threads-option.js";
import { MpiCalls } from "./calls.js";
import { findLibrary, isCrowded, launchedProcesses, type MpiLibrary, processesHere } from "./library.js";
import { onProcessEnd } from "./process-end.js";

/** Options of {@link MpiGroup.open}. */
export interface MpiOptions {
  /** Path or name of the MPI library. Default: that of the `mpirun` that started this process. */
  readonly library?: string | undefined;
  /**
   * Threads that share the work of a step in each process: a number from 1 to 32, or "auto", as in `setThreads` of
   * `gradstep/threads`. The processes of a machine together have at most as many threads as it has cores; each has at
   * least one. Results have the same bits with any number. More than one can only be set before the first tensor,
   * variable or model. Default: 1.
   */
  readonly threads?: number | "auto" | undefined;
  /**
   * Whether matrix products and convolutions use relaxed SIMD, as in `initSync` and `setThreads`: only before the first tensor,
   * variable or model. Replicas keep the same weights only if all machines have the same kind of processor and the same
   * version of the runtime. Default: false.
   */
  readonly relaxed?: boolean | undefined;
}

/** The next action of a replica. All must do the same. */
const EXCHANGE = 1;
const BARRIER = 2;
const LEAVE = 3;

/** Milliseconds for mpirun to forward output before the job ends. */
const FAREWELL = 100;

const ACTIONS: Readonly<Record<number, string>> = {
  [EXCHANGE]: "an exchange of data",
  [BARRIER]: "barrier()",
  [LEAVE]: "close()",
};

let opening: Promise<MpiGroup> | undefined;

/**
 * A replica in a job of `mpirun`. Every process runs the same script; memory is reduced in place, without a copy.
 *
 * Runs in Node (which needs the package koffi), Deno (`--allow-ffi --allow-env`) and Bun; with Open MPI, MPICH and
 * libraries derived from it. Without `mpirun` it is a job of one process.
 *
 * A script that ends normally leaves the group automatically. One that ends with an error, or with an exit code other than 0,
 * ends the whole job, with a message that names the replica: the others do not wait for it.
 *
 * @example
 * ```js
 * // mpirun -n 4 node train.js
 * import { setReplicaContext } from "gradstep/distribute";
 * import { MpiGroup } from "gradstep/mpi";
 *
 * const group = await MpiGroup.open();
 * setReplicaContext(group); // from here on, applyGradients sums over all processes
 * console.log(group.rank, group.size); // 0 4, 1 4 ...
 * ```
 */
export class MpiGroup extends ReplicaGroup {
  readonly rank: number;
  readonly size: number;
  readonly #mpi: MpiCalls;
  /** The values that all replicas exchange before they act: the action, and a number. */
  readonly #word = new Int32Array(2);
  #closed = false;
  /** Why the replicas can no longer act together. */
  #broken: ReplicaError | undefined;

  private constructor(found: MpiLibrary) {
    super();
    this.#mpi = new MpiCalls(found, isCrowded());
    this.rank = this.#mpi.rank;
    this.size = this.#mpi.size;
    onProcessEnd({
      uncaught: (error) => this.#uncaught(error),
      exit: (code) => this.#exit(code),
    });
    const launched = launchedProcesses();
    if (launched !== undefined && launched !== this.size) {
      throw new ReplicaError(
        "ERR_MPI",
        `MpiGroup.open: mpirun started ${launched} processes, but ${found.version} (${found.library.path}) reports ` +
          `${this.size}: it is the library of another MPI. Install the one that belongs to this mpirun, or name it: ` +
          'MpiGroup.open({ library: "/path/to/libmpi.so" }).',
        -1,
      );
    }
  }

  /**
   * Opens the group of this process. A second call returns the same group.
   *
   * @param options - {@link MpiOptions}.
   * @returns The group, once MPI has started.
   * @throws ReplicaError (`ERR_MPI`) when there is no usable MPI library, or it does not belong to `mpirun`
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`) for an option that is
   * unknown, of the wrong type or out of range; ModuleError (`ERR_MODULE_CONFLICT`) for `threads` and `relaxed` after the first tensor;
   * DisposedError (`ERR_DISPOSED`) after {@link MpiGroup.close}: MPI starts once in a process
   */
  static open(options: MpiOptions = {}): Promise<MpiGroup> {
    checkCount("MpiGroup.open", arguments.length, 1);
    opening ??= MpiGroup.#open(options).catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening.then((group) => {
      group.#checkOpen();
      return group;
    });
  }

  static async #open(options: MpiOptions): Promise<MpiGroup> {
    checkKnownOptions("MpiGroup.open", options, ["library", "threads", "relaxed"]);
    const { library } = options;
    if (library !== undefined) text("MpiGroup.open", "library", library);
    const threads = threadsOption("MpiGroup.open", options.threads);
    const isRelaxed = boolean("MpiGroup.open", "relaxed", options.relaxed ?? false);
    const found = findLibrary(await libraryOpener(), library);
    const count = threads === 1 ? 1 : threadsOfWorker(threads, processesHere());
    if (count > 1) {
      const isFused = isRelaxed && hasRelaxedSimd();
      const module = await threadsModule(isFused);
      await setProgramThreads(count, () => module, isFused);
    } else if (isRelaxed) initSync({ relaxed: true });
    return new MpiGroup(found);
  }

  barrier(): void {
    checkMethod(this, "barrier", arguments.length, 0);
    this.#meet(BARRIER, 0);
  }

  exchange(value: number): Int32Array {
    return this.#meet(EXCHANGE, value);
  }

  /**
   * Leaves the group, and waits until the others do so too. A second call does nothing.
   *
   * @throws ReplicaError (`ERR_MPI`) for an error of the library
   */
  close(): void {
    checkMethod(this, "close", arguments.length, 0);
    if (this.#closed) return;
    // Afterwards no replica can wait for this one: the others get an error in their next call.
    if (this.#broken === undefined && this.size > 1) this.#announce(LEAVE, 0);
    this.#closed = true;
    this.#mpi.finalize();
  }

  /**
   * Ends the whole job, with a line that names this replica.
   *
   * @param reason - A sentence for that line.
   */
  abort(reason: string): void {
    this.#end(reason, 1);
  }

  protected sum(data: ReplicaNumbers): void {
    this.#checkOpen();
    if (this.size > 1) this.#breaking(() => this.#mpi.sum(data));
  }

  protected copy(data: ReplicaNumbers, root: number): void {
    this.#checkOpen();
    if (this.size > 1) this.#breaking(() => this.#mpi.broadcast(data, root));
  }

  /** The numbers of all replicas, if all do the same. @throws ReplicaError on all replicas otherwise */
  #meet(action: number, value: number): Int32Array {
    this.#checkOpen();
    if (this.size === 1) return Int32Array.of(value);
    const words = this.#announce(action, value);
    const values = new Int32Array(this.size);
    const actions = new Int32Array(this.size);
    for (let rank = 0; rank < this.size; rank++) {
      actions[rank] = words[2 * rank]!;
      values[rank] = words[2 * rank + 1]!;
    }
    const leaving = actions.indexOf(LEAVE);
    if (leaving >= 0) {
      this.#broken = new ReplicaError(
        "ERR_REPLICA_LOST",
        `Replica ${leaving} of ${this.size} has left the group: its script ended, or closed it, while others continue.`,
        leaving,
      );
      throw this.#broken;
    }
    const other = actions.findIndex((entry) => entry !== actions[0]);
    if (other > 0) {
      const [first, second] = [0, other].map((rank) => ACTIONS[actions[rank]!]);
      throw new ReplicaError(
        "ERR_REPLICA_MISMATCH",
        `Replica 0 is at ${first}, replica ${other} at ${second}. All must make the same calls, in the same order.`,
        other,
      );
    }
    return values;
  }

  #announce(action: number, value: number): Int32Array {
    this.#word[0] = action;
    this.#word[1] = value;
    return this.#breaking(() => this.#mpi.gather(this.#word));
  }

  /** Runs a call; after a failure, the state of the other replicas is unknown. */
  #breaking<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      this.#broken = error as ReplicaError;
      throw error;
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new DisposedError("This MpiGroup was closed, and MPI cannot start again in a process.");
    if (this.#broken !== undefined) throw this.#broken;
  }

  #exit(code: number): void {
    if (code === 0 || this.size === 1) this.close();
    else this.#end(`it ended with exit code ${code}`, code);
  }

  #uncaught(error: unknown): void {
    if (this.#closed || this.size === 1) return;
    // The process ends before its runtime can show it.
    console.error(error);
    this.#end(isError(error) ? error.message : String(error), 1);
  }

  #end(reason: string, exitCode: number): void {
    if (this.#closed) return;
    this.#closed = true;
    const [line = ""] = reason.split("\n");
    console.error(`gradstep: replica ${this.rank} of ${this.size} failed: ${line.replace(/\.$/, "")}; the job ends.`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FAREWELL);
    this.#mpi.abort(exitCode);
  }
}
