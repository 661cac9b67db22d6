/**
 * The script of a helper, as text, for the threads of each host. It imports nothing, so bundlers need not handle it.
 *
 * @module
 */

import type { WasmMemory, WasmModule } from "../../platform-types.js";

/** Message that starts a helper. */
export interface HelperData {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  /** The upper end of its stack. */
  readonly stack: number;
  /** The helper's number, from 1. */
  readonly id: number;
  /** The ticket that admits the thread. */
  readonly ticket: number;
}

/** A helper's thread, as seen by the pool. */
export interface Helper {
  /** Ends the thread; a second call does nothing. Resolves when it has ended, if the platform reports it. */
  terminate(): Promise<void>;
}

/** Starts a helper; `ended` is called when its thread has ended, with the error if there was one. */
export type StartHelper = (data: HelperData, ended: (error?: unknown) => void) => Helper;

/**
 * A function of {@link HelperData}. It only calls the two exports for helpers: `__wbindgen_start` would allocate, which
 * helpers must not. It sets its stack pointer first, because all instances start with the same one.
 */
export const HELPER = `(({ module, memory, stack, id, ticket }) => {
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = kind === "memory" ? memory : () => 0;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  exports.__stack_pointer.value = stack;
  try {
    exports.threads_help(id, ticket);
  } catch (error) {
    exports.threads_fail();
    throw error;
  }
})`;
