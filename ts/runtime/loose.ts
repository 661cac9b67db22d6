/**
 * Memory of values outside of steps: results of operations there, `tensor()`, `keep()`.
 *
 * The garbage collector reports dropped values only between jobs, and a loop without `await` is one job. So a value
 * that was not used for a while moves out, into a JavaScript array, which the collector can free during a job; it moves
 * back in when an operation reads it. Nothing that is still referenced is lost.
 *
 * Once a caller got an array as the value of a tensor, the numbers stay in that array: {@link Loose.lend}.
 *
 * @module
 */

import { noteMove } from "../changes.js";
import { DisposedError } from "../errors.js";
import type { Uint32s } from "../platform-types.js";
import { forgotten, giveBack, roomFor, uint32, whenDropped, whenFull } from "./memory.js";
import { wasm } from "./module.js";
import type { SharedArena, Storage } from "./storage.js";

/** 1 MB of new values: a value stays this long after its last use, and longer if it is larger. */
const PERIOD = 1 << 20;
/** 64 kB: smaller values are registered with the collector only after a while; most move out before. */
const LARGE = 1 << 16;
/** A value counts as at least 4 kB, so 256 small values are a period too. */
const LEAST = 1 << 12;

/** Bytes of all values that came in so far: the clock of this file. */
let now = 0;
/** When values last moved out. */
let swept = 0;
/** Values not used since the last safe point may move out when memory is full. */
let safe = 0;
/** Those in WebAssembly memory, the oldest first. */
let inside: Room[] = [];

/**
 * A point at which the package's code holds no address or view of a value outside of steps: before an operation reads
 * its operands. Values that were not used for a while move out.
 */
export function settle(): void {
  safe = ++now;
  if (now - swept >= PERIOD) moveOut((room) => now - room.used >= Math.max(PERIOD, 2 * room.bytes));
}

/** Moves out all values that were not used since the last safe point. */
export function leaveAll(): void {
  moveOut(({ used }) => used < safe);
}

function moveOut(isDue: (room: Room) => boolean): void {
  swept = now;
  const words = new Uint32Array(wasm().memory.buffer);
  inside = inside.filter((room) => room.address !== 0 && !(isDue(room) && room.leave(words)));
}

/** A value's memory, separate from the value, so that the collector can report when the value is dropped. */
class Room {
  readonly length: number;
  /** Its address, 0 when outside. */
  address = 0;
  /** Its numbers while they are outside. */
  outside: Uint32s | undefined;
  /** When its address was last read. */
  used = 0;
  /** The last sweep before it came in; Infinity once the value is registered with the collector. */
  entered = 0;

  constructor(length: number) {
    this.length = length;
  }

  get bytes(): number {
    return Math.max(LEAST, this.length * 4);
  }

  /** @throws OutOfMemoryError */
  enter(owner: Loose): void {
    if (inside.length === 0) whenFull(leaveAll);
    const { outside } = owner;
    const address = roomFor(this.length);
    if (outside !== undefined) uint32(address, this.length).set(outside);
    if (!owner.isLent) this.outside = undefined;
    this.address = address;
    now += this.bytes;
    this.used = now;
    this.entered = swept;
    // Even for callers that cache addresses while nothing moves: they have used nothing since.
    noteMove();
    inside.push(this);
    if (this.bytes >= LARGE) this.watch(owner);
  }

  /** It is freed when the collector finds that its value was dropped. */
  watch(owner: Loose): void {
    this.entered = Number.POSITIVE_INFINITY;
    whenDropped(owner, () => this.free(), this);
  }

  /** @returns Whether JavaScript could allocate memory for it */
  leave(words: Uint32Array): boolean {
    if (!this.copyOut(words)) return false;
    this.free();
    return true;
  }

  /** @returns Whether JavaScript could allocate memory for it */
  copyOut(words: Uint32Array): boolean {
    if (this.outside !== undefined) return true;
    try {
      this.outside = words.slice(this.address / 4, this.address / 4 + this.length) as Uint32s;
    } catch {
      return false;
    }
    return true;
  }

  /** Frees its WebAssembly memory. */
  free(): void {
    if (this.address === 0) return;
    if (this.entered === Number.POSITIVE_INFINITY) forgotten(this);
    giveBack(this.address, this.length);
    this.address = 0;
  }
}

/** A {@link Loose.lend lent} copy of a part of a larger block; undefined if JavaScript cannot allocate it. */
export function lentCopy(numbers: Uint32s): Loose | undefined {
  try {
    const copy = new Loose(numbers.length, numbers.slice());
    copy.lend();
    return copy;
  } catch {
    return undefined;
  }
}

/** Memory of one value. */
export class Loose implements Storage {
  changed = 0;
  /** Whether a caller has the array. */
  isLent = false;
  readonly #room: Room;
  #freed = false;

  /**
   * Memory of one value.
   *
   * @param length - Of the value, in 4-byte values. They are zeros.
   * @param outside - Its numbers outside, if they stay there for now.
   * @throws OutOfMemoryError
   */
  constructor(length: number, outside?: Uint32s) {
    this.#room = new Room(length);
    if (outside === undefined) this.#room.enter(this);
    else this.#room.outside = outside;
  }

  get freed(): boolean {
    return this.#freed;
  }

  get arena(): SharedArena | undefined {
    return undefined;
  }

  get address(): number {
    const room = this.#room;
    if (room.address === 0) {
      if (this.#freed) throw new DisposedError("This memory was freed.");
      room.enter(this);
    } else if (this.isLent) {
      noteMove();
      uint32(room.address, room.length).set(this.outside as Uint32s);
    }
    if (room.entered < swept) room.watch(this);
    room.used = now;
    return room.address;
  }

  get outside(): Uint32s | undefined {
    const { outside, length } = this.#room;
    if (outside !== undefined && outside.length < length) {
      throw new DisposedError(
        "The numbers of this tensor are gone: the buffer of its value was transferred. Transfer a copy: tensor.array().",
      );
    }
    return outside;
  }

  /**
   * From here on its numbers are in a JavaScript array, which the caller may keep, read and write; WebAssembly memory
   * only has a copy, created for each operation. If JavaScript cannot allocate the array, nothing changes.
   */
  lend(): void {
    if (this.isLent || this.#freed) return;
    noteMove();
    this.isLent = this.#room.copyOut(new Uint32Array(wasm().memory.buffer));
  }

  free(): void {
    this.#freed = true;
    this.isLent = false;
    this.#room.outside = undefined;
    this.#room.free();
  }
}
