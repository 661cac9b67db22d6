/**
 * The WebAssembly module, chosen before anything is computed.
 *
 * @module
 */

import { ModuleError } from "./errors.js";
import { boolean, checkCount } from "./options.js";
import type { BufferSource, URL, WasmModule } from "./platform-types.js";
import { places } from "./runtime/generated/fusible.js";
import { embeddedBytes, fetchedBytes, hasStarted, init as initAny, initSync as startWith } from "./runtime/module.js";
import { fused, hasRelaxedSimd } from "./runtime/relaxed.js";

/** Options of {@link initSync} and {@link init}. */
export interface InitOptions {
  /**
   * Whether matrix products and convolutions use relaxed SIMD if the engine supports it. Most processors then fuse
   * multiplication and addition, which saves a fifth of the time, and the bits of results differ between machines.
   * Default: false.
   */
  readonly relaxed?: boolean | undefined;
}

/** Synchronous sources of the module; without one, `relaxed` applies to the module embedded in `gradstep`. */
export type SyncModuleSource = (
  | { readonly module: WasmModule }
  | { readonly bytes: BufferSource }
  | { readonly relaxed: boolean }
) &
  InitOptions;

/** Sources of the module. */
export type ModuleSource = SyncModuleSource | ({ readonly url: string | URL } & InitOptions);

let isRelaxed = false;

/**
 * Initializes the WebAssembly module synchronously, or selects relaxed SIMD, before the first tensor. A second call
 * with the same module does nothing.
 *
 * @param source - `{ bytes }`, the content of `gradstep/gradstep.wasm`, or `{ module }`, compiled; with `gradstep` itself,
 * `{ relaxed: true }` alone. `relaxed` needs bytes.
 * @returns Whether products use relaxed SIMD: false if the engine does not support it.
 * @throws ModuleError (`ERR_MODULE_CONFLICT`) when another module is in use already; (`ERR_MODULE_INVALID`) when this
 * one is not gradstep's, or is damaged, or compiled already with `relaxed`; (`ERR_MODULE_MISSING`) for `gradstep/slim` without
 * bytes; (`ERR_MODULE_UNSUPPORTED`) where WebAssembly or SIMD is missing; TypeError (`ERR_OPTION_TYPE`)
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { initSync } from "gradstep/slim";
 *
 * const file = new URL(import.meta.resolve("gradstep/gradstep.wasm"));
 * initSync({ bytes: readFileSync(file) });
 * ```
 */
export function initSync(source: SyncModuleSource): boolean {
  checkCount("initSync", arguments.length, 1);
  const {
    module,
    bytes = undefined,
    relaxed,
  } = Object(source) as Partial<InitOptions & { module: WasmModule; bytes: BufferSource }>;
  if (!boolean("initSync", "relaxed", relaxed ?? false)) {
    // Without a source, `{ relaxed: false }` is the default.
    if (relaxed === undefined || module !== undefined || bytes !== undefined)
      startWith(source as { bytes: BufferSource });
    return isRelaxed;
  }
  // A later call that would change nothing does nothing.
  const can = hasRelaxedSimd();
  if (isRelaxed || (!can && hasStarted())) return isRelaxed;
  if (hasStarted()) {
    throw new ModuleError(
      "ERR_MODULE_CONFLICT",
      "gradstep has a WebAssembly module already; one program can use only one. Call initSync({ relaxed: true }) before anything else.",
    );
  }
  if (module !== undefined) {
    throw new ModuleError(
      "ERR_MODULE_INVALID",
      'initSync: "relaxed" changes the module before it is compiled: pass { bytes } instead of { module }.',
    );
  }
  const plain = bytes ?? embeddedBytes();
  if (plain === undefined) {
    throw new ModuleError(
      "ERR_MODULE_MISSING",
      'initSync: gradstep/slim has no WebAssembly module yet: pass { bytes, relaxed: true }, or import "gradstep", which carries its own.',
    );
  }
  startWith({ bytes: can ? fused(plain, places.module) : plain });
  isRelaxed = can;
  return can;
}

/**
 * Initializes the WebAssembly module; with `{ url }` it is fetched, and compiled off the main thread.
 *
 * @param source - `{ url }`, `{ module }` or `{ bytes }`; `relaxed` as for {@link initSync}.
 * @returns Resolves once the module can be used: whether products use relaxed SIMD.
 * @throws ModuleError (`ERR_MODULE_MISSING`) when the file cannot be fetched; otherwise as {@link initSync}
 * @example
 * ```ts
 * import { init, Adam } from "gradstep/slim";
 *
 * await init({ url: "/assets/gradstep.wasm" });
 * const optimizer = new Adam();
 * ```
 */
export async function init(source: ModuleSource): Promise<boolean> {
  checkCount("init", arguments.length, 1);
  const { url, relaxed } = Object(source) as { url?: string | URL } & InitOptions;
  if (boolean("init", "relaxed", relaxed ?? false)) {
    const bytes = url === undefined || isRelaxed ? undefined : await fetchedBytes(url);
    return initSync(bytes ? { bytes, relaxed: true } : (source as SyncModuleSource));
  }
  await initAny(source as { url: string });
  return isRelaxed;
}
