/**
 * Memory for the temporaries of a step: handed out in a row, taken back all at once.
 *
 * A training step needs the same temporaries every time. An arena keeps the memory of the largest step so
 * far, so that from the second step on nothing is allocated, and nothing has to be freed one by one.
 *
 * @module
 */

import { DisposedError } from "../errors.js";
import { Block } from "./memory.js";

/** Where a tensor's numbers are: memory of its own ({@link Block}), or a part of an arena. */
export interface Storage {
  /** @throws DisposedError when the memory is gone */
  readonly address: number;
  readonly freed: boolean;
  free(): void;
}

/** Cache lines, in 4-byte values: every temporary starts on one. */
const LINE = 16;
/** 256 kB: enough for a small model's step. */
const FIRST_CHUNK = 1 << 16;

/** Memory that is handed out in a row. */
export class Arena {
  /** Steps that have ended in this arena; a temporary belongs to one. */
  generation = 0;
  readonly #chunks: Block[] = [];
  #chunk = 0;
  #used = 0;

  /** Room for `length` 4-byte values, until {@link Arena.reset}; not zeroed. @throws OutOfMemoryError */
  take(length: number): Storage {
    const size = Math.ceil(Math.max(1, length) / LINE) * LINE;
    let chunk = this.#chunks[this.#chunk];
    while (chunk !== undefined && chunk.length - this.#used < size) {
      this.#chunk++;
      this.#used = 0;
      chunk = this.#chunks[this.#chunk];
    }
    if (chunk === undefined) {
      const last = this.#chunks.at(-1)?.length ?? FIRST_CHUNK / 2;
      chunk = new Block(Math.max(size, last * 2));
      this.#chunks.push(chunk);
    }
    const address = chunk.address + this.#used * 4;
    this.#used += size;
    return new ArenaRun(this, address);
  }

  /** 4-byte values in the chunks that the step has touched. */
  get length(): number {
    return this.#chunks.slice(0, this.#chunk + 1).reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** Takes everything back: temporaries of the step that ends refuse to be used from here on. */
  reset(): void {
    this.generation++;
    this.#chunk = 0;
    this.#used = 0;
  }
}

/** A part of an arena, for the step in which it was taken. */
class ArenaRun implements Storage {
  readonly #arena: Arena;
  readonly #generation: number;
  readonly #address: number;

  constructor(arena: Arena, address: number) {
    this.#arena = arena;
    this.#generation = arena.generation;
    this.#address = address;
  }

  get freed(): boolean {
    return this.#arena.generation !== this.#generation;
  }

  get address(): number {
    if (this.freed) {
      throw new DisposedError(
        "This tensor belongs to a step that has ended, and its memory is used again. Read it before the next step begins, or take it out of its step with ops.keep(tensor).",
        "ERR_STEP_ENDED",
      );
    }
    return this.#address;
  }

  /** Nothing: the whole step is taken back at once. */
  free(): void {}
}

/** Arenas that nobody uses. Their last step's temporaries can still be read. */
const idle: Arena[] = [];

/** Steps that were recorded, and not asked for gradients yet; the oldest first. */
const unread = new Map<Arena, number>();
/** 512 MB in 4-byte values: what such steps may hold. */
const MOST_UNREAD = 1 << 27;
let unreadLength = 0;

/** An arena, emptied: the one given back last, or a new one. */
export function takeArena(): Arena {
  const arena = idle.pop() ?? (unreadLength > MOST_UNREAD ? oldestUnread() : new Arena());
  arena.reset();
  return arena;
}

/** Gives an arena back. Its temporaries stay readable until somebody takes it. */
export function giveArena(arena: Arena): void {
  markRead(arena);
  idle.push(arena);
}

/**
 * Says that a step has ended of which gradients may still be asked. A loop that never asks, such as one that only
 * looks at losses, would fill the memory: the garbage collector tells of its tapes when the loop is over. So
 * beyond a limit the oldest are taken back, and their tapes refuse.
 */
export function markUnread(arena: Arena): void {
  markRead(arena);
  const { length } = arena;
  unread.set(arena, length);
  unreadLength += length;
}

/** Takes {@link markUnread} back. */
export function markRead(arena: Arena): void {
  unreadLength -= unread.get(arena) ?? 0;
  unread.delete(arena);
}

function oldestUnread(): Arena {
  const [arena] = unread.keys();
  if (arena === undefined) return new Arena();
  markRead(arena);
  return arena;
}

/** Whose arena is used: the innermost. */
const scopes: Arena[] = [];

/** The arena of the running step, if there is one. */
export function currentArena(): Arena | undefined {
  return scopes.at(-1);
}

/** Makes `arena` the one that temporaries come from. */
export function enterArena(arena: Arena): void {
  scopes.push(arena);
}

/** Takes {@link enterArena} back; steps may end in another order than they began. */
export function leaveArena(arena: Arena): void {
  const at = scopes.lastIndexOf(arena);
  if (at >= 0) scopes.splice(at, 1);
}
