/**
 * Memory for the temporaries of a step: allocated contiguously, reused as a whole.
 *
 * A training step needs the same temporaries every time. An arena keeps the memory of its largest step: after its first
 * iterations a loop allocates nothing, and temporaries are not freed one by one. Which arena a step gets, and when its
 * memory is used again, is in `steps.ts`.
 *
 * @module
 */

import { noteMove } from "../changes.js";
import { DisposedError, OutOfMemoryError } from "../errors.js";
import type { Uint32s } from "../platform-types.js";
import { padded } from "./cache-lines.js";
import { Loose, lentCopy } from "./loose.js";
import { Block, uint32 } from "./memory.js";
import { wasm } from "./module.js";
import type { Storage } from "./storage.js";

/** 64 kB: enough for a small model's step. */
const FIRST_CHUNK = 1 << 14;
/** 4 MB: chunks double up to this size, which limits the waste of the last one. */
const LARGEST_STEP_UP = 1 << 20;
/** Values of up to this many numbers, such as losses, outlive the arena: 256 bytes at most. */
const SMALL = 64;
/** Steps in which the last chunks were not needed, after which they are freed. */
const PATIENCE = 32;

/** 4-byte values in all arenas. */
let total = 0;

/** 4-byte values that all arenas hold together, whether idle or in use. */
export function heldByArenas(): number {
  return total;
}

/** All of WebAssembly memory, for immediate reading. */
let words = new Int32Array();

/** Purpose of an arena. Arenas of one use are interchangeable: their sizes are similar. */
export type ArenaUse = "step" | "gradients" | "scratch";

/** Memory that is allocated contiguously. */
export class Arena {
  readonly use: ArenaUse;
  /** Steps that have ended in this arena; a temporary belongs to one. */
  generation = 0;
  /** 4-byte values that it holds. */
  length = 0;
  /** Number of the step since which it is idle, set by `arena-pool.ts`. */
  since = 0;
  readonly #chunks: Block[] = [];
  #chunk = 0;
  #used = 0;
  #unneeded = 0;
  /** Parts that are saved at the end; nothing for scratch memory, which users never see. */
  readonly #small: ArenaRun[] | undefined;

  constructor(use: ArenaUse) {
    this.use = use;
    this.#small = use === "scratch" ? undefined : [];
  }

  /** Room for `length` 4-byte values, until {@link Arena.reset}; not zeroed. @throws OutOfMemoryError */
  take(length: number): Storage {
    const size = padded(Math.max(1, length));
    let at = this.#chunk;
    let used = this.#used;
    let chunk = this.#chunks[at];
    while (chunk !== undefined && chunk.length - used < size) {
      used = 0;
      chunk = this.#chunks[++at];
    }
    if (chunk === undefined) {
      const last = this.#chunks.at(-1)?.length ?? 0;
      chunk = roomy(size, Math.max(this.#firstChunk(), Math.min(last * 2, LARGEST_STEP_UP)));
      this.#chunks.push(chunk);
      this.length += chunk.length;
      total += chunk.length;
    }
    const run = new ArenaRun(this, chunk.address + used * 4, length);
    this.#chunk = at;
    this.#used = used + size;
    if (size <= SMALL) this.#small?.push(run);
    return run;
  }

  /** Number of its blocks of memory. */
  get pieces(): number {
    return this.#chunks.length;
  }

  /** 4-byte values in use; the arena may be larger, because of earlier steps. */
  get taken(): number {
    return this.#chunks.reduce((sum, { length }, i) => (i < this.#chunk ? sum + length : sum), this.#used);
  }

  /** Reclaims all memory: from here on, temporaries of the step that ends refuse to be used, except small ones. */
  reset(): void {
    this.#save();
    noteMove();
    this.generation++;
    if (this.#chunk + 1 >= this.#chunks.length) this.#unneeded = 0;
    else if (++this.#unneeded > PATIENCE) this.#shorten(this.#chunk + 1);
    this.#chunk = 0;
    this.#used = 0;
  }

  /** Returns its memory to the allocator. */
  free(): void {
    this.reset();
    this.#shorten(0);
  }

  /** Whether this address is in it. */
  holds(address: number): boolean {
    return this.#chunks.some((chunk) => address >= chunk.address && address < chunk.address + chunk.length * 4);
  }

  /** Leaves its memory to the owners of its parts; afterwards the garbage collector frees it. */
  leave(): void {
    total -= this.length;
    this.length = 0;
  }

  /** Gradients are allocated contiguously; their size is known. */
  #firstChunk(): number {
    return this.use === "gradients" ? 0 : FIRST_CHUNK;
  }

  #save(): void {
    const small = this.#small;
    if (small === undefined || small.length === 0) return;
    const { buffer } = wasm().memory;
    if (words.buffer !== buffer) words = new Int32Array(buffer);
    for (const run of small) run.save(words);
    small.length = 0;
  }

  #shorten(count: number): void {
    for (const chunk of this.#chunks.splice(count)) {
      this.length -= chunk.length;
      total -= chunk.length;
      chunk.free();
    }
    this.#unneeded = 0;
  }
}

/** A block of `wished` values if possible, otherwise of at least `least`. @throws OutOfMemoryError */
function roomy(least: number, wished: number): Block {
  if (wished <= least) return new Block(least);
  try {
    return new Block(wished);
  } catch (error) {
    if (!(error instanceof OutOfMemoryError)) throw error;
    return new Block(least);
  }
}

/** A part of an arena, for the step in which it was taken. */
class ArenaRun implements Storage {
  changed = 0;
  readonly #arena: Arena;
  #generation: number;
  readonly #address: number;
  readonly #length: number;
  /** Its numbers as int32, after the arena was reused. Most are never read, and a plain array is created quickly. */
  #saved: number[] | undefined;
  /** The same, after their address was requested, which is rare. */
  #moved: Loose | undefined;

