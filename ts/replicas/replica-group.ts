/**
 * Replicas that train together: the interface of every engine.
 *
 * @module
 */

import { isInt32Array } from "../brands.js";
import { nextChange } from "../changes.js";
import { COPY } from "../copies.js";
import { ArgumentTypeError, ReplicaError, ValueError } from "../errors.js";
import { checkMethod, integer, shown } from "../options.js";
import { Variable } from "../variable.js";
import { agree } from "./agreement.js";
import { checksum } from "./checksum.js";
import { contiguousSpans, formOfCall, workOnCopies } from "./contiguous.js";
import { type ReplicaData, type ReplicaNumbers, type ReplicaView, replicaViews } from "./replica-data.js";

/** Reduction over replicas. */
export type ReduceOp = "sum" | "mean";

/** Parts of each batch that a realm computes. */
export interface BatchParts {
  readonly first: number;
  readonly count: number;
  /** Number of parts of all realms. */
  readonly total: number;
}

/**
 * A group of replicas that train together, as seen by one of them. Every call is synchronous, and all replicas must
 * make the same calls in the same order: each waits for the others.
 *
 * @see [tf.distribute.ReplicaContext](https://www.tensorflow.org/api_docs/python/tf/distribute/ReplicaContext)
 * @example
 * ```ts
 * import { getReplicaContext } from "gradstep/distribute";
 *
 * const group = getReplicaContext(); // alone, as long as nothing else was set
 * console.log(group.rank, group.size); // 0 1
 * console.log(group.allReduce("sum", new Float32Array([1, 2]))); // Float32Array [1, 2]
 * ```
 */
export abstract class ReplicaGroup {
  /** This replica's number, from 0. */
  abstract readonly rank: number;
  /** Their number. */
  abstract readonly size: number;

