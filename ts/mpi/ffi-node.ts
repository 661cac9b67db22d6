/**
 * Calling C from Node: koffi, which the user installs.
 *
 * @module
 */

/// <reference types="node" />
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { ReplicaError } from "../errors.js";
import type { Argument, Kind, LibraryOpener, NativeAddress } from "./native.js";

/** The part of koffi that is used. Its types would become a dependency. */
interface Koffi {
  load(path: string): {
    func(name: string, result: string, parameters: readonly string[]): (...given: Argument[]) => number;
    symbol(name: string): NativeAddress;
  };
}

const TYPES: Readonly<Record<Kind, string>> = {
  int: "int",
  buffer: "void *",
  word: "uintptr_t",
  // koffi returns addresses as bigints.
  address: "uintptr_t",
};

/** A variable of the environment. */
export function environment(name: string): string | undefined {
  return process.env[name];
}

/** Sets a variable of the environment, for C too. */
export function setEnvironment(name: string, value: string): void {
  process.env[name] = value;
}

/** Number of processes that can run at once. */
export function cores(): number {
  return availableParallelism();
}

/** @throws ReplicaError when koffi is not installed, or has no binary for this machine */
export async function libraryOpener(): Promise<LibraryOpener> {
  const koffi = loadKoffi();
  return (path) => {
    const library = koffi.load(path);
    return {
      path,
      address(name) {
        try {
          return library.symbol(name);
        } catch {
          return undefined;
        }
      },
      bind: (name, kinds) =>
        library.func(
          name,
          "int",
          kinds.map((kind) => TYPES[kind]),
        ),
    };
  };
}

function loadKoffi(): Koffi {
  try {
    // Not an import: bundlers would try to resolve it, and fail for programs without MPI.
    return createRequire(import.meta.url)("koffi") as Koffi;
  } catch (cause) {
    const isMissing = (cause as { code?: string }).code === "MODULE_NOT_FOUND";
    const why = isMissing ? "which is not installed" : `which does not load: ${(cause as Error).message}`;
    throw new ReplicaError(
      "ERR_MPI",
      `MpiGroup.open: in Node, gradstep/mpi calls the MPI library through koffi, ${why}. Install it: npm install koffi`,
      -1,
      { cause },
    );
  }
}
