/** Helper threads that are ended from outside at random moments of a training: the same bits, or ERR_THREAD_LOST. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { Random } from "../support/random.js";

/** More in suites that run by name. */
const KILLS = Number(process.env.GRADSTEP_KILLS ?? 5);
const seed = Number(process.env.GRADSTEP_SEED ?? Date.now() % 2 ** 32);
const program = new URL("threads.mjs", import.meta.url).pathname;
/** Some 300 ms. */
const LONGEST = 250;

/** It must end without being killed: no thread keeps it alive. */
async function ran(threads: number, moment = 0, index = 0): Promise<Record<string, unknown>> {
  const args = [program, threads, moment, index].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

it(`${KILLS} kills (seed ${seed})`, { timeout: 600_000 }, async () => {
  const { hash } = await ran(1);
  const random = new Random(seed);
  const outcomes = new Set<string>();
  for (let i = 0; i < KILLS; i++) {
    const [moment, index] = [(random.integer() % (LONGEST * 100)) / 100, random.integer() % 2];
    const result = await ran(3, moment, index);
    const outcome = "code" in result ? "lost" : "replaced";
    outcomes.add(outcome);
    expect({ moment, index, ...result }).toEqual({
      moment,
      index,
      ...(outcome === "lost" ? { code: "ERR_THREAD_LOST", later: "ERR_THREAD_LOST" } : { hash, again: 3 }),
      ended: 1,
      left: 0,
    });
  }
  // Of five, all may be one or the other.
  if (KILLS >= 50) expect([...outcomes].sort()).toEqual(["lost", "replaced"]);
});
