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

/** More threads rarely pay in the steps of small models. */
const AUTO = 4;

let pool: Pool | undefined;
/** Whether its module has relaxed SIMD. */
let isRelaxedPool = false;
let settings: PoolSettings = { patience: 60_000, least: 32 * 1024 };

/** Changes settings of the pool, of this moment and of later ones. For tests. */
export function configureThreads(changed: Partial<PoolSettings>): void {
  settings = { ...settings, ...changed };
  pool?.configure(settings);
}

/** One call after the other. */
let last: Promise<unknown> = Promise.resolve();

/** As many threads as there are cores, 4 at most; one where memory cannot be shared. */
export const automatic = (): number => (mayShareMemory() ? Math.max(1, Math.min(AUTO, cores())) : 1);

/** Threads for each of `workers`, so that all of them together are not more than there are cores. */
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
 * Sets the number of threads, once those who asked before have theirs. `compiled` is called if there was one thread so far.
 *
 * @param isRelaxed - Whether it is the module with relaxed SIMD, and has to be.
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
      // It says why the module has stopped, if it has.
      wasm();
    }
    await pool.resize(threads - 1);
    return pool.threads;
  });
  last = result.catch(() => {});
  return result;
}
