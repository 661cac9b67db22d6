/**
 * gradstep: the Keras optimizers API for JavaScript, ready to use.
 *
 * @module
 */

import "./runtime/embedded.js";

export * from "./api.js";
export { type InitOptions, initSync, type SyncModuleSource } from "./init.js";
