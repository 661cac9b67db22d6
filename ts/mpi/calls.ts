/**
 * The MPI calls of a group, on MPI_COMM_WORLD.
 *
 * @module
 */

import { isFloat32Array, isFloat64Array, isInt32Array } from "../brands.js";
import { ReplicaError } from "../errors.js";
import { shown } from "../options.js";
import type { ReplicaNumbers } from "../replicas/replica-data.js";
import type { Abi } from "./abi.js";
import type { MpiLibrary } from "./library.js";
import type { Argument, Kind, NativeFunction, NativeLibrary } from "./native.js";
import { RequestWaiter } from "./request-waiter.js";

/** Counts are C's `int`. */
const MOST_NUMBERS = 2 ** 31 - 1;

/** Enough for MPI_MAX_ERROR_STRING, which is at most 512 in all libraries. */
const ERROR_BYTES = 4096;

/** Started MPI. Each call throws a ReplicaError that names it when MPI reports an error. */
export class MpiCalls {
  readonly rank: number;
  readonly size: number;
  readonly #abi: Abi;
  readonly #functions: ReturnType<typeof functionsOf>;
  readonly #collectives: ReturnType<typeof collectivesOf>;

  /**
   * Started MPI.
   *
   * @param isCrowded - Whether ranks share cores: see {@link RequestWaiter}.
   */
  constructor({ library, abi, version }: MpiLibrary, isCrowded: boolean) {
    this.#abi = abi;
    this.#functions = functionsOf(library, abi.handle);
    this.#collectives = collectivesOf(library, abi.handle, isCrowded);
    this.rank = -1;
    this.size = 0;
    const { Initialized, Init_thread, Query_thread, Comm_set_errhandler, Comm_rank, Comm_size } = this.#functions;
    const out = new Int32Array(1);
    const read = (name: string, call: NativeFunction, ...given: Argument[]): number => {
      this.#check(name, call(...given, out));
      return out[0]!;
    };
    // Other code in this process may have started it.
    const isStarted = read("MPI_Initialized", Initialized) !== 0;
    const granted = isStarted
      ? read("MPI_Query_thread", Query_thread)
      : read("MPI_Init_thread", Init_thread, 0n, 0n, abi.threadSerialized);
    // By default, an MPI error ends the process.
    this.#check("MPI_Comm_set_errhandler", Comm_set_errhandler(abi.world, abi.errorsReturn));
    this.rank = read("MPI_Comm_rank", Comm_rank, abi.world);
    this.size = read("MPI_Comm_size", Comm_size, abi.world);
    if (granted < abi.threadSerialized) {
      throw new ReplicaError(
        "ERR_MPI",
        `MpiGroup.open: ${version} does not allow calls from several threads one after another (MPI_THREAD_SERIALIZED), ` +
          "which JavaScript engines may make.",
        this.rank,
      );
    }
  }

  /** Sums the numbers of all ranks, in place. */
  sum(data: ReplicaNumbers): void {
    const { world, sum, inPlace } = this.#abi;
    const count = this.#countOf("MPI_Allreduce", data);
    const type = this.#typeOf(data);
    this.#check("MPI_Allreduce", this.#collectives.allreduce(inPlace, data, count, type, sum, world));
  }

  /** Copies the root's numbers to all ranks. */
  broadcast(data: ReplicaNumbers, root: number): void {
    const count = this.#countOf("MPI_Bcast", data);
    if (!(Number.isInteger(root) && root >= 0 && root < this.size)) {
      throw new ReplicaError("ERR_MPI", `MPI_Bcast on ${this.#self()}: there is no rank ${shown(root)}.`, this.rank);
    }
    this.#check("MPI_Bcast", this.#collectives.bcast(data, count, this.#typeOf(data), root, this.#abi.world));
  }

