/**
 * Thread counts and modules of workers.
 *
 * @module
 */

import { ModuleError } from "../errors.js";
import type { WasmModule } from "../platform-types.js";
import { places } from "../runtime/generated/fusible.js";
import { embeddedBytes } from "../runtime/module.js";
import { fused, hasRelaxedSimd } from "../runtime/relaxed.js";
import { threadsModule } from "../threads/threads-option.js";
import type { WorkerThreads } from "./data/protocol.js";

/**
 * Settings for each of `workers`: without `threads` for one thread, without `module` for the one that their script carries.
 *
 * @throws ModuleError for `isRelaxed` with `gradstep/slim`
 */
export async function workerSettings(
  owner: string,
  count: number | "auto",
  workers: number,
  isRelaxed: boolean,
): Promise<{ readonly module?: WasmModule | undefined; readonly threads?: WorkerThreads | undefined }> {
  const module = isRelaxed ? await relaxedModule(owner) : undefined;
  if (count === 1) return { module };
  return { module, threads: { module: await threadsModule(module !== undefined), count, workers } };
}

/** Compiled once for all workers. */
let relaxed: Promise<WasmModule> | undefined;

/**
 * The module with relaxed SIMD, for a worker; undefined if the engine does not support it.
 *
 * @throws ModuleError for `gradstep/slim`, which has no bytes that could be changed
 */
export async function relaxedModule(owner: string): Promise<WasmModule | undefined> {
  if (relaxed !== undefined || !hasRelaxedSimd()) return relaxed;
  const bytes = embeddedBytes();
  if (bytes !== undefined) {
    relaxed = WebAssembly.compile(fused(bytes, places.module));
    return relaxed;
  }
  throw new ModuleError(
    "ERR_MODULE_MISSING",
    `${owner}: "relaxed" changes the module that "gradstep" carries: import "gradstep" instead of "gradstep/slim".`,
  );
}
