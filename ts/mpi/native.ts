/**
 * Requirements of the adapter on a runtime: loading a library of C functions, and calling them.
 *
 * @module
 */

/**
 * Kind of an argument: an `int`; the memory of a typed array; a number as wide as a pointer, as a bigint; the
 * address of something that the library exports, as {@link NativeLibrary.address} gives it.
 */
export type Kind = "int" | "buffer" | "word" | "address";

/** An argument of its {@link Kind}. Addresses differ by runtime, and are opaque. */
export type Argument = number | bigint | ArrayBufferView | NativeAddress;

/** The address of an exported object. */
export type NativeAddress = { readonly opaque: unique symbol };

/** A C function that returns an `int`. */
export type NativeFunction = (...given: Argument[]) => number;

/** A library that was loaded; it stays until the process ends. */
export interface NativeLibrary {
  /** Name by which it was loaded. */
  readonly path: string;
  /** Address of an exported object, undefined if none has that name. */
  address(name: string): NativeAddress | undefined;
  /** @throws when there is no function of that name */
  bind(name: string, kinds: readonly Kind[]): NativeFunction;
}

/** Loads a library by its path, or by a name that the system's loader finds. @throws when it cannot */
export type LibraryOpener = (path: string) => NativeLibrary;
