/** A rank that ends with an error ends the job, with its name; the others do not wait for it. */

import { expect, test } from "vitest";
import { IMPLEMENTATIONS, type Implementation, mpirun, type Runtime } from "./job.js";

/** End of rank 1, the exit code of the job, and the reason in its line. */
const FAILURES: readonly [how: string, code: number, reason: string][] = [
  ["throws", 1, "out of paper"],
  ["throws later", 1, "out of paper"],
  ["rejects", 1, "out of paper"],
  ["exits with 3", 3, "it ended with exit code 3"],
  ["has exit code 4", 4, "it ended with exit code 4"],
];
const NODE_ONLY: typeof FAILURES = [["aborts", 1, "out of paper"]];
const DENO_ONLY: typeof FAILURES = [["exits with 3 in Deno's way", 3, "it ended with exit code 3"]];

const cases = IMPLEMENTATIONS.flatMap((mpi) =>
  (["Node", "Deno", "Bun"] as const).flatMap((runtime) =>
    [...FAILURES, ...(runtime === "Node" ? NODE_ONLY : runtime === "Deno" ? DENO_ONLY : [])].map(
      ([how, code, reason]) => [mpi, runtime, how, code, reason] as const,
    ),
  ),
);

const ends = (mpi: Implementation, runtime: Runtime, how: string, ranks = 2) =>
  mpirun(mpi, { ranks, runtime }, "ranks/ends.mjs", how);

test.each(cases)("%s, %s: a rank that %s ends the job", async (mpi, runtime, how, code, reason) => {
  const outcome = await ends(mpi, runtime, how, runtime === "Node" ? 3 : 2);
  const size = outcome.reports[0]?.size;
  expect(outcome.stderr + outcome.stdout).toContain(
    `gradstep: replica 1 of ${size} failed: ${reason}; the job ends.\n`,
  );
  expect(outcome.stderr.match(/gradstep: /g)).toHaveLength(1);
  expect(outcome.code).toBe(code);
  // As its runtime would have shown it.
  if (reason === "out of paper" && how !== "aborts") expect(outcome.stderr).toMatch(/ends\.mjs/);
});

test.each(IMPLEMENTATIONS)("%s: a killed rank ends the job, and mpirun names it", async (mpi) => {
  const { code, stdout, stderr } = await ends(mpi, "Node", "is killed", 3);
  // A rank that gets no turn cannot print its name; MPICH names the process, not the rank.
  expect(stdout + stderr).toMatch(
    mpi === "Open MPI" ? /process rank 1 .*signal 9/ : /PID \d+ RUNNING AT[\s\S]*signal 9/,
  );
  expect(code).not.toBe(0);
  expect(code).not.toBeNull();
});

test.each(IMPLEMENTATIONS)("%s: a rank that ends while others continue is named by them", async (mpi) => {
  const { code, stderr } = await ends(mpi, "Node", "ends early");
  expect(stderr).toContain("gradstep: replica 0 of 2 failed: Replica 1 of 2 has left the group");
  expect(stderr).toContain("ERR_REPLICA_LOST");
  expect(code).toBe(1);
});

test.each(
  IMPLEMENTATIONS.flatMap((mpi) => ["ends normally", "closes", "handles its error"].map((how) => [mpi, how] as const)),
)("%s: a job in which a rank %s ends with exit code 0", async (mpi, how) => {
  const { code, stderr, reports } = await ends(mpi, "Node", how);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(reports).toHaveLength(2);
});
