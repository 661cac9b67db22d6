/**
 * The binary interfaces of MPI: the constants of `mpi.h`, without a compiler.
 *
 * Taken from the headers of Debian's libopenmpi-dev 4.1.4 and libmpich-dev 4.0.2, and from those of the MPI Forum for
 * the standard interface of MPI 5.
 *
 * @module
 */

import { ReplicaError } from "../errors.js";
import type { Argument, Kind, NativeLibrary } from "./native.js";

/** Form in which a constant is passed: handles differ in kind and value. */
export interface Abi {
  readonly name: string;
  /** Form in which handles (communicators, types, operations) are passed. */
  readonly handle: Kind;
  readonly world: Argument;
  readonly float32: Argument;
  readonly float64: Argument;
  readonly int32: Argument;
  readonly sum: Argument;
  readonly errorsReturn: Argument;
  readonly inPlace: bigint;
  readonly threadSerialized: number;
}

/** The names of Open MPI's objects, whose addresses are the handles. */
const OPEN_MPI = {
  world: "ompi_mpi_comm_world",
  float32: "ompi_mpi_float",
  float64: "ompi_mpi_double",
  int32: "ompi_mpi_int",
  sum: "ompi_mpi_op_sum",
  errorsReturn: "ompi_mpi_errors_return",
} as const;

/** MPICH and libraries with its interface: Intel MPI, MVAPICH, Cray MPI. */
const MPICH: Abi = {
  name: "MPICH",
  handle: "int",
  world: 0x44000000,
  float32: 0x4c00040a,
  float64: 0x4c00080b,
  int32: 0x4c000405,
  sum: 0x58000003,
  errorsReturn: 0x54000001,
  // (void *) -1
  inPlace: 0xffff_ffff_ffff_ffffn,
  threadSerialized: 2,
};

/** The standard interface of MPI 5, `libmpi_abi`. Untested: none of the tested distributions has it. */
const STANDARD: Abi = {
  name: "MPI 5",
  handle: "word",
  world: 0x101n,
  float32: 0x210n,
  float64: 0x214n,
  int32: 0x209n,
  sum: 0x21n,
  errorsReturn: 0x143n,
  inPlace: 1n,
  threadSerialized: 2048,
};

/** Enough for MPI_MAX_LIBRARY_VERSION_STRING, which is at most 8192 in all libraries. */
const VERSION_BYTES = 16384;

/** The interface of a loaded library, and its version string; `abi` is undefined if the interface is unknown. */
export function identify(library: NativeLibrary): { readonly version: string; readonly abi: Abi | undefined } {
  const text = new Uint8Array(VERSION_BYTES);
  const length = new Int32Array(1);
  // One of the few functions that may be called before MPI_Init.
  library.bind("MPI_Get_library_version", ["buffer", "buffer"])(text, length);
  const written = new TextDecoder().decode(text.subarray(0, length[0]));
  const [version = ""] = written.replace(/\0/g, "").trim().split(/[\n,]/);
  return { version: version.replace(/\s+/g, " "), abi: abiOf(library, written) };
}

function abiOf(library: NativeLibrary, version: string): Abi | undefined {
  // First, because it may load the library that has the objects.
  if (library.path.includes("mpi_abi")) return STANDARD;
  if (library.address(OPEN_MPI.world) !== undefined) return openMpi(library);
  return /MPICH|Intel\(R\) MPI|MVAPICH/i.test(version) ? MPICH : undefined;
}

function openMpi(library: NativeLibrary): Abi {
  const at = (name: string): Argument => {
    const address = library.address(name);
    if (address !== undefined) return address;
    throw new ReplicaError(
      "ERR_MPI",
      `MpiGroup.open: ${library.path} is an Open MPI without ${name}, which gradstep needs. Install Open MPI 4 or 5.`,
      -1,
    );
  };
  return {
    name: "Open MPI",
    handle: "address",
    world: at(OPEN_MPI.world),
    float32: at(OPEN_MPI.float32),
    float64: at(OPEN_MPI.float64),
    int32: at(OPEN_MPI.int32),
    sum: at(OPEN_MPI.sum),
    errorsReturn: at(OPEN_MPI.errorsReturn),
    inPlace: 1n,
    threadSerialized: 2,
  };
}
