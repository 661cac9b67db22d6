/**
 * The MPI library to load: that of the `mpirun` that started this process.
 *
 * @module
 */

import { cores, environment } from "#mpi-ffi";
import { ReplicaError } from "../errors.js";
import { type Abi, identify } from "./abi.js";
import type { LibraryOpener, NativeLibrary } from "./native.js";
import { tameUcx } from "./ucx.js";

/** A library whose interface is known. */
export interface MpiLibrary {
  readonly library: NativeLibrary;
  readonly abi: Abi;
  /** Its version string, such as "Open MPI v4.1.4". */
  readonly version: string;
}

// The number is that of the binary interface; a name without it is ambiguous.
const OPEN_MPI = ["libmpi.so.40", "libmpi.40.dylib"];
const MPICH = ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib", "libpmpi.12.dylib"];
const EITHER = ["libmpi.so", "libmpi.dylib", "libmpi_abi.so", "libmpi_abi.so.0", "libmpi_abi.dylib"];

/** Number of processes that the launcher reports; undefined without a launcher, or if it reports none. */
export function launchedProcesses(): number | undefined {
  const said = environment("OMPI_COMM_WORLD_SIZE") ?? environment("PMI_SIZE");
  return said === undefined ? undefined : Number(said);
}

/** Number of processes on this machine; that of the whole job if the launcher does not report it. */
export function processesHere(): number {
  const said = environment("OMPI_COMM_WORLD_LOCAL_SIZE") ?? environment("MPI_LOCALNRANKS");
  return said === undefined ? (launchedProcesses() ?? 1) : Number(said);
}

/** Whether ranks on this machine share cores. MPICH's launcher provides their number. */
export function isCrowded(): boolean {
  return Number(environment("MPI_LOCALNRANKS") ?? 0) > cores();
}

/** Names to try, most likely first. */
function candidates(): readonly string[] {
  const isSet = (...names: readonly string[]) => names.some((name) => environment(name) !== undefined);
  // Before the other: a process started by Open MPI may inherit PMI's variables.
  if (isSet("OMPI_COMM_WORLD_SIZE")) return [...OPEN_MPI, ...EITHER, ...MPICH];
  if (isSet("PMI_RANK", "PMI_SIZE", "PMI_FD", "PMI_PORT")) return [...MPICH, ...EITHER, ...OPEN_MPI];
  return [...OPEN_MPI, ...MPICH, ...EITHER];
}

/** @param given - The caller's path; then no other is tried. @throws ReplicaError when none is usable */
export function findLibrary(open: LibraryOpener, given: string | undefined): MpiLibrary {
  tameUcx();
  const tried = given === undefined ? candidates() : [given];
  const failures: string[] = [];
  for (const path of tried) {
    let library: NativeLibrary;
    try {
      library = open(path);
    } catch (error) {
      if (error instanceof ReplicaError) throw error;
      failures.push((error as Error).message);
      continue;
    }
    return identified(library);
  }
  throw new ReplicaError(
    "ERR_MPI",
    given === undefined
      ? `MpiGroup.open: no MPI library was found (tried ${tried.join(", ")}). Install Open MPI or MPICH (on Debian: apt-get ` +
          'install openmpi-bin, or mpich), or name the library: MpiGroup.open({ library: "/path/to/libmpi.so" }).'
      : `MpiGroup.open: the MPI library ${given} could not be loaded: ${failures[0]}`,
    -1,
  );
}

function identified(library: NativeLibrary): MpiLibrary {
  let found: ReturnType<typeof identify>;
  try {
    found = identify(library);
  } catch (cause) {
    if (cause instanceof ReplicaError) throw cause;
    throw new ReplicaError("ERR_MPI", `MpiGroup.open: ${library.path} is not an MPI library.`, -1, { cause });
  }
  const { abi, version } = found;
  if (abi === undefined) {
    throw new ReplicaError(
      "ERR_MPI",
      `MpiGroup.open: ${library.path} is "${version}", whose binary interface gradstep does not know. It knows those of ` +
        "Open MPI, of MPICH and its derivatives, and the standard one of MPI 5 (libmpi_abi).",
      -1,
    );
  }
  return { library, abi, version };
}
