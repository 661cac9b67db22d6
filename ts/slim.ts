/**
 * gradstep without its WebAssembly module: the caller gives it, compiled, as bytes or as a URL.
 *
 * @module
 */

export * from "./api.js";
export { init, initSync, type ModuleSource } from "./runtime/module.js";
