/**
 * Calling C from Bun: `bun:ffi`.
 *
 * @module
 */

import type { Argument, Kind, LibraryOpener, NativeAddress } from "./native.js";

/** The part of bun:ffi that is used. Its types would become a dependency. */
interface BunFfi {
  dlopen(
    path: string,
    symbols: Record<string, { readonly args: readonly string[]; readonly returns: string }>,
  ): { readonly symbols: Record<string, ((...given: Argument[]) => number) & { readonly ptr: number }> };
}

const TYPES: Readonly<Record<Kind, string>> = {
  int: "i32",
  buffer: "ptr",
  // Not `ptr`, which goes through a double: MPICH's MPI_IN_PLACE is 2^64 - 1.
  word: "u64",
  address: "ptr",
};

let opened: LibraryOpener | undefined;

/** A variable of the environment. */
export function environment(name: string): string | undefined {
  return (globalThis as unknown as { Bun: { env: Record<string, string | undefined> } }).Bun.env[name];
}

/** Sets a variable of the environment for C; Bun's `process.env` does not. */
export function setEnvironment(name: string, value: string): void {
  const text = (string: string) => new TextEncoder().encode(`${string}\0`);
  try {
    opened?.("libc.so.6").bind("setenv", ["buffer", "buffer", "int"])(text(name), text(value), 1);
  } catch {
    // The library of another system, which does not need it.
  }
}

/** Number of processes that can run at once. */
export function cores(): number {
  return navigator.hardwareConcurrency;
}

/** Works for any library. */
export async function libraryOpener(): Promise<LibraryOpener> {
  const { dlopen } = (await import("bun:ffi" as string)) as BunFfi;
  opened = (path) => {
    const bind = (name: string, kinds: readonly Kind[]) => {
      const { symbols } = dlopen(path, { [name]: { args: kinds.map((kind) => TYPES[kind]), returns: "i32" } });
      return symbols[name]!;
    };
    // Without a symbol, Bun loads nothing; every C library depends on the library with this one.
    bind("free", []);
    return {
      path,
      // Only functions can be looked up; this one is never called.
      address(name) {
        try {
          return bind(name, []).ptr as unknown as NativeAddress;
        } catch {
          return undefined;
        }
      },
      bind,
    };
  };
  return opened;
}