  /**
   * Sums or averages the numbers of all replicas, in place: afterwards all replicas have the same bits.
   *
   * @param op - `"sum"` or `"mean"`.
   * @param data - Arrays, tensors, variables, or lists of them such as a tape's gradients; `null` stays `null`. It must
   *   have the same structure on every replica.
   * @returns `data`, changed in place.
   * @throws ValueError, TypeError (`ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for another `op`
   * @throws TypeError, ValueError (`ERR_OPTION_TYPE`, `ERR_VALUES_DETACHED`) for data that cannot be reduced;
   * DisposedError (`ERR_DISPOSED`) for a freed tensor
   * @throws ReplicaError (`ERR_REPLICA_MISMATCH`, `ERR_REPLICA_REFUSED`, `ERR_REPLICA_LOST`) when replicas pass
   * different amounts, one refuses, or one is lost; then nothing was changed
   */
  allReduce<T extends ReplicaData>(op: ReduceOp, data: T): T {
    checkMethod(this, "allReduce", arguments.length, 2);
    let entries: readonly ReplicaView[] = [];
    agree(this, "allReduce", () => {
      if (op !== "sum" && op !== "mean") {
        throw new ValueError("ERR_OPTION_RANGE", `allReduce: the operation must be "sum" or "mean", got ${shown(op)}.`);
      }
      entries = replicaViews("allReduce", data);
      const views = entries.map(({ view }) => view);
      if (op === "mean" && views.some((view) => isInt32Array(view))) {
        throw new ArgumentTypeError("ERR_OPTION_TYPE", 'allReduce: "mean" needs float numbers, got int32.');
      }
      return formOfCall(op, views);
    });
    this.#work(entries, (span) => {
      this.sum(span);
      if (op === "mean") for (let i = 0; i < span.length; i++) span[i] = span[i]! / this.size;
    });
    this.#noteChanges(entries);
    return data;
  }

  /**
   * Copies the numbers of one replica to all, in place.
   *
   * @param data - As in {@link ReplicaGroup.allReduce}, with the same structure on every replica.
   * @param root - The rank whose numbers are copied. Default: 0.
   * @returns `data`, changed in place.
   * @throws ValueError, TypeError (`ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for a `root` that is not a rank
   * @throws TypeError, ValueError (`ERR_OPTION_TYPE`, `ERR_VALUES_DETACHED`) for data that cannot be reduced;
   * DisposedError (`ERR_DISPOSED`) for a freed tensor
   * @throws ReplicaError (`ERR_REPLICA_MISMATCH`, `ERR_REPLICA_REFUSED`, `ERR_REPLICA_LOST`) when replicas pass
   * different amounts, one refuses, or one is lost; then nothing was changed
   */
  broadcast<T extends ReplicaData>(data: T, root = 0): T {
    checkMethod(this, "broadcast", arguments.length, 2);
    let entries: readonly ReplicaView[] = [];
    agree(this, "broadcast", () => {
      if (integer("broadcast", "root", root, 0) >= this.size) {
        throw new ValueError("ERR_OPTION_RANGE", `broadcast: "root" must be below ${this.size}, got ${root}.`);
      }
      entries = replicaViews("broadcast", data);
      return formOfCall(
        `broadcast ${root}`,
        entries.map(({ view }) => view),
      );
    });
    this.#work(entries, (span) => this.copy(span, root));
    this.#noteChanges(entries);
    return data;
  }

  /**
   * Waits for all replicas.
   *
   * @throws ReplicaError (`ERR_REPLICA_LOST`) when a replica is lost or late; over MPI also (`ERR_MPI`) for an error of
   * the library, and DisposedError (`ERR_DISPOSED`) after `close`
   */
  abstract barrier(): void;

  /**
   * Compares numbers of all replicas bit by bit.
   *
   * @param data - As in {@link ReplicaGroup.allReduce}, with the same structure on every replica.
   * @returns A checksum, the same on all replicas.
   * @throws ReplicaError (`ERR_REPLICA_DRIFT`) when the numbers differ
   * @throws TypeError, ValueError (`ERR_OPTION_TYPE`, `ERR_VALUES_DETACHED`) for data that cannot be reduced;
   * DisposedError (`ERR_DISPOSED`) for a freed tensor
   * @throws ReplicaError (`ERR_REPLICA_MISMATCH`, `ERR_REPLICA_REFUSED`, `ERR_REPLICA_LOST`) when replicas pass
   * different amounts, one refuses, or one is lost; then nothing was changed
   */
  verify(data: ReplicaData): number {
    checkMethod(this, "verify", arguments.length, 1);
    let sum = 0;
    agree(this, "verify", () => {
      sum = checksum(replicaViews("verify", data).map(({ view }) => view));
      return VERIFY;
    });
    const all = this.exchange(sum);
    const other = all.findIndex((value) => value !== all[0]);
    if (other > 0) {
      throw new ReplicaError(
        "ERR_REPLICA_DRIFT",
        `The replicas have drifted apart: the numbers of replica ${other} are not those of replica 0.`,
        other,
      );
    }
    return sum >>> 0;
  }

  /** Leaves the group. Later calls of the other replicas throw; a second `close` does nothing. */
  abstract close(): void;

  /** The same as {@link ReplicaGroup.close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Notifies the others that this replica cannot continue: they throw instead of waiting for it. For engines.
   *
   * @param reason - A sentence for the error of the others.
   */
  abstract abort(reason: string): void;

  /** Whether `fit` compares all weights of all replicas after each step. @internal */
  verifiesSteps = false;

  /** Sums data in place that are known to have the same structure on all replicas. @internal */
  sumInPlace(data: ReplicaData): void {
    this.#work(replicaViews("sum", data), (span) => this.sum(span));
  }

  /**
   * The parts of each batch that this realm computes, one after the other: one part, or those of several replicas.
   * @internal
   */
  get parts(): BatchParts {
    return { first: this.rank, count: 1, total: this.size };
  }

  /**
   * Sums spans of the same length, one for each part of this realm, in the order of all parts; the first becomes the
   * sum. @internal
   */
  sumParts(spans: readonly Float32Array[]): void {
    this.sumInPlace(spans[0]!);
  }

  /**
   * Works on all entries, in as few contiguous spans as possible. Data that are contiguous in one process may not be in
   * another, after other calls there.
   */
  #work(entries: readonly ReplicaView[], work: (span: ReplicaNumbers) => void): void {
    if (this.size === 1) return;
    const spans = contiguousSpans(entries);
    const isAlike = entries.length < 2 || allEqual(this.exchange(formOfCall("runs", spans)));
    if (isAlike) spans.forEach(work);
    else workOnCopies(entries, work);
  }

  /** Tapes must notice that the sums replaced the recorded values. */
  #noteChanges(entries: readonly ReplicaView[]): void {
    if (this.size === 1) return;
    for (const { operand } of entries) {
      if (operand instanceof Variable) operand.changed = nextChange();
      else operand?.noteChange();
    }
  }

  /**
   * Collects one int32 from every replica. For engines.
   *
   * @param value - This replica's number.
   * @returns The numbers of all replicas, by rank.
   * @throws ReplicaError (`ERR_REPLICA_LOST`) when a replica is lost or late; over MPI also (`ERR_MPI`) for an error of
   * the library, and DisposedError (`ERR_DISPOSED`) after `close`
   */
  abstract exchange(value: number): Int32Array;

  /**
   * Sums in place, in a fixed order, with the same bits everywhere. All replicas pass the same number of values. For
   * transports.
   *
   * @param data - This replica's numbers.
   * @throws ReplicaError (`ERR_REPLICA_LOST`) when a replica is lost or late; over MPI also (`ERR_MPI`) for an error of
   * the library, and DisposedError (`ERR_DISPOSED`) after `close`
   */
  protected abstract sum(data: ReplicaNumbers): void;

  /**
   * Copies the root's numbers, in place. All replicas pass the same number of values. For transports.
   *
   * @param data - This replica's numbers.
   * @param root - The rank whose numbers are copied.
   * @throws ReplicaError (`ERR_REPLICA_LOST`) when a replica is lost or late; over MPI also (`ERR_MPI`) for an error of
   * the library, and DisposedError (`ERR_DISPOSED`) after `close`
   */
  protected abstract copy(data: ReplicaNumbers, root: number): void;

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}

/** Marks {@link ReplicaGroup.verify} in agreements: any of the data may differ. */
const VERIFY = 0x766572;

function allEqual(values: Int32Array): boolean {
  return values.every((value) => value === values[0]);
}
