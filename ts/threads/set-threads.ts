/**
 * The number of threads of this program.
 *
 * @module
 */

import { cores } from "#thread-host";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkCount, shown } from "../options.js";
import { mayShareMemory, requireSharedMemory } from "../runtime/shared-memory.js";
import { Pool } from "./pool.js";
import { beginShared } from "./shared-module.js";

/** Threads at most: kernels have no more chunks that pay. */
const MOST = 32;
/** More threads rarely pay in the steps of small models. */
const AUTO = 4;

let pool: Pool | undefined;
/** One call after the other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Sets the number of threads that share the work inside of a step: optimizer updates, matrix products, convolutions and
 * large elementwise operations. Results have the same bits with any number. Call it before the first tensor, variable or
 * model; later calls may change the number between steps, down to 1, which ends the helpers.
 *
 * Values of variables are then views of a `SharedArrayBuffer`.
 *
 * @param threads - 1 to 32, or `"auto"`: as many as there are cores, up to 4; one where memory cannot be shared.
 * @returns The number of threads in use, once all run.
 * @throws ValueError (`ERR_SHARED_MEMORY`) for more than one thread in a page that is not cross-origin isolated;
 * (`ERR_OPTION_RANGE`) for a number out of range; TypeError (`ERR_OPTION_TYPE`) for what is no number
 * @throws ModuleError (`ERR_MODULE_CONFLICT`) after the first tensor; (`ERR_MODULE_UNSUPPORTED`) where no thread can be
 * started
 * @example
 * ```ts
 * import { setThreads } from "gradstep/threads";
 *
 * console.log((await setThreads(2)) === 2); // true
 * await setThreads(1);
 * ```
 */
export function setThreads(threads: number | "auto"): Promise<number> {
  checkCount("setThreads", arguments.length, 1);
  const count = threads === "auto" ? automatic() : checked(threads);
  if (count > 1) requireSharedMemory("setThreads", ' Or pass "auto", which is one thread there.');
  const result = last.then(() => resize(count));
  last = result.catch(() => {});
  return result;
}

function checked(threads: unknown): number {
  const message = `setThreads takes a whole number from 1 to ${MOST}, or "auto", got ${shown(threads)}.`;
  if (typeof threads !== "number") throw new ArgumentTypeError("ERR_OPTION_TYPE", message);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST) return threads;
  throw new ValueError("ERR_OPTION_RANGE", message);
}

const automatic = (): number => (mayShareMemory() ? Math.max(1, Math.min(AUTO, cores())) : 1);

async function resize(threads: number): Promise<number> {
  if (pool === undefined) {
    if (threads === 1) return 1;
    pool = new Pool(beginShared());
  }
  await pool.resize(threads - 1);
  return pool.threads;
}
