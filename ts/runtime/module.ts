/**
 * The WebAssembly module: instantiated once, on first use, synchronously.
 *
 * The main entry embeds its bytes (`embedded.ts`); with `gradstep/slim` the caller passes them to {@link init} or
 * {@link initSync}. The default path of the generated glue, which fetches a file, is never used: it works in no version
 * of Node, and in few bundlers.
 *
 * @module
 */

import { isWasmModule } from "../brands.js";
import { ModuleError } from "../errors.js";
import type { BufferSource, URL, WasmModule } from "../platform-types.js";
import { type InitOutput, initSync as instantiate } from "./generated/gradstep.js";

/** Sources of the module. */
export type ModuleSource =
  | { readonly module: WasmModule }
  | { readonly bytes: BufferSource }
  | { readonly url: string | URL };

let embedded: (() => BufferSource) | undefined;
let compiled: WasmModule | undefined;
let instance: InitOutput | undefined;
/** Why the instance can no longer be used: it trapped, or lost a thread. @internal */
export let broken: unknown;
let pending: Promise<void> | undefined;

/** Registers the bytes that are embedded in the main entry. @internal */
export function embed(bytes: () => BufferSource): void {
  embedded = bytes;
}

/** The bytes that are embedded in the main entry, if it was imported. @internal */
export function embeddedBytes(): BufferSource | undefined {
  return embedded?.();
}

/** The module's exports; the first call creates the instance. @internal */
export function wasm(): InitOutput {
  if (instance === undefined || broken !== undefined) return start();
  return instance;
}

/** The module itself, which other threads can instantiate. @internal */
export function compiledModule(): WasmModule {
  wasm();
  // The memory of an adopted instance must not be shared with other threads by accident.
  compiled ??= compile(embedded?.() as BufferSource);
  return compiled;
}

/** Whether the instance exists: existing values are in its memory. @internal */
export function hasStarted(): boolean {
  return instance !== undefined;
}

/** Adopts an instance created by gradstep/threads, before there is another. @internal */
export function adopt(given: InitOutput): void {
  instance = given;
}

/** The instance's own exports while {@link wasm} returns others. */
let diverted: InitOutput | undefined;

/** Makes {@link wasm} return `exports`, which forward to the instance's; `undefined` restores it. @internal */
export function divert(exports: InitOutput | undefined): void {
  if (diverted !== undefined) instance = diverted;
  diverted = exports === undefined ? undefined : instance;
  if (exports !== undefined) instance = exports;
}

/** Marks the instance as unusable; this call and each later one throw. @internal */
export function stopped(error: ModuleError): never {
  broken = error;
  throw error;
}

function start(): InitOutput {
  if (broken instanceof ModuleError) throw broken;
  if (broken !== undefined) {
    throw new ModuleError(
      "ERR_INTERNAL",
      "gradstep stopped after an internal error: reload the page or start a new process. This is a bug: please report it.",
      { cause: broken },
    );
  }
  if (embedded === undefined) {
    throw new ModuleError(
      "ERR_MODULE_MISSING",
      'gradstep/slim has no WebAssembly module yet. Call initSync({ module }) or await init({ url }) first, or import "gradstep", which carries its own.',
    );
  }
  initSync({ bytes: embedded() });
  return instance as unknown as InitOutput;
}

/** Marks the instance as trapped: its memory can no longer be trusted. @internal */
export function reportTrap(cause: unknown): never {
  broken = cause;
  return start() as never;
}

/** Starts with this module. A second call with the same one does nothing. @throws ModuleError, see ts/init.ts @internal */
export function initSync(source: { readonly module: WasmModule } | { readonly bytes: BufferSource }): void {
  // Non-objects have neither.
  const { module: given, bytes } = Object(source) as Partial<{ module: WebAssembly.Module; bytes: BufferSource }>;
  if (instance !== undefined) {
    if (given === undefined || given === compiled) return;
    throw new ModuleError(
      "ERR_MODULE_CONFLICT",
      "gradstep has a WebAssembly module already; one program can use only one. Call initSync once, before anything else.",
    );
  }
  requireWebAssembly();
  const module = bytes ? compile(bytes) : given;
  if (!isWasmModule(module)) {
    throw new ModuleError("ERR_MODULE_INVALID", "initSync: expected { module: WebAssembly.Module } or { bytes }.");
  }
  try {
    instance = instantiate({ module });
  } catch (cause) {
    throw new ModuleError("ERR_MODULE_INVALID", "This WebAssembly module is not gradstep's.", { cause });
  }
  compiled = module;
}

/** The same, with `{ url }` too. @internal */
export function init(source: ModuleSource): Promise<void> {
  const { url } = Object(source) as { url?: string | URL };
  if (url === undefined) return Promise.resolve().then(() => initSync(source as { bytes: BufferSource }));
  if (instance !== undefined) return Promise.resolve();
  // The promise is kept, not the result, so that callers at the same time share one fetch.
  pending ??= fetched(url)
    .then((module) => initSync({ module }))
    .finally(() => {
      pending = undefined;
    });
  return pending;
}

async function fetched(url: string | URL): Promise<WasmModule> {
  const bytes = await fetchedBytes(url);
  // On failure, the synchronous call throws the reason.
  return WebAssembly.compile(bytes).catch(() => compile(bytes));
}

/** The content of a file. @throws ModuleError when it cannot be fetched @internal */
export async function fetchedBytes(url: string | URL): Promise<ArrayBuffer> {
  requireWebAssembly();
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new ModuleError("ERR_MODULE_MISSING", `The WebAssembly module could not be fetched from ${url}.`, { cause });
  }
  if (!response.ok) {
    throw new ModuleError(
      "ERR_MODULE_MISSING",
      `The WebAssembly module could not be fetched: ${url} answered ${response.status}.`,
    );
  }
  return response.arrayBuffer();
}

/** @throws ModuleError where there is no WebAssembly at all */
function requireWebAssembly(): void {
  if (typeof WebAssembly === "object") return;
  throw new ModuleError(
    "ERR_MODULE_UNSUPPORTED",
    "gradstep needs WebAssembly, which `node --jitless` and a browser's lockdown mode turn off.",
  );
}

function compile(bytes: BufferSource): WasmModule {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    if (!hasSimd()) {
      throw new ModuleError(
        "ERR_MODULE_UNSUPPORTED",
        "gradstep needs WebAssembly with SIMD: Chrome 91, Firefox 89, Safari 16.4 or newer.",
        { cause },
      );
    }
    throw new ModuleError(
      "ERR_MODULE_INVALID",
      "The WebAssembly module could not be compiled. A page's script-src needs 'wasm-unsafe-eval'; workerd and edge runtimes need gradstep/slim: import the module from gradstep/gradstep.wasm and call initSync({ module }).",
      { cause },
    );
  }
}

/** `(module (func (result v128) i32.const 0 i8x16.splat))`, the smallest module that needs SIMD128. */
const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
];

function hasSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(SIMD_PROBE));
}
