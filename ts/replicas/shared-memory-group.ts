/**
 * Replicas in the workers of one process: they reduce in shared memory.
 *
 * @module
 */

import { isFloat32Array, isWasmMemory } from "../brands.js";
import { ArgumentTypeError, OutOfMemoryError, ValueError } from "../errors.js";
import { checkCount, checkKnownOptions, checkMethod, integer, shown } from "../options.js";
import type { WasmMemory } from "../platform-types.js";
import { memoryUse } from "../runtime/memory.js";
import { broken, hasStarted } from "../runtime/module.js";
import { requireSharedMemory, requireWaiting } from "../runtime/shared-memory.js";
import type { ReplicaNumbers } from "./replica-data.js";
import { type BatchParts, ReplicaGroup } from "./replica-group.js";
import { BARRIER_WORDS, MOST_REPLICAS, SharedBarrier } from "./shared-barrier.js";
import { type SharedSum, sharedSum } from "./shared-sum.js";

/** A group's shared memory: post it to each worker, which calls {@link SharedMemoryGroup.join}. */
export interface SharedReplicas {
  /** The shared memory. */
  readonly memory: WasmMemory;
  /** Number of workers in the group. */
  readonly size: number;
  /** Parts of each batch: the number of replicas, unless each computes several parts. */
  readonly parts: number;
  /** Milliseconds to wait for a replica before it counts as lost. */
  readonly timeout: number;
}

/** Options of {@link SharedMemoryGroup.create}. */
export interface SharedReplicasOptions {
  /** Milliseconds to wait for a replica before it counts as lost. Default: 300,000. */
  readonly timeout?: number | undefined;
}

const PAGE = 65536;
/** Words of the header: those of the barrier, then two for each replica to exchange. */
const EXCHANGE = Math.ceil(BARRIER_WORDS / 16) * 16;
/** Up to this many bytes, every replica computes the whole sum: one barrier instead of two. */
const SMALL = 8192;
/** Bytes per chunk: the slots of all replicas and the sum fit into the cores' caches. */
const CHUNK = 1 << 18;

/** Offsets in bytes, with a slot for each part. Alternating areas exist twice, for replicas that are one barrier ahead. */
function layout(size: number) {
  const small = PAGE;
  const smallOut = small + 2 * size * SMALL;
  const slots = smallOut + size * SMALL;
  const out = slots + 2 * size * CHUNK;
  return { small, smallOut, slots, out, end: out + 2 * CHUNK };
}

/** Spans that are added up. */
interface Slots {
  readonly slots: number;
  readonly stride: number;
  readonly count: number;
}

/**
 * A replica in a worker, for custom training loops. For `fit` use `MirroredStrategy`.
 *
 * @example
 * ```js
 * // main.js
 * const shared = SharedMemoryGroup.create(2);
 * for (const rank of [0, 1]) new Worker(new URL("replica.js", import.meta.url), { workerData: { shared, rank } });
 *
 * // replica.js
 * const group = SharedMemoryGroup.join(workerData.shared, workerData.rank);
 * setReplicaContext(group); // from here on, applyGradients sums over both
 * ```
 */
export class SharedMemoryGroup extends ReplicaGroup {
  readonly rank: number;
  readonly size: number;
  readonly #barrier: SharedBarrier;
  readonly #buffer: ArrayBufferLike;
  readonly #words: Int32Array;
  readonly #kernel: SharedSum;
  readonly #at: ReturnType<typeof layout>;
  readonly #parts: BatchParts;
  /** Index of the next one of two places. */
  #turn = 0;
  #closed = false;

  private constructor({ memory, size, parts, timeout }: SharedReplicas, rank: number) {
    super();
    const [first, end] = [rank, rank + 1].map((at) => Math.floor((parts * at) / size)) as [number, number];
    this.#parts = { first, count: end - first, total: parts };
    this.rank = rank;
    this.size = size;
    this.#buffer = memory.buffer;
    this.#words = new Int32Array(memory.buffer, 0, PAGE / 4);
    this.#barrier = new SharedBarrier(this.#words, rank, size, timeout);
    this.#kernel = sharedSum(memory);
    this.#at = layout(parts);
  }

