/**
 * Refusals of groups started by `mpirun`, with a stand-in library that records calls: ts/mpi/. Real libraries are in test/mpi.
 */

import { ReplicaError } from "../../ts/index.js";
import { libraryOpener } from "../../ts/mpi/ffi-none.js";
import { findLibrary } from "../../ts/mpi/library.js";
import { MpiGroup } from "../../ts/mpi/mpi-group.js";
import { type Behaviour, found, type Path, recorder, started } from "../mpi/recorder.js";
import type { Rows } from "./row.js";

/** Names of missing libraries. */
const missing = (): never => {
  throw new Error("no such file");
};

const calls = (behaviour: Behaviour = {}) => started("libmpich.so.12", behaviour).mpi;
const opened = (path: Path, behaviour: Behaviour = {}) => findLibrary(() => recorder(path, behaviour).library, path);

/** More than there is memory for, as far as a view can say it. */
const huge = () => Object.defineProperty(new Float32Array(1), "length", { value: 2 ** 31 });

export const libraries: Rows = [
  [
    () => MpiGroup.open({ path: "libmpi.so" } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'MpiGroup.open does not know "path". Its options are: library, threads, relaxed.',
  ],
  [
    () => MpiGroup.open({ library: 40 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'MpiGroup.open: "library" must be a string, got 40.',
  ],
  [
    () => MpiGroup.open({ threads: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MpiGroup.open: "threads" must be a whole number from 1 to 32, or "auto", got 0.',
  ],
  [
    () => MpiGroup.open({ relaxed: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'MpiGroup.open: "relaxed" must be true or false, got 1.',
  ],
  [
    () => MpiGroup.open({}, ...([1] as unknown as [])),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "MpiGroup.open takes one argument, got 2.",
  ],
  [
    libraryOpener,
    "ReplicaError",
    "ERR_MPI",
    "MpiGroup.open: gradstep/mpi runs in Node, Deno and Bun, under mpirun; here no MPI library can be loaded. In a page, MirroredStrategy of gradstep/distribute trains on several workers.",
  ],
  [
    () => findLibrary(missing, undefined),
    "ReplicaError",
    "ERR_MPI",
    'MpiGroup.open: no MPI library was found (tried libmpi.so.40, libmpi.40.dylib, libmpich.so.12, libmpi.so.12, libmpi.12.dylib, libpmpi.12.dylib, libmpi.so, libmpi.dylib, libmpi_abi.so, libmpi_abi.so.0, libmpi_abi.dylib). Install Open MPI or MPICH (on Debian: apt-get install openmpi-bin, or mpich), or name the library: MpiGroup.open({ library: "/path/to/libmpi.so" }).',
  ],
  [
    () => findLibrary(missing, "libmine.so"),
    "ReplicaError",
    "ERR_MPI",
    "MpiGroup.open: the MPI library libmine.so could not be loaded: no such file",
  ],
  [
    // Why the runtime can load none is said as it is.
    () =>
      findLibrary(() => {
        throw new ReplicaError("ERR_MPI", "not allowed", -1);
      }, undefined),
    "ReplicaError",
    "ERR_MPI",
    "not allowed",
  ],
  [
    () => opened("libmpich.so.12", { lacks: ["MPI_Get_library_version"] }),
    "ReplicaError",
    "ERR_MPI",
    "MpiGroup.open: libmpich.so.12 is not an MPI library.",
  ],
  [
    () => opened("libmpi.so"),
    "ReplicaError",
    "ERR_MPI",
    'MpiGroup.open: libmpi.so is "Somebody\'s MPI 1.0", whose binary interface gradstep does not know. It knows those of Open MPI, of MPICH and its derivatives, and the standard one of MPI 5 (libmpi_abi).',
  ],
  ...["mpi_float", "mpi_double", "mpi_int", "mpi_op_sum", "mpi_errors_return"].map(
    (name) =>
      [
        () => opened("libmpi.so.40", { lacks: [`ompi_${name}`] }),
        "ReplicaError",
        "ERR_MPI",
        `MpiGroup.open: libmpi.so.40 is an Open MPI without ompi_${name}, which gradstep needs. Install Open MPI 4 or 5.`,
      ] as const,
  ),
  [
    () => calls({ granted: 1 }),
    "ReplicaError",
    "ERR_MPI",
    "MpiGroup.open: MPICH Version: 4.0.2 does not allow calls from several threads one after another (MPI_THREAD_SERIALIZED), which JavaScript engines may make.",
  ],
  [
    () => started("libmpi_abi.so", { granted: 1024 }),
    "ReplicaError",
    "ERR_MPI",
    "MpiGroup.open: MPICH Version: 5.0.0 does not allow calls from several threads one after another (MPI_THREAD_SERIALIZED), which JavaScript engines may make.",
  ],
];

const AMOUNT = "MPI takes 1 to 2147483647 float32, float64 or int32 numbers, got";

export const data: Rows = [
  ...(
    [
      [huge, "2147483648"],
      [() => new Float32Array(0), "0"],
      [() => [1] as never, "an array of 1"],
    ] as const
  ).flatMap(([numbers, got]) => [
    [
      () => calls().sum(numbers()),
      "ReplicaError",
      "ERR_MPI",
      `MPI_Allreduce on replica 1 of 3: ${AMOUNT} ${got}.`,
    ] as const,
    [
      () => calls().broadcast(numbers(), 0),
      "ReplicaError",
      "ERR_MPI",
      `MPI_Bcast on replica 1 of 3: ${AMOUNT} ${got}.`,
    ] as const,
  ]),
  ...[-1, 3, 0.5].map(
    (root) =>
      [
        () => calls().broadcast(new Float32Array(1), root),
        "ReplicaError",
        "ERR_MPI",
        `MPI_Bcast on replica 1 of 3: there is no rank ${root}.`,
      ] as const,
  ),
  [
    () => calls({ codes: { MPI_Initialized: 13 }, says: "Invalid argument" }),
    "ReplicaError",
    "ERR_MPI",
    "MPI_Initialized failed on this process: Invalid argument",
  ],
  [
    () => calls({ codes: { MPI_Allreduce: 15 }, says: "Message truncated" }).sum(new Float32Array(1)),
    "ReplicaError",
    "ERR_MPI",
    "MPI_Allreduce failed on replica 1 of 3: Message truncated",
  ],
  [
    () => calls({ codes: { MPI_Bcast: 15 } }).broadcast(new Float32Array(1), 0),
    "ReplicaError",
    "ERR_MPI",
    "MPI_Bcast failed on replica 1 of 3: error 15",
  ],
];

interface Process {
  readonly env: Record<string, string | undefined>;
  on(event: string): unknown;
}
const { process } = globalThis as unknown as { process?: Partial<Process> };
const hasProcess = typeof process?.on === "function";

/** A group of three, of which this is replica 1; the others say that they do something. */
const group = (others?: Behaviour["others"]): MpiGroup =>
  Reflect.construct(MpiGroup, [found("libmpi.so.40", others && { others })]);

/** With a variable of the environment. */
function launched(count: string): MpiGroup {
  const { env } = process as Process;
  env.OMPI_COMM_WORLD_SIZE = count;
  try {
    return group();
  } finally {
    delete env.OMPI_COMM_WORLD_SIZE;
  }
}

function closed(): MpiGroup {
  const made = group();
  made.close();
  return made;
}

const CLOSED = "This MpiGroup was closed, and MPI cannot start again in a process.";

/** It listens for the end of its process: not in pages. */
export const groups: Rows = hasProcess
  ? [
      [
        () => launched("2"),
        "ReplicaError",
        "ERR_MPI",
        'MpiGroup.open: mpirun started 2 processes, but Open MPI v4.1.4 (libmpi.so.40) reports 3: it is the library of another MPI. Install the one that belongs to this mpirun, or name it: MpiGroup.open({ library: "/path/to/libmpi.so" }).',
      ],
      [
        () => group([3, 0]).barrier(),
        "ReplicaError",
        "ERR_REPLICA_LOST",
        "Replica 0 of 3 has left the group: its script ended, or closed it, while others continue.",
      ],
      [
        () => group([2, 0]).exchange(5),
        "ReplicaError",
        "ERR_REPLICA_MISMATCH",
        "Replica 0 is at barrier(), replica 1 at an exchange of data. All must make the same calls, in the same order.",
      ],
      [
        () => group([1, 0]).barrier(),
        "ReplicaError",
        "ERR_REPLICA_MISMATCH",
        "Replica 0 is at an exchange of data, replica 1 at barrier(). All must make the same calls, in the same order.",
      ],
      [() => closed().barrier(), "DisposedError", "ERR_DISPOSED", CLOSED],
      [() => closed().allReduce("sum", new Float32Array(1)), "DisposedError", "ERR_DISPOSED", CLOSED],
    ]
  : [];
