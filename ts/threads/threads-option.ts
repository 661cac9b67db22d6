/**
 * The option `threads` of workers and processes.
 *
 * @module
 */

import type { WasmModule } from "../platform-types.js";
import { mayShareMemory, requireSharedMemory } from "../runtime/shared-memory.js";
import { threadCount } from "../runtime/thread-count.js";
import { unpacked } from "../runtime/unpacked.js";

/**
 * The option, checked: 1 for "auto" where memory cannot be shared.
 *
 * @throws ValueError, TypeError for what is no number of threads, and for more than one where memory cannot be shared
 */
export function threadsOption(owner: string, threads: unknown): number | "auto" {
  const count = threadCount(`${owner}: "threads" must be`, threads ?? 1);
  if (count === "auto") return mayShareMemory() ? count : 1;
  if (count > 1) requireSharedMemory(`${owner} with "threads"`, ' Or pass "auto", which is one thread there.');
  return count;
}

let compiled: Promise<WasmModule> | undefined;

/** The module for several threads. It is loaded and compiled only here. */
export function threadsModule(): Promise<WasmModule> {
  compiled ??= import("../runtime/generated/threads-bytes.js").then(({ size, text }) =>
    WebAssembly.compile(unpacked(text, size)),
  );
  return compiled;
}
