/**
 * The memory of a tensor's numbers, as a type.
 *
 * @module
 */

/** Memory that steps share: it determines how long a value lives. */
export interface SharedArena {
  readonly generation: number;
}

/** Where a tensor's numbers are: a separate block of memory, or a part of an arena. */
export interface Storage {
  /** Where they are in WebAssembly memory, into which they are moved for it. @throws DisposedError, OutOfMemoryError */
  readonly address: number;
  /** The numbers themselves, while they are in JavaScript's memory. */
  readonly outside: Uint32Array<ArrayBuffer> | undefined;
  readonly freed: boolean;
  /** A caller gets the numbers as an array to keep: they are in it from here on, see `Loose.lend`. */
  lend(): void;
  /** Number of the last change in place, from `changes.ts`; 0 for none. */
  changed: number;
  /** The arena that it is a part of. */
  readonly arena?: SharedArena | undefined;
  free(): void;
}
