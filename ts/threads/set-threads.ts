/**
 * The number of threads of this program.
 *
 * @module
 */

import { checkCount } from "../options.js";
import { size, text } from "../runtime/generated/threads-bytes.js";
import { requireSharedMemory } from "../runtime/shared-memory.js";
import { threadCount } from "../runtime/thread-count.js";
import { unpacked } from "../runtime/unpacked.js";
import { automatic, setProgramThreads } from "./program-threads.js";

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
  const count = threadCount("setThreads takes", threads);
  if (count === "auto") return setProgramThreads(automatic(), compiled);
  if (count > 1) requireSharedMemory("setThreads", ' Or pass "auto", which is one thread there.');
  return setProgramThreads(count, compiled);
}

const compiled = (): WebAssembly.Module => new WebAssembly.Module(unpacked(text, size));
