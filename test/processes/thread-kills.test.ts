/** Helper threads that are terminated at random moments of a training run: the same bits, or ERR_THREAD_LOST. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { Random } from "../support/random.js";

/** More in suites that run by name. */
const KILLS = Number(process.env.GRADSTEP_KILLS ?? 5);
const seed = Number(process.env.GRADSTEP_SEED ?? Date.now() % 2 ** 32);
const program = new URL("threads.mjs", import.meta.url).pathname;
const LOST = { code: "ERR_THREAD_LOST", later: "ERR_THREAD_LOST" };
const ENDED = { ended: 1, left: 0 };
/** Some 300 ms. */
const LONGEST = 250;

/** It must end without being killed: no thread keeps it alive. */
async function ran(threads: number, moment = Infinity, index = 0, patience = 300): Promise<Record<string, unknown>> {
  const args = ["--expose-gc", program, threads, moment, index, patience].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

it(`${KILLS} kills (seed ${seed})`, { timeout: 600_000 }, async () => {
  const { hash } = await ran(1);
  const random = new Random(seed);
  for (let i = 0; i < KILLS; i++) {
    const [moment, index] = [(random.integer() % (LONGEST * 100)) / 100, random.integer() % 2];
    const result = await ran(3, moment, index);
    // Where cores are free, a helper rarely dies within a chunk: all may be replaced.
    const isLost = "code" in result;
    expect({ moment, index, ...result }).toEqual({
      moment,
      index,
      ...(isLost ? LOST : { hash, again: 3 }),
      ...ENDED,
    });
  }
});

it("a helper that is silent for too long is lost", { timeout: 60_000 }, async () => {
  expect(await ran(3, Infinity, 0, 0)).toEqual({ ...LOST, ...ENDED });
});
