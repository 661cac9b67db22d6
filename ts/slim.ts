/**
 * gradstep without its WebAssembly module: the caller gives it, compiled, as bytes or as a URL.
 *
 * @module
 */

export * from "./api.js";
export { type InitOptions, init, initSync, type ModuleSource, type SyncModuleSource } from "./init.js";