  /** The numbers of all ranks, contiguous. */
  gather(data: Int32Array): Int32Array {
    const all = new Int32Array(data.length * this.size);
    const { int32, world } = this.#abi;
    const { allgather } = this.#collectives;
    this.#check("MPI_Allgather", allgather(data, data.length, int32, all, data.length, int32, world));
    return all;
  }

  /** Ends MPI, once in the lifetime of a process. */
  finalize(): void {
    const isFinal = new Int32Array(1);
    this.#functions.Finalized(isFinal);
    if (isFinal[0] === 0) this.#check("MPI_Finalize", this.#functions.Finalize());
  }

  /** Ends the processes of all ranks, including this one. */
  abort(exitCode: number): void {
    this.#functions.Abort(this.#abi.world, exitCode);
  }

  #typeOf(data: ReplicaNumbers): Argument {
    if (isFloat32Array(data)) return this.#abi.float32;
    return isFloat64Array(data) ? this.#abi.float64 : this.#abi.int32;
  }

  /** Debian's MPICH does not check arguments: a wrong one causes a segmentation fault. */
  #countOf(name: string, data: ReplicaNumbers): number {
    const isArray = isFloat32Array(data) || isFloat64Array(data) || isInt32Array(data);
    if (isArray && data.length > 0 && data.length <= MOST_NUMBERS) return data.length;
    throw new ReplicaError(
      "ERR_MPI",
      `${name} on ${this.#self()}: MPI takes 1 to ${MOST_NUMBERS} float32, float64 or int32 numbers, got ${isArray ? data.length : shown(data)}.`,
      this.rank,
    );
  }

  #check(name: string, code: number): void {
    if (code === 0) return;
    const text = new Uint8Array(ERROR_BYTES);
    const length = new Int32Array(1);
    const isKnown = this.#functions.Error_string(code, text, length) === 0;
    const words = isKnown ? new TextDecoder().decode(text.subarray(0, length[0])) : `error ${code}`;
    throw new ReplicaError("ERR_MPI", `${name} failed on ${this.#self()}: ${words}`, this.rank);
  }

  #self(): string {
    return this.rank < 0 ? "this process" : `replica ${this.rank} of ${this.size}`;
  }
}

function functionsOf(library: NativeLibrary, handle: Kind) {
  const bind = (name: string, ...kinds: Kind[]) => library.bind(`MPI_${name}`, kinds);
  return {
    Initialized: bind("Initialized", "buffer"),
    Init_thread: bind("Init_thread", "word", "word", "int", "buffer"),
    Query_thread: bind("Query_thread", "buffer"),
    Comm_set_errhandler: bind("Comm_set_errhandler", handle, handle),
    Comm_rank: bind("Comm_rank", handle, "buffer"),
    Comm_size: bind("Comm_size", handle, "buffer"),
    Error_string: bind("Error_string", "int", "buffer", "buffer"),
    Finalized: bind("Finalized", "buffer"),
    Finalize: bind("Finalize"),
    Abort: bind("Abort", handle, "int"),
  };
}

/** The calls that wait for others. */
function collectivesOf(library: NativeLibrary, handle: Kind, isCrowded: boolean) {
  const waiter = isCrowded ? new RequestWaiter(library.bind("MPI_Test", ["buffer", "buffer", "buffer"])) : undefined;
  const bind = (name: string, ...kinds: Kind[]): NativeFunction => {
    if (waiter === undefined) return library.bind(`MPI_${name}`, kinds);
    const start = library.bind(`MPI_I${name.toLowerCase()}`, [...kinds, "buffer"]);
    return (...given) => {
      // Moves small arrays off the engine's heap, where they may be relocated.
      for (const value of given) if (ArrayBuffer.isView(value)) void value.buffer;
      return waiter.complete((request) => start(...given, request));
    };
  };
  return {
    allreduce: bind("Allreduce", "word", "buffer", "int", handle, handle, handle),
    bcast: bind("Bcast", "buffer", "int", handle, "int", handle),
    allgather: bind("Allgather", "buffer", "int", handle, "buffer", "int", handle, handle),
  };
}
