// Rank 1 ends as the argument says; the others wait for it, or end normally with it.

import { MpiGroup } from "gradstep/mpi";
import { report } from "./report.mjs";

const group = await MpiGroup.open();
const how = process.argv.at(-1);
const ways = {
  throws() {
    throw new Error("out of paper.\nAnd of ink.");
  },
  "throws later": () => setTimeout(ways.throws, 5),
  rejects: () => void Promise.reject(new Error("out of paper")),
  aborts: () => group.abort("out of paper"),
  "exits with 3": () => process.exit(3),
  "exits with 3 in Deno's way": () => globalThis.Deno.exit(3),
  "has exit code 4": () => {
    process.exitCode = 4;
  },
  "is killed": () => process.kill(process.pid, "SIGKILL"),
  "ends early": () => process.exit(0),
  closes: () => group.close(),
  "handles its error": () => {
    process.on("uncaughtException", () => {});
    setTimeout(ways.throws, 5);
  },
  "ends normally": () => {},
};
/** The ways in which the others don't wait. */
const isTogether = ["has exit code 4", "ends normally", "closes", "handles its error"].includes(how);

group.barrier();
report(group, {});
if (group.rank === 1) ways[how]();
if (!isTogether) {
  // Lets what comes later come.
  if (group.rank === 1) await new Promise((done) => setTimeout(done, 200));
  group.barrier();
} else if (how === "handles its error") {
  await new Promise((done) => setTimeout(done, 50));
  group.barrier();
}
