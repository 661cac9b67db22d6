/** examples/mpi-training, as its README.md says. */

import { resolve } from "node:path";
import { expect, test } from "vitest";
import { IMPLEMENTATIONS, mpirun, type Outcome } from "./job.js";

const example = (file: string) => resolve(import.meta.dirname, "../../examples/mpi-training", file);

/** The one line that a job prints. */
function line({ code, stdout, stderr }: Outcome): string {
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  return stdout.trimEnd();
}

test.each(IMPLEMENTATIONS)("%s: the digits, by 2 and by 4 processes, twice with one hash", async (mpi) => {
  for (const ranks of [2, 4]) {
    const first = line(await mpirun(mpi, { ranks }, example("train.js")));
    const [, accuracy, hash] =
      /^\d replicas?, [\d.]+ s: test accuracy ([\d.]+) %, weights ([0-9a-f]{8}) on all$/.exec(first) ?? [];
    expect(Number(accuracy), first).toBeGreaterThan(95);
    if (ranks === 4) expect(line(await mpirun(mpi, { ranks }, example("train.js")))).toContain(hash);
  }
});

test.each(IMPLEMENTATIONS)("%s: a custom loop", async (mpi) => {
  expect(line(await mpirun(mpi, { ranks: 3 }, example("loop.js")))).toMatch(
    /^3 replicas: weights 2\.00,-3\.00,0\.50, bias 1\.00, [0-9a-f]{8} on all$/,
  );
});
