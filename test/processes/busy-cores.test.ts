/** Threads on a machine whose cores other programs keep busy: the bits of one thread, and every job ends. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const program = new URL("busy-cores.mjs", import.meta.url).pathname;
/** A program that keeps a core busy, for 200 seconds at most. */
const BUSY = "const end = Date.now() + 200_000; while (Date.now() < end) {}";
/** Milliseconds: the usual limit, one that any wait reaches, and none. */
const LIMITS = [0.5, 0, Infinity];

async function ran(threads: number, limits: readonly number[]): Promise<unknown> {
  const args = [program, ...[threads, ...limits].map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

it("the same bits with one, two and three threads", { timeout: 300_000 }, async () => {
  const alone = (await ran(1, [0.5])) as { readonly hashes: readonly [number] };
  const others: ChildProcess[] = [];
  try {
    for (let i = 0; i < availableParallelism(); i++) {
      others.push(spawn(process.execPath, ["-e", BUSY], { stdio: "ignore" }));
    }
    for (const used of [2, 3]) {
      const hashes = LIMITS.map(() => alone.hashes[0]);
      // Whether it seems that helpers get no core depends on the machine, with the usual limit.
      expect(await ran(used, LIMITS)).toEqual({ used, hashes, alone: [expect.any(Boolean), true, false], ended: 1 });
    }
  } finally {
    for (const other of others) other.kill("SIGKILL");
  }
});