  /**
   * Creates the memory for a group of `size` replicas.
   *
   * @param size - Number of workers, 1 or above.
   * @param options - {@link SharedReplicasOptions}.
   * @param parts - Number of parts into which `fit` cuts each batch, if a replica computes several of them.
   * Default: `size`.
   * @returns What each worker passes to {@link SharedMemoryGroup.join}.
   * @throws OutOfMemoryError (`ERR_OUT_OF_MEMORY`) if there is no memory; a page has room for about a hundred groups and
   * workers at a time
   * @throws ValueError (`ERR_SHARED_MEMORY`) if memory cannot be shared; the message names the required headers
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an argument that is
   * unknown, out of range or of the wrong type
   */
  static create(size: number, options: SharedReplicasOptions = {}, parts: number = size): SharedReplicas {
    checkCount("SharedMemoryGroup.create", arguments.length, 3);
    const owner = "SharedMemoryGroup";
    checkKnownOptions(owner, options, ["timeout"]);
    const count = integer(owner, "size", size, 1);
    if (count > MOST_REPLICAS) {
      throw new ValueError("ERR_OPTION_RANGE", `${owner}: at most ${MOST_REPLICAS} replicas, got ${size}.`);
    }
    const timeout = integer(owner, "timeout", options.timeout ?? 300_000, 1);
    requireSharedMemory(owner);
    const { end } = layout(parts);
    return { memory: sharedMemory(Math.ceil(end / PAGE)), size: count, parts, timeout };
  }

  /** Prepares the memory of a group that has no members any more for new ones. @internal */
  static again({ memory }: SharedReplicas): void {
    new Int32Array(memory.buffer, 0, PAGE / 4).fill(0);
  }

