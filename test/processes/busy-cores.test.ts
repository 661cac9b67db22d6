/** Threads on a machine whose cores other programs keep busy: the bits of one thread, and every job ends. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const program = new URL("busy-cores.mjs", import.meta.url).pathname;
/** A program that keeps a core busy, for 200 seconds at most. */
const BUSY = "const end = Date.now() + 200_000; while (Date.now() < end) {}";

async function ran(threads: number): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, String(threads)], { timeout: 100_000 });
  return JSON.parse(stdout);
}

it("the same bits with one, two and three threads", { timeout: 300_000 }, async () => {
  const alone = (await ran(1)) as { readonly hash: number };
  const others: ChildProcess[] = [];
  try {
    for (let i = 0; i < availableParallelism(); i++) {
      others.push(spawn(process.execPath, ["-e", BUSY], { stdio: "ignore" }));
    }
    for (const used of [2, 3]) expect(await ran(used)).toEqual({ used, hash: alone.hash, ended: 1 });
  } finally {
    for (const other of others) other.kill("SIGKILL");
  }
});
