/** The life of helper threads: pools that come and go, helpers that trap, and what can be done afterwards. */

import { expect, it } from "vitest";
import { Adam, memoryUse, Variable } from "../../ts/index.js";
import { configureThreads } from "../../ts/threads/program-threads.js";
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
    cpuUsage?(before?: object): { readonly user: number; readonly system: number };
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

it("helpers without a job take no time of a core", async () => {
  await setThreads(4);
  step();
  const { process } = globalThis as unknown as Tasks;
  const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await passed(50);
  const before = process?.cpuUsage?.();
  await passed(500);
  const { user = 0, system = 0 } = process?.cpuUsage?.(before) ?? {};
  await setThreads(1);
  // Microseconds, of the test's own process too. Three that kept looking would take 1,500,000, or what there are cores.
  expect(user + system).toBeLessThan(250_000);
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
