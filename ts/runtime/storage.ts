/**
 * The memory of a tensor's numbers, as a type.
 *
 * @module
 */

import type { Uint32s } from "../platform-types.js";

/** Memory that steps share: it determines how long a value lives. */
export interface SharedArena {
  readonly generation: number;
}

/** Memory of a tensor: a separate block, or a part of an arena. */
export interface Storage {
  /** Their address in WebAssembly memory; reading it moves them there. @throws DisposedError, OutOfMemoryError */
  readonly address: number;
  /** The numbers themselves, while they are in JavaScript's memory. */
  readonly outside: Uint32s | undefined;
  readonly freed: boolean;
  /** Returns the numbers as an array that the caller may keep: from here on they are in it, see `Loose.lend`. */
  lend(): void;
  /** Number of the last change in place, from `changes.ts`; 0 for none. */
  changed: number;
  /** The arena that it is a part of. */
  readonly arena?: SharedArena | undefined;
  free(): void;
}
