/** Sums over ranks: correct, and the same bits on all of them, in every run, in every runtime. */

import { expect, test } from "vitest";
import { IMPLEMENTATIONS, type Job, mpirun, type Outcome, RUNTIMES } from "./job.js";

/** Expects that all ranks of a job report the same, except for their number. */
function expectReports({ code, stderr, reports }: Outcome, size: number): readonly number[] {
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [first] = reports;
  expect(reports).toEqual(Array.from({ length: size }, (_, rank) => ({ ...first, rank })));
  expect(first).toMatchObject({
    size,
    isInPlace: size > 1,
    isMoved: true,
    isSummed: true,
    large: (size + 1) / 2,
    averages: [(size - 1) / 2, 2],
    ranks: Array.from({ length: size }, (_, rank) => rank * 10 - 5),
  });
  expect(first.broadcasts.every(Boolean)).toBe(true);
  expect(first.bits).toHaveLength(15);
  return first.bits;
}

const reduced = async (mpi: (typeof IMPLEMENTATIONS)[number], job: Job | readonly Job[], size: number) =>
  expectReports(await mpirun(mpi, job, "ranks/reduce.mjs"), size);

test.each(IMPLEMENTATIONS)("%s: jobs of 1, 2, 3, 4 and 7", async (mpi) => {
  for (const ranks of [1, 2, 3, 4, 7]) await reduced(mpi, { ranks }, ranks);
});

test.each(IMPLEMENTATIONS)(
  "%s: the same bits in every run, in every runtime, and in a job of all three",
  async (mpi) => {
    const node = await reduced(mpi, { ranks: 3 }, 3);
    expect(await reduced(mpi, { ranks: 3 }, 3)).toEqual(node);
    expect(await reduced(mpi, { ranks: 3, runtime: "Deno" }, 3)).toEqual(node);
    expect(await reduced(mpi, { ranks: 3, runtime: "Bun" }, 3)).toEqual(node);
    const mixed = RUNTIMES.map((runtime) => ({ ranks: 1, runtime }));
    expect(await reduced(mpi, mixed, 3)).toEqual(node);
  },
);

test.each(IMPLEMENTATIONS)("%s: the bits of one thread with two in each process, and no more", async (mpi) => {
  const run = async (threads: string) => {
    const { code, stderr, reports } = await mpirun(mpi, { ranks: 2 }, "ranks/threads.mjs", threads);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(reports).toHaveLength(2);
    return reports.map(({ isShared, hash }) => ({ isShared, hash }));
  };
  const [one] = await run("1");
  expect(one?.isShared).toBe(false);
  for (const threads of ["2", "8"]) expect(await run(threads)).toEqual([1, 2].map(() => ({ ...one, isShared: true })));
});

test.each(IMPLEMENTATIONS)("%s: products with relaxed SIMD, alike on any number of threads", async (mpi) => {
  for (const runtime of ["Node", "Deno"] as const) {
    const run = async (threads: string, relaxed: string) => {
      const outcome = await mpirun(mpi, { ranks: 2, runtime }, "ranks/relaxed.mjs", threads, relaxed);
      expect(outcome).toMatchObject({ code: 0, stderr: "" });
      const [first, second] = outcome.reports.map(({ hash, has }) => ({ hash, has }));
      expect(second).toEqual(first);
      return first as { hash: number; has: boolean };
    };
    const plain = await run("1", "0");
    const relaxed = await run("1", "1");
    expect(await run("2", "1")).toEqual(relaxed);
    // Processors without such an instruction round twice; those of the tests have it.
    expect(relaxed.hash !== plain.hash).toBe(plain.has);
  }
});
