/**
 * gradstep without its WebAssembly module, which the caller provides: compiled, as bytes or as a URL.
 *
 * @module
 */

export * from "./api.js";
export { type InitOptions, init, initSync, type ModuleSource, type SyncModuleSource } from "./init.js";
