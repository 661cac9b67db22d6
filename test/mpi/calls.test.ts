/**
 * Arguments passed to C, with a stand-in library that records calls: for interfaces that cannot run here, and for arguments
 * that must not reach a library.
 */

import { expect, test } from "vitest";
import { identify } from "../../ts/mpi/abi.js";
import { type Call, recorder, started } from "./recorder.js";

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

test("a library that reports another name is unknown", () => {
  expect(identify(recorder("libmpi.so").library)).toEqual({ abi: undefined, version: "Somebody's MPI 1.0" });
});

test("data and ranks that MPI cannot represent do not reach it", () => {
  const { mpi, calls } = started("libmpich.so.12");
  const before = calls.length;
  for (const data of [new Float32Array(0), [1] as unknown as Float32Array]) expect(() => mpi.sum(data)).toThrow();
  for (const root of [-1, 3, 0.5]) expect(() => mpi.broadcast(new Float32Array(1), root)).toThrow();
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
