/**
 * The interface of a runtime's adapter: loading a C library, and calling its functions.
 *
 * @module
 */

/**
 * Kind of an argument: an `int`; the memory of a typed array; a pointer-sized number, as a bigint; the address of an
 * exported object, as returned by {@link NativeLibrary.address}.
 */
export type Kind = "int" | "buffer" | "word" | "address";

/** An argument of a {@link Kind}. Addresses are opaque; their type depends on the runtime. */
export type Argument = number | bigint | ArrayBufferView | NativeAddress;

/** The address of an exported object. */
export type NativeAddress = { readonly opaque: unique symbol };

/** A C function that returns an `int`. */
export type NativeFunction = (...given: Argument[]) => number;

/** A loaded library; it stays loaded until the process ends. */
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
