/**
 * The option `threads` of workers and processes.
 *
 * @module
 */

import type { WasmModule } from "../platform-types.js";
import { places } from "../runtime/generated/fusible.js";
import { fused } from "../runtime/relaxed.js";
import { mayShareMemory, requireSharedMemory } from "../runtime/shared-memory.js";
import { threadCount } from "../runtime/thread-count.js";
import { unpacked } from "../runtime/unpacked.js";

/**
 * The checked option: 1 for "auto" if memory cannot be shared.
 *
 * @throws ValueError, TypeError for an invalid number of threads, and for more than one if memory cannot be shared
 */
export function threadsOption(owner: string, threads: unknown): number | "auto" {
  const count = threadCount(`${owner}: "threads" must be`, threads ?? 1);
  if (count === "auto") return mayShareMemory() ? count : 1;
  if (count > 1) requireSharedMemory(`${owner} with "threads"`, ' Or pass "auto", which is one thread there.');
  return count;
}

/** With and without relaxed SIMD. */
const compiled = new Map<boolean, Promise<WasmModule>>();

/** The module for several threads. Only this function loads and compiles it. */
export function threadsModule(isRelaxed = false): Promise<WasmModule> {
  const module =
    compiled.get(isRelaxed) ??
    import("../runtime/generated/threads-bytes.js").then(({ size, text }) => {
      const bytes = unpacked(text, size);
      return WebAssembly.compile(isRelaxed ? fused(bytes, places.threads) : bytes);
    });
  compiled.set(isRelaxed, module);
  return module;
}
