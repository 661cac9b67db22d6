/**
 * The helpers of this program, or of this worker.
 *
 * @module
 */

import { cores } from "#thread-host";
import { ModuleError } from "../errors.js";
import type { WasmModule } from "../platform-types.js";
import { wasm } from "../runtime/module.js";
import { mayShareMemory } from "../runtime/shared-memory.js";
import { Pool, type PoolSettings } from "./pool.js";
import { beginShared } from "./shared-module.js";

/** More threads rarely speed up steps of small models. */
const AUTO = 4;

let pool: Pool | undefined;
/** Whether its module has relaxed SIMD. */
let isRelaxedPool = false;
let settings: PoolSettings = { patience: 60_000, least: 32 * 1024, late: 0.5 };

/** Changes settings of the current pool and of later ones. For tests. */
export function configureThreads(changed: Partial<PoolSettings>): void {
  settings = { ...settings, ...changed };
  pool?.configure(settings);
}

/** Helpers that sleep, and jobs that were run alone. For tests. */
export const threadCounts = (): Pool["counts"] => pool?.counts ?? { asleep: 0, alone: 0 };

/** Calls run one after the other. */
let last: Promise<unknown> = Promise.resolve();

/** The number of cores, at most 4; 1 if memory cannot be shared. */
export const automatic = (): number => (mayShareMemory() ? Math.max(1, Math.min(AUTO, cores())) : 1);

/** Threads for each of `workers`; all together are at most the number of cores. */
export function threadsOfWorker(asked: number | "auto", workers: number): number {
  const most = Math.max(1, Math.floor(cores() / workers));
  return Math.min(asked === "auto" ? automatic() : asked, most);
}

/** Ends the helpers, if there are any. */
export async function endProgramThreads(): Promise<void> {
  await last;
  await pool?.resize(0);
}

/**
 * Sets the number of threads, after earlier calls have finished. `compiled` is called if there was only one thread so
 * far.
 *
 * @param isRelaxed - Whether it must be the module with relaxed SIMD.
 * @throws ModuleError (`ERR_MODULE_CONFLICT`) where there are threads without it
 */
export function setProgramThreads(threads: number, compiled: () => WasmModule, isRelaxed = false): Promise<number> {
  const result = last.then(async () => {
    if (pool === undefined) {
      if (threads === 1) return 1;
      pool = new Pool(beginShared(compiled), settings);
      isRelaxedPool = isRelaxed;
    } else if (isRelaxed && !isRelaxedPool) {
      throw new ModuleError(
        "ERR_MODULE_CONFLICT",
        'setThreads: the threads of this program have a module without relaxed SIMD. Pass "relaxed" in the first call with several threads.',
      );
    } else if (threads > 1) {
      // It throws the reason if the module has stopped.
      wasm();
    }
    await pool.resize(threads - 1);
    return pool.threads;
  });
  last = result.catch(() => {});
  return result;
}
