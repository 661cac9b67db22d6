/**
 * The script of a helper, as text: each host runs it in its own kind of thread. It imports nothing, so bundlers need not know it.
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
  /** From 1. */
  readonly id: number;
  /** A number that lets it take its place. */
  readonly ticket: number;
}

/** A helper's thread, as the pool sees it. */
export interface Helper {
  /** Ends the thread; one that has ended stays so. Resolves when it is gone, where the platform tells. */
  terminate(): Promise<void>;
}

/** Starts a helper; `ended` is called when its thread is gone, with an error if that was the reason. */
export type StartHelper = (data: HelperData, ended: (error?: unknown) => void) => Helper;

/**
 * A function of {@link HelperData}. It calls nothing but the two exports for helpers: `__wbindgen_start` would allocate,
 * which helpers must not. Its stack pointer is the first thing that it sets, since all instances begin with the same one.
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