  /**
   * Joins a group, as one of its workers.
   *
   * @param shared - The result of {@link SharedMemoryGroup.create}, as it was posted.
   * @param rank - From 0 to below its size; each once.
   * @returns This worker's place in the group.
   * @throws ValueError, TypeError (`ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for anything else, and a rank outside the
   * group
   * @throws ValueError (`ERR_SHARED_MEMORY`) on a thread that may not wait
   */
  static join(shared: SharedReplicas, rank: number): SharedMemoryGroup {
    checkCount("SharedMemoryGroup.join", arguments.length, 2);
    const owner = "SharedMemoryGroup.join";
    if (!(typeof shared === "object" && isWasmMemory(shared?.memory))) {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner} takes a result of create(), got ${shown(shared)}.`);
    }
    if (integer(owner, "rank", rank, 0) >= shared.size) {
      throw new ValueError("ERR_OPTION_RANGE", `${owner}: "rank" must be below ${shared.size}, got ${rank}.`);
    }
    requireWaiting(owner);
    return new SharedMemoryGroup(shared, rank);
  }

  /** Ends a group on behalf of a replica that can no longer do so. @internal */
  static end({ memory, size, timeout }: SharedReplicas, rank: number, reason: string): void {
    new SharedBarrier(new Int32Array(memory.buffer, 0, PAGE / 4), rank, size, timeout).end(reason);
  }

  /** @internal */
  override get parts(): BatchParts {
    return this.#parts;
  }

  /** @internal */
  override sumParts(spans: readonly Float32Array[]): void {
    if (this.#parts.total === this.size) this.sumInPlace(spans[0]!);
    else this.#sumInChunks(spans, this.#parts);
  }

  barrier(): void {
    checkMethod(this, "barrier", arguments.length, 0);
    this.#barrier.wait();
  }

  close(): void {
    checkMethod(this, "close", arguments.length, 0);
    if (this.#closed) return;
    this.#closed = true;
    this.#barrier.end("has left");
  }

  abort(reason: string): void {
    this.#barrier.end(reason);
  }

  exchange(value: number): Int32Array {
    const base = EXCHANGE + this.#next() * MOST_REPLICAS;
    Atomics.store(this.#words, base + this.rank, value);
    this.#barrier.wait();
    return this.#words.slice(base, base + this.size);
  }

  protected sum(data: ReplicaNumbers): void {
    this.#sumInChunks([data], { first: this.rank, count: 1, total: this.size });
  }

  #sumInChunks(spans: readonly ReplicaNumbers[], parts: BatchParts): void {
    const [data, ...others] = spans as [ReplicaNumbers];
    if (data.byteLength <= SMALL) {
      this.#sumSmall(spans, parts);
      return;
    }
    // Between two barriers, every replica sums a chunk, writes the next one, and reads the sums of the previous one.
    const chunks = chunksOf(data);
    const given = [chunks, ...others.map(chunksOf)];
    const place = [this.#next(), this.#next()];
    const slots = (at: number) => this.#at.slots + place[at & 1]! * this.#parts.total * CHUNK;
    const out = (at: number) => this.#at.out + place[at & 1]! * CHUNK;
    const give = (at: number) => {
      given.forEach((own, i) => {
        const chunk = own[at];
        if (chunk !== undefined) this.#view(chunk, slots(at) + (parts.first + i) * CHUNK).set(chunk);
      });
    };
    give(0);
    this.#barrier.wait();
    chunks.forEach((chunk, at) => {
      this.#addShare(chunk, { slots: slots(at), stride: CHUNK, count: parts.total }, out(at));
      give(at + 1);
      this.#barrier.wait();
      chunk.set(this.#view(chunk, out(at)));
    });
  }

  protected copy(data: ReplicaNumbers, root: number): void {
    for (const part of chunksOf(data)) {
      // Not the area of sums: another replica may still be reading one.
      const shared = this.#view(part, this.#at.slots);
      if (this.rank === root) shared.set(part);
      this.#barrier.wait();
      if (this.rank !== root) part.set(shared);
      // All must have read before any replica writes again.
      this.#barrier.wait();
    }
  }

  #sumSmall(spans: readonly ReplicaNumbers[], { first, total }: BatchParts): void {
    const data = spans[0]!;
    const slots = this.#at.small + this.#next() * this.#parts.total * SMALL;
    spans.forEach((span, i) => {
      this.#view(span, slots + (first + i) * SMALL).set(span);
    });
    this.#barrier.wait();
    const out = this.#at.smallOut + this.rank * SMALL;
    this.#add(data, { slots, stride: SMALL, count: total }, out, 0, Math.ceil(data.byteLength / 64) * 64);
    data.set(this.#view(data, out));
  }

  /** Each replica sums a segment of a chunk, over all parts. */
  #addShare(chunk: ReplicaNumbers, all: Slots, out: number): void {
    const lines = Math.ceil(chunk.byteLength / 64);
    const start = Math.floor((lines * this.rank) / this.size) * 64;
    const end = Math.floor((lines * (this.rank + 1)) / this.size) * 64;
    this.#add(chunk, all, out, start, end);
  }

  /** The bytes `from` to `to` of all slots, in their order. */
  #add(like: ReplicaNumbers, { slots, stride, count }: Slots, out: number, from: number, to: number): void {
    if (from === to) return;
    if (isFloat32Array(like)) {
      this.#kernel.sum(slots + from, stride, count, out + from, to - from);
      return;
    }
    const length = (to - from) / like.BYTES_PER_ELEMENT;
    const sum = this.#view(like, out + from, length);
    sum.set(this.#view(like, slots + from, length));
    for (let i = 1; i < count; i++) {
      const slot = this.#view(like, slots + i * stride + from, length);
      for (let j = 0; j < length; j++) sum[j] = sum[j]! + slot[j]!;
    }
  }

  /** A view of shared memory, of the type of `like`. */
  #view(like: ReplicaNumbers, at: number, length = like.length): ReplicaNumbers {
    const Numbers = like.constructor as Float32ArrayConstructor;
    return new Numbers(this.#buffer as ArrayBuffer, at, length);
  }

  #next(): number {
    this.#turn ^= 1;
    return this.#turn;
  }
}

/** @throws OutOfMemoryError */
function sharedMemory(pages: number): WasmMemory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    throw new OutOfMemoryError(pages * PAGE, hasStarted() && broken === undefined ? memoryUse().inUse : 0);
  }
}

function chunksOf(data: ReplicaNumbers): ReplicaNumbers[] {
  const step = CHUNK / data.BYTES_PER_ELEMENT;
  return Array.from({ length: Math.ceil(data.length / step) }, (_, at) => data.subarray(at * step, (at + 1) * step));
}
