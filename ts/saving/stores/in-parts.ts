/**
 * Large files that are read twice in small parts: first to check whether they can be loaded, then into the model. In
 * between they are not in this process's memory.
 *
 * That takes half the time of reading the whole file: allocating new memory is slower than copying a file's parts into
 * memory that is in the processor's cache.
 *
 * @module
 */

import type { AbortSignal, Bytes, Float32s } from "../../platform-types.js";
import { now } from "../../runtime/clock.js";
import { areFinite } from "../../runtime/float32.js";
import { FileError, hostError } from "./file-error.js";
import type { Tell } from "./progress.js";

/** An open file of the host. */
export interface OpenFile {
  /** Bytes at the time of opening. */
  readonly length: number;
  /** Fills `into` with the bytes at `at`. @returns the number of bytes read */
  read(into: Bytes, at: number): Promise<number>;
  /** The same, synchronously. */
  readNow(into: Bytes, at: number): number;
  /** A value that changes when another program changes the file. */
  stamp(): string;
  close(): Promise<void>;
}

/** Bytes that are read at once. */
const AT_ONCE = 2 ** 20;

/**
 * Parts per turn of the event loop: the first is awaited, the others are read synchronously. Usually the system has
 * them in memory, and under load two threads that wait for each other take twice as long.
 */
const TURN = 8;

/** Milliseconds for a part. If the disk takes longer, the next part is awaited. */
const PATIENCE = 4;

/** Minimum size of files that are read this way. */
export const LARGE: number = 2 ** 23;

/** The signal and progress of reading. */
interface Listeners {
  readonly signal: AbortSignal | undefined;
  readonly tell: Tell | undefined;
}

/** An open file, until {@link FileInParts.close}. */
export class FileInParts {
  readonly length: number;
  readonly #file: OpenFile;
  readonly #place: string;
  readonly #listeners: Listeners;
  readonly #stamp: string;
  readonly #memory = new Uint8Array(AT_ONCE);
  /** The offset of the checked parts, and for each whether all its float32 values are finite. */
  #start = 0;
  readonly #finite: boolean[] = [];

  constructor(place: string, file: OpenFile, listeners: Listeners) {
    this.length = file.length;
    this.#file = file;
    this.#place = place;
    this.#listeners = listeners;
    this.#stamp = file.stamp();
  }

  /** A copy of the bytes `start` to `end`. @throws FileError */
  async bytes(start: number, end: number): Promise<Bytes> {
    const bytes = new Uint8Array(end - start);
    await this.#read(bytes, start);
    return bytes;
  }

  /** Reads everything from `start` on. @throws FileError */
  async examine(start: number): Promise<void> {
    const { signal, tell } = this.#listeners;
    this.#start = start;
    let isQuick = true;
    for (let at = start, turn = 0; at < this.length; turn++) {
      const part = this.#memory.subarray(0, this.length - at);
      if (turn % TURN === 0) isQuick = true;
      if (turn % TURN === 0 || !isQuick) await this.#read(part, at);
      else {
        const started = now();
        this.#readNow(part, at);
        isQuick = now() - started <= PATIENCE;
      }
      at += part.length;
      tell?.(at, this.length);
      signal?.throwIfAborted();
      this.#finite.push(areFinite(new Float32Array(part.buffer, 0, part.length >> 2)));
    }
  }

  /** Whether the float32 numbers from byte `start` to `end` are known to be finite. */
  isFinite(start: number, end: number): boolean {
    const [from, to] = [start - this.#start, end - this.#start];
    return from % 4 === 0 && this.#finite.slice(Math.floor(from / AT_ONCE), Math.ceil(to / AT_ONCE)).every(Boolean);
  }

  /**
   * The float32 numbers from byte `start` to `end` in parts; each is valid until the next one is requested. @throws
   * FileError
   */
  *numbers(start: number, end: number): Generator<Float32s> {
    for (let at = start; at < end; at += AT_ONCE) {
      const part = this.#memory.subarray(0, end - at);
      this.#readNow(part, at);
      yield new Float32Array(part.buffer, 0, part.length / 4);
    }
  }

  /** @throws FileError when another program has changed the file since it was opened */
  checkUnchanged(): void {
    if (this.#now(() => this.#file.stamp()) !== this.#stamp) this.#refuseChange();
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#file.close();
  }

  async #read(into: Bytes, at: number): Promise<void> {
    for (let have = 0; have < into.length; ) {
      try {
        have += this.#checked(await this.#file.read(into.subarray(have), at + have));
      } catch (cause) {
        hostError(this.#place, cause, this.#listeners.signal);
      }
    }
  }

  #readNow(into: Bytes, at: number): void {
    for (let have = 0; have < into.length; ) {
      have += this.#checked(this.#now(() => this.#file.readNow(into.subarray(have), at + have)));
    }
  }

  #now<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      return hostError(this.#place, cause);
    }
  }

  /** A count of bytes. */
  #checked(count: number): number {
    return count > 0 ? count : this.#refuseChange();
  }

  #refuseChange(): never {
    throw new FileError(`${this.#place}: another program changed it while it was read.`);
  }
}
