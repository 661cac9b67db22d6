/**
 * Training off the main thread: `gradstep/worker`.
 *
 * @module
 */

import "../runtime/embedded.js";

export type { CreateWorker } from "./client.js";
export { type ExposeOptions, expose } from "./expose.js";
export type { WorkerLike } from "./hosts/endpoint.js";
export { connect, type OffloadOptions, offload } from "./offload.js";
export { RemoteModel } from "./remote-model.js";
export { RemoteOptimizer, type RemoteOptimizerOptions } from "./remote-optimizer.js";
