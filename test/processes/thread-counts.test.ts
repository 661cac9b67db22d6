/** Numbers of threads: "auto" is 4 at most, and all workers together have no more than there are cores. */

import { afterEach, expect, it, vi } from "vitest";
import { automatic, threadsOfWorker } from "../../ts/threads/program-threads.js";

afterEach(() => vi.unstubAllGlobals());
const onCores = (hardwareConcurrency: number) => vi.stubGlobal("navigator", { hardwareConcurrency });

it.each([
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 4],
  [16, 4],
])("automatic on %i cores: %i", (cores, threads) => {
  onCores(cores);
  expect(automatic()).toBe(threads);
  vi.stubGlobal("crossOriginIsolated", false);
  expect(automatic()).toBe(1);
});

// Cores, threads that were asked for, workers, threads of each.
it.each([
  [4, 4, 1, 4],
  [4, 4, 2, 2],
  [4, 2, 2, 2],
  [4, 1, 2, 1],
  [4, 3, 3, 1],
  [8, "auto", 1, 4],
  [8, "auto", 2, 4],
  [8, "auto", 4, 2],
  [2, "auto", 2, 1],
  [32, 32, 5, 6],
  // More workers than cores: one thread each.
  [2, 8, 3, 1],
] as const)("on %i cores, %s threads for each of %i workers: %i", (cores, asked, workers, threads) => {
  onCores(cores);
  expect(threadsOfWorker(asked, workers)).toBe(threads);
});
