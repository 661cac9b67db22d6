/**
 * Fallback for browsers, which cannot call C.
 *
 * @module
 */

import { ReplicaError } from "../errors.js";
import type { LibraryOpener } from "./native.js";

/** Browsers have none. */
export function environment(_: string): string | undefined {
  return undefined;
}

/** Browsers have none. */
export function setEnvironment(_name: string, _value: string): void {}

/** Number of processes that can run at once. */
export function cores(): number {
  return navigator.hardwareConcurrency;
}

/** @throws ReplicaError */
export async function libraryOpener(): Promise<LibraryOpener> {
  throw new ReplicaError(
    "ERR_MPI",
    "MpiGroup.open: gradstep/mpi runs in Node, Deno and Bun, under mpirun; here no MPI library can be loaded. In a " +
      "page, MirroredStrategy of gradstep/distribute trains on several workers.",
    -1,
  );
}
