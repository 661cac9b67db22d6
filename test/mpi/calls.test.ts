/**
 * What is passed to C, on a library that only writes down: for the interfaces that cannot be run here, and for arguments
 * that must not reach one.
 */

import { expect, test } from "vitest";
import { identify } from "../../ts/mpi/abi.js";
import { MpiCalls } from "../../ts/mpi/calls.js";
import type { Argument, NativeAddress, NativeLibrary } from "../../ts/mpi/native.js";

interface Call {
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

/** Grants `granted` of threads, and notes all calls; `rank` 1 of 3. */
function recorder(path: keyof typeof VERSIONS, granted?: number): { library: NativeLibrary; calls: Call[] } {
  const calls: Call[] = [];
  const out = (view: Argument | undefined, value: number) => {
    (view as Int32Array)[0] = value;
  };
  const library: NativeLibrary = {
    path,
    address: (name) =>
      path === "libmpi.so.40" && name.startsWith("ompi_") ? (`&${name}` as unknown as NativeAddress) : undefined,
    bind: (name, kinds) => {
      return (...given) => {
        calls.push({ name, kinds, given });
        expect(given).toHaveLength(kinds.length);
        if (name === "MPI_Get_library_version") {
          const text = new TextEncoder().encode(VERSIONS[path]);
          (given[0] as Uint8Array).set(text);
          out(given[1], text.length);
        } else if (name === "MPI_Init_thread") out(given[3], granted ?? (given[2] as number));
        else if (name === "MPI_Comm_rank") out(given[1], 1);
        else if (name === "MPI_Comm_size") out(given[1], 3);
        else if (name === "MPI_Test") out(given[1], 1);
        return 0;
      };
    },
  };
  return { library, calls };
}

function started(
  path: keyof typeof VERSIONS,
  { granted, crowded = false }: { granted?: number; crowded?: boolean } = {},
) {
  const { library, calls } = recorder(path, granted);
  const { abi, version } = identify(library);
  if (abi === undefined) throw new Error(`unknown: ${version}`);
  return { mpi: new MpiCalls({ library, abi, version }, crowded), calls, version };
}

const last = (calls: readonly Call[]) => calls.at(-1) as Call;

test.each([
  ["libmpi.so.40", "address", ["&ompi_mpi_float", "&ompi_mpi_op_sum", "&ompi_mpi_comm_world"], 1n, 2],
  ["libmpich.so.12", "int", [0x4c00040a, 0x58000003, 0x44000000], 2n ** 64n - 1n, 2],
  ["libmpi.so.12", "int", [0x4c00040a, 0x58000003, 0x44000000], 2n ** 64n - 1n, 2],
  ["libmpi_abi.so", "word", [0x210n, 0x21n, 0x101n], 1n, 2048],
] as const)("%s: handles are of kind %s", (path, kind, handles, inPlace, serialized) => {
  const { mpi, calls } = started(path);
  const [, init] = calls.filter(({ name }) => /Initialized|Init_thread/.test(name));
  expect(init).toMatchObject({ name: "MPI_Init_thread", kinds: ["word", "word", "int", "buffer"] });
  expect(init?.given.slice(0, 3)).toEqual([0n, 0n, serialized]);
  expect(calls.some(({ name }) => name === "MPI_Comm_set_errhandler")).toBe(true);
  expect([mpi.rank, mpi.size]).toEqual([1, 3]);
  const data = new Float32Array(5);
  mpi.sum(data);
  expect(last(calls).kinds).toEqual(["word", "buffer", "int", kind, kind, kind]);
  expect(last(calls).given).toEqual([inPlace, data, 5, ...handles]);
  // The memory itself, not a copy of it.
  expect(last(calls).given[1]).toBe(data);
});

test("types of numbers have their own handles", () => {
  const { mpi, calls } = started("libmpich.so.12");
  const typeOf = (data: Float64Array | Int32Array) => {
    mpi.broadcast(data, 2);
    return last(calls).given[2];
  };
  expect(typeOf(new Float64Array(1))).toBe(0x4c00080b);
  expect(typeOf(new Int32Array(1))).toBe(0x4c000405);
});

test("a library that grants too little of threads is refused, and so is one that nobody knows", () => {
  expect(() => started("libmpich.so.12", { granted: 1 })).toThrow(
    /^MpiGroup\.open: MPICH Version: 4\.0\.2 does not allow .*MPI_THREAD_SERIALIZED/,
  );
  expect(() => started("libmpi_abi.so", { granted: 1024 })).toThrow(/MPI_THREAD_SERIALIZED/);
  expect(identify(recorder("libmpi.so").library)).toEqual({ abi: undefined, version: "Somebody's MPI 1.0" });
});

test("what MPI cannot count does not reach it", () => {
  const { mpi, calls } = started("libmpich.so.12");
  const before = calls.length;
  // More than there is memory for, as far as a view can say it.
  const huge = Object.defineProperty(new Float32Array(1), "length", { value: 2 ** 31 });
  for (const data of [huge, new Float32Array(0), [1] as unknown as Float32Array]) {
    expect(() => mpi.sum(data)).toThrow(/^MPI_Allreduce on replica 1 of 3: MPI takes 1 to 2147483647 /);
  }
  for (const root of [-1, 3, 0.5]) expect(() => mpi.broadcast(new Float32Array(1), root)).toThrow(/there is no rank/);
  expect(calls).toHaveLength(before);
});

test("ranks that share cores start, and test until it is done, with a real status", () => {
  const { mpi, calls } = started("libmpich.so.12", { crowded: true });
  mpi.sum(new Float32Array(5));
  const [start, test] = calls.slice(-2) as [Call, Call];
  expect(start).toMatchObject({
    name: "MPI_Iallreduce",
    kinds: ["word", "buffer", "int", "int", "int", "int", "buffer"],
  });
  expect(test.name).toBe("MPI_Test");
  expect(test.given[0]).toBe(start.given[6]);
  expect((test.given[2] as Int32Array).byteLength).toBe(64);
});