  constructor(arena: Arena, address: number, length: number) {
    this.#arena = arena;
    this.#generation = arena.generation;
    this.#address = address;
    this.#length = length;
    this.#saved = undefined;
    this.#moved = undefined;
  }

  get arena(): Arena | undefined {
    return this.#isInArena ? this.#arena : undefined;
  }

  get freed(): boolean {
    return !this.#isInArena && this.#saved === undefined && this.#moved === undefined;
  }

  get address(): number {
    return this.#arena.generation === this.#generation ? this.#address : this.#addressOutside();
  }

  get outside(): Uint32s | undefined {
    return this.#saved === undefined ? this.#moved?.outside : this.#moveOutside().outside;
  }

  /** Does nothing: the whole step is freed at once. */
  free(): void {}

  lend(): void {
    if (this.#isInArena) {
      this.#moved = lentCopy(uint32(this.#address, this.#length));
      // Not a part of the step any more.
      if (this.#moved !== undefined) this.#generation = -1;
    } else if (!this.freed) {
      this.#moveOutside().lend();
    }
  }

  /** Copies the numbers out of memory that will be reused. */
  save(words: Int32Array): void {
    if (!this.#isInArena) return;
    const from = this.#address / 4;
    const saved = new Array<number>(this.#length);
    for (let i = 0; i < saved.length; i++) saved[i] = words[from + i]!;
    this.#saved = saved;
  }

  get #isInArena(): boolean {
    return this.#arena.generation === this.#generation;
  }

  #addressOutside(): number {
    if (this.freed) {
      throw new DisposedError(
        "This tensor belongs to a step that has ended, and its memory has been reused. Read it before the next iteration of the loop, or keep it with ops.keep(tensor).",
        "ERR_STEP_ENDED",
      );
    }
    return this.#moveOutside().address;
  }

  #moveOutside(): Loose {
    this.#moved ??= new Loose(this.#length, Uint32Array.from(this.#saved as number[]));
    this.#saved = undefined;
    return this.#moved;
  }
}

/** The arenas in use: the innermost, and the outer ones. */
let current: Arena | undefined;
const outer: (Arena | undefined)[] = [];

/** The arena of the running step, if there is one. */
export function currentArena(): Arena | undefined {
  return current;
}

/** Sets `arena` as the source of temporaries. */
export function enterArena(arena: Arena): void {
  outer.push(current);
  current = arena;
}

/** Reverses {@link enterArena}; steps may end in a different order than they began. */
export function leaveArena(arena: Arena): void {
  if (current === arena) {
    current = outer.pop();
  } else {
    const at = outer.lastIndexOf(arena);
    if (at >= 0) outer.splice(at, 1);
  }
}
