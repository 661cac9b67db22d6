/**
 * The number of threads of this program.
 *
 * @module
 */

import { boolean, checkCount, checkKnownOptions } from "../options.js";
import { places } from "../runtime/generated/fusible.js";
import { size, text } from "../runtime/generated/threads-bytes.js";
import { fused, hasRelaxedSimd } from "../runtime/relaxed.js";
import { requireSharedMemory } from "../runtime/shared-memory.js";
import { threadCount } from "../runtime/thread-count.js";
import { unpacked } from "../runtime/unpacked.js";
import { automatic, setProgramThreads } from "./program-threads.js";

/** Options of {@link setThreads}. */
export interface ThreadsOptions {
  /**
   * Whether matrix products and convolutions use relaxed SIMD if the engine supports it. Most processors then round a
   * product and its sum once, so runs on two machines may differ. Only the first call with several threads can choose
   * it; for one thread use `initSync({ relaxed: true })`. Default: false.
   */
  readonly relaxed?: boolean | undefined;
}

/**
 * Sets the number of threads that share the work inside of a step: optimizer updates, matrix products, convolutions and
 * large elementwise operations. Results have the same bits with any number. Call it before the first tensor, variable or
 * model; later calls may change the number between steps, down to 1, which ends the helpers.
 *
 * Values of variables are then views of a `SharedArrayBuffer`.
 *
 * @param threads - 1 to 32, or `"auto"`: the number of cores, up to 4; 1 if memory cannot be shared.
 * @param options - {@link ThreadsOptions}.
 * @returns The number of threads in use, when all run.
 * @throws ValueError (`ERR_SHARED_MEMORY`) for more than one thread in a page that is not cross-origin isolated;
 * (`ERR_OPTION_RANGE`) for a number out of range; (`ERR_OPTION_UNKNOWN`); TypeError (`ERR_OPTION_TYPE`) for anything
 * but a number or `"auto"`
 * @throws ModuleError (`ERR_MODULE_CONFLICT`) after the first tensor, and for `relaxed` once there are threads without it; (`ERR_MODULE_UNSUPPORTED`) where no thread can be
 * started
 * @example
 * ```ts
 * import { setThreads } from "gradstep/threads";
 *
 * console.log((await setThreads(2)) === 2); // true
 * await setThreads(1);
 * ```
 */
export function setThreads(threads: number | "auto", options: ThreadsOptions = {}): Promise<number> {
  checkCount("setThreads", arguments.length, 2);
  const asked = threadCount("setThreads takes", threads);
  checkKnownOptions("setThreads", options, ["relaxed"]);
  const isRelaxed = boolean("setThreads", "relaxed", options.relaxed ?? false) && hasRelaxedSimd();
  if (asked !== "auto" && asked > 1) requireSharedMemory("setThreads", ' Or pass "auto", which is one thread there.');
  const count = asked === "auto" ? automatic() : asked;
  return setProgramThreads(count, () => compiled(isRelaxed), isRelaxed);
}

function compiled(isRelaxed: boolean): WebAssembly.Module {
  const bytes = unpacked(text, size);
  return new WebAssembly.Module(isRelaxed ? fused(bytes, places.threads) : bytes);
}
