/**
 * An MPI library that only records its calls.
 *
 * @module
 */

import { identify } from "../../ts/mpi/abi.js";
import { MpiCalls } from "../../ts/mpi/calls.js";
import type { MpiLibrary } from "../../ts/mpi/library.js";
import type { Argument, NativeAddress, NativeLibrary } from "../../ts/mpi/native.js";

/** A call of C. */
export interface Call {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly given: readonly Argument[];
}

const VERSIONS = {
  "libmpi.so.40": "Open MPI v4.1.4, package: Debian OpenMPI",
  "libmpich.so.12": "MPICH Version:\t4.0.2\nMPICH Release date:\tThu Apr  7",
  "libmpi.so.12": "Intel(R) MPI Library 2021.9 for Linux* OS\n",
  "libmpi_abi.so": "MPICH Version:      5.0.0",
  "libmpi.so": "Somebody's MPI 1.0",
};

/** The libraries that there are. */
export type Path = keyof typeof VERSIONS;

/** Behaviour of a library. */
export interface Behaviour {
  /** Level of thread support. Default: the requested one. */
  readonly granted?: number;
  /** Objects that it lacks. */
  readonly lacks?: readonly string[];
  /** Codes that functions return. Default: 0. */
  readonly codes?: Readonly<Record<string, number>>;
  /** Its text for any error code. Default: it knows none. */
  readonly says?: string;
  /** The action that the other replicas announce. Default: the action of this one. */
  readonly others?: readonly [action: number, value: number];
}

/** Notes all calls. Its process is rank 1 of 3. */
export function recorder(
  path: Path,
  { granted, lacks = [], codes = {}, says, others }: Behaviour = {},
): { library: NativeLibrary; calls: Call[] } {
  const calls: Call[] = [];
  const out = (view: Argument | undefined, value: number) => {
    (view as Int32Array)[0] = value;
  };
  const write = (view: Argument | undefined, length: Argument | undefined, text: string) => {
    const bytes = new TextEncoder().encode(text);
    (view as Uint8Array).set(bytes);
    out(length, bytes.length);
  };
  const library: NativeLibrary = {
    path,
    address: (name) =>
      path === "libmpi.so.40" && name.startsWith("ompi_") && !lacks.includes(name)
        ? (`&${name}` as unknown as NativeAddress)
        : undefined,
    bind: (name, kinds) => {
      if (lacks.includes(name)) throw new Error(`no ${name}`);
      return (...given) => {
        calls.push({ name, kinds, given });
        if (given.length !== kinds.length)
          throw new Error(`${name} takes ${kinds.length} arguments, got ${given.length}`);
        if (name === "MPI_Get_library_version") write(given[0], given[1], VERSIONS[path]);
        else if (name === "MPI_Init_thread") out(given[3], granted ?? (given[2] as number));
        else if (name === "MPI_Comm_rank") out(given[1], 1);
        else if (name === "MPI_Comm_size") out(given[1], 3);
        else if (name === "MPI_Test") out(given[1], 1);
        else if (name === "MPI_Allgather") gather(given[0] as Int32Array, given[3] as Int32Array);
        else if (name === "MPI_Error_string") {
          if (says === undefined) return 1;
          write(given[1], given[2], says);
        }
        return codes[name] ?? 0;
      };
    },
  };
  const gather = (own: Int32Array, all: Int32Array) => {
    for (const rank of [0, 1, 2]) all.set(rank === 1 ? own : (others ?? own), rank * own.length);
  };
  return { library, calls };
}

/** A library, identified. */
export function found(path: Path, behaviour: Behaviour = {}): MpiLibrary & { readonly calls: Call[] } {
  const { library, calls } = recorder(path, behaviour);
  const { abi, version } = identify(library);
  if (abi === undefined) throw new Error(`unknown: ${version}`);
  return { library, abi, version, calls };
}

/** Started MPI. */
export function started(
  path: Path,
  { crowded = false, ...behaviour }: Behaviour & { readonly crowded?: boolean } = {},
) {
  const library = found(path, behaviour);
  return { mpi: new MpiCalls(library, crowded), calls: library.calls, version: library.version };
}
