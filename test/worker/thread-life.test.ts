/** The life of helper threads: pools that come and go, helpers that trap, and what can be done afterwards. */

import { expect, it } from "vitest";
import { Adam, memoryUse, Variable } from "../../ts/index.js";
import { configureThreads, threadCounts } from "../../ts/threads/program-threads.js";
import { setThreads } from "../../ts/threads/set-threads.js";
import { holding } from "../support/holding.js";
import { Random } from "../support/random.js";

/** Given to suites that run by name. */
const { GRADSTEP_POOLS = "50" } =
  (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env ?? {};
const POOLS = Number(GRADSTEP_POOLS);

const gradient = new Random(1).values(40_000);

/** One step on all threads. */
function step(): Float32Array {
  const w = new Variable(new Random(2).values(40_000));
  const adam = new Adam({ weightDecay: 0.1 });
  adam.apply([gradient], [w]);
  const result = Float32Array.from(w.value as Float32Array);
  adam.dispose();
  w.dispose();
  return result;
}

interface Tasks {
  readonly process?: {
    readonly platform: string;
    getBuiltinModule?(name: string): { readdirSync(path: string): string[] };
  };
}

/** Threads of this process, on Linux. */
function threadCount(): number {
  const { process } = globalThis as unknown as Tasks;
  const tasks = process?.platform === "linux" && process.getBuiltinModule?.("node:fs").readdirSync("/proc/self/task");
  return tasks ? tasks.length : 0;
}

/** Resources that this process holds. */
const held = async () => ({ ...(await holding()), threads: threadCount(), ...memoryUse() });

it(`${POOLS} pools are made and ended without growth`, { timeout: 600_000 }, async () => {
  await setThreads(2);
  const expected = step();
  const cycles = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const threads = 2 + (i % 3);
      expect(await setThreads(threads)).toBe(threads);
      expect(step()).toEqual(expected);
      expect(await setThreads(1)).toBe(1);
    }
  };
  await cycles(10);
  const before = await held();
  await cycles(POOLS);
  const after = await held();
  // The engine's own may come and go.
  expect(after.threads).toBeLessThanOrEqual(before.threads);
  expect(after.handles).toBeLessThanOrEqual(before.handles);
  expect([after.inUse, after.reserved]).toEqual([before.inUse, before.reserved]);
  // A helper has some 10 MB, and a proxy that stays a few kB.
  expect((after.heap - before.heap) / POOLS).toBeLessThan(POOLS < 1000 ? 20_000 : 2_000);
  expect((after.resident - before.resident) / POOLS).toBeLessThan(POOLS < 1000 ? 1_000_000 : 100_000);
});

it("helpers without a job sleep", { timeout: 60_000 }, async () => {
  await setThreads(4);
  const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let job = 0; job < 3; job++) {
    step();
    // On a busy machine a helper may wait for a core before it wakes, and sees that there is nothing to do.
    for (let looks = 0; looks < 50; ) {
      await passed(1);
      looks = threadCounts().asleep === 3 ? looks + 1 : 0;
    }
  }
  await setThreads(1);
  expect(threadCounts().asleep).toBe(0);
});

it("a trap of a helper throws, and helpers can be ended afterwards", async () => {
  // A stack that ends before it begins.
  configureThreads({ patience: 2_000, late: Infinity, stackTop: 16 });
  expect(await setThreads(2)).toBe(2);
  expect(() => {
    // The caller may take all pieces of a step before the helper wakes.
    for (let i = 0; i < 1000; i++) step();
  }).toThrow(/gradstep stopped after an internal error/);
  expect(() => step()).toThrow(/gradstep stopped after an internal error/);
  await expect(setThreads(3)).rejects.toMatchObject({ code: "ERR_INTERNAL" });
  expect(await setThreads(1)).toBe(1);
});
