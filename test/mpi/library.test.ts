/** The library that is loaded, and the message when none can be. */

import { execFileSync } from "node:child_process";
import { expect, inject, test } from "vitest";
import { alone, IMPLEMENTATIONS, mpirun, RUNTIMES } from "./job.js";

const OPENS = "ranks/opens.mjs";
const CLOSED = { name: "DisposedError", code: "ERR_DISPOSED" };

/** Path at which the system's loader finds a library. */
function pathOf(soname: string): string {
  const listed = execFileSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" });
  return (
    listed
      .split("\n")
      .find((line) => line.trim().startsWith(`${soname} `))
      ?.split("=> ")[1] ?? ""
  );
}

test.each(RUNTIMES)(
  "%s without mpirun: a job of one, which can be opened again, but not after its end",
  async (runtime) => {
    const { code, stderr, reports } = await alone(runtime, [OPENS]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(reports).toMatchObject([{ rank: 0, size: 1, isSame: true, sum: 1, errors: [CLOSED, CLOSED] }]);
  },
);

test.each(IMPLEMENTATIONS)("%s: after close() nothing works, on all ranks", async (mpi) => {
  const { code, reports } = await mpirun(mpi, { ranks: 2 }, OPENS);
  expect(code).toBe(0);
  expect(reports).toMatchObject([0, 1].map((rank) => ({ rank, size: 2, sum: 2, errors: [CLOSED, CLOSED] })));
});

test("without koffi, Node says how to install it", async () => {
  const { reports } = await alone("Node", [OPENS], { cwd: inject("bare") });
  expect(reports[0].error).toMatchObject({ name: "ReplicaError", code: "ERR_MPI", replica: -1 });
  expect(reports[0].error.message).toMatch(/koffi, which is not installed\. Install it: npm install koffi$/);
});

test.each(RUNTIMES)("%s: a missing library, one that is not MPI, invalid options", async (runtime) => {
  const errorWith = async (options: object) => {
    const { code, reports } = await alone(runtime, [OPENS, JSON.stringify(options)]);
    expect(code).toBe(0);
    return reports[0].error;
  };
  expect(await errorWith({ library: "libnothing.so.1" })).toMatchObject({
    code: "ERR_MPI",
    message: expect.stringMatching(/^MpiGroup\.open: the MPI library libnothing\.so\.1 could not be loaded: /),
  });
  expect(await errorWith({ library: "libm.so.6" })).toMatchObject({
    code: "ERR_MPI",
    message: "MpiGroup.open: libm.so.6 is not an MPI library.",
  });
  expect(await errorWith({ path: "libmpi.so" })).toMatchObject({ name: "ValueError", code: "ERR_OPTION_UNKNOWN" });
  expect(await errorWith({ library: 40 })).toMatchObject({ name: "TypeError", code: "ERR_OPTION_TYPE" });
});

test.each([
  ["MPICH", "libmpi.so.40", "Open MPI v4"],
  ["Open MPI", "libmpich.so.12", "MPICH Version"],
] as const)("mpirun of %s, and the other library: an error, not as many jobs of one", async (mpi, library, version) => {
  const { code, reports } = await mpirun(mpi, { ranks: 2 }, OPENS, JSON.stringify({ library }));
  expect(code).toBe(0);
  expect(reports).toHaveLength(2);
  for (const { error } of reports) {
    expect(error.message).toContain("mpirun started 2 processes, but ");
    expect(error.message).toContain(version);
  }
});

test("Deno may be allowed one library alone, by its full path", async () => {
  const library = pathOf("libmpi.so.40");
  const job = { ranks: 2, runtime: "Deno", permissions: [`--allow-ffi=${library}`] } as const;
  const { code, reports } = await mpirun("Open MPI", job, OPENS, JSON.stringify({ library }));
  expect(code).toBe(0);
  expect(reports).toMatchObject([{ sum: 2 }, { sum: 2 }]);
});

test("without a permission, Deno says which it needs", async () => {
  const { reports } = await alone("Deno", [OPENS], { permissions: [] });
  expect(reports[0].error).toMatchObject({ code: "ERR_MPI", message: expect.stringContaining("--allow-ffi") });
});

test.each(IMPLEMENTATIONS)("%s: an error of MPI's own is thrown, with the call and the rank", async (mpi) => {
  const { reports } = await mpirun(mpi, { ranks: 2 }, "ranks/refused-by-mpi.mjs");
  const [first, second] = reports;
  expect(first.error).toBeNull();
  expect(second.error).toMatchObject({ name: "ReplicaError", code: "ERR_MPI", replica: 1 });
  expect(second.error.message).toMatch(/^MPI_Bcast failed on replica 1 of 2: .*truncated/i);
  // The progress of the others is unknown, so the job cannot continue.
  expect(second.later).toEqual(second.error);
  // Debian's MPICH would end with a segmentation fault.
  expect(first.noRank).toMatchObject({ code: "ERR_MPI", message: "MPI_Bcast on replica 0 of 2: there is no rank 99." });
});

test.each(IMPLEMENTATIONS.flatMap((mpi) => RUNTIMES.map((runtime) => [mpi, runtime] as const)))(
  "%s, %s: WebAssembly's traps are still errors",
  async (mpi, runtime) => {
    const { code, reports } = await mpirun(mpi, { ranks: 2, runtime }, "ranks/traps.mjs");
    expect(code).toBe(0);
    expect(reports).toMatchObject([0, 1].map(() => ({ error: { name: "RuntimeError" } })));
  },
);
