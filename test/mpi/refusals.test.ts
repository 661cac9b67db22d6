/** Data that do not match: all ranks refuse them before anything is summed, and all continue. */

import { expect, test } from "vitest";
import { IMPLEMENTATIONS, mpirun } from "./job.js";

const MISMATCH = { name: "ReplicaError", code: "ERR_REPLICA_MISMATCH", replica: 1 };
const REFUSED = { name: "ReplicaError", code: "ERR_REPLICA_REFUSED", replica: 1 };

test.each(IMPLEMENTATIONS)("%s: the right error on every rank", async (mpi) => {
  const { code, stderr, reports } = await mpirun(mpi, { ranks: 3 }, "ranks/refuses.mjs");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(reports).toHaveLength(3);
  const [, odd] = reports;
  for (const { rank, errors } of reports) {
    for (const name of ["amounts", "types", "lists", "operations", "calls", "barrier", "roots"]) {
      expect(errors[name], `${name}, rank ${rank}`).toMatchObject(MISMATCH);
    }
    expect(errors["bad everywhere"]).toMatchObject({ name: "TypeError", code: "ERR_OPTION_TYPE" });
    expect(errors.drift).toMatchObject({ code: "ERR_REPLICA_DRIFT", replica: 1 });
    if (rank === 1) continue;
    for (const name of ["bad data", "bad operation", "bad root", "bad gradient", "bad labels"]) {
      expect(errors[name], `${name}, rank ${rank}`).toMatchObject(REFUSED);
    }
  }
  expect(odd.errors["bad data"]).toMatchObject({ name: "TypeError", code: "ERR_OPTION_TYPE" });
  expect(odd.errors["bad operation"]).toMatchObject({ name: "ValueError", code: "ERR_OPTION_RANGE" });
  expect(odd.errors["bad root"]).toMatchObject({ name: "ValueError", code: "ERR_OPTION_RANGE" });
  expect(odd.errors["bad gradient"].name).toBe("ValueError");
  expect(odd.errors["bad labels"].name).toBe("ValueError");
  for (const { unchanged, w, same, sum } of reports) {
    expect(unchanged).toEqual([1, 2, 0]);
    // Adam's first step moves each weight by the learning rate.
    expect(w[0]).toBeCloseTo(0.5, 5);
    expect(w[1]).toBeCloseTo(2.5, 5);
    expect(same).toBe(true);
    expect(sum).toBe(3);
  }
});
