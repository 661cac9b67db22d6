/**
 * The worker's global scope in Node.
 *
 * @module
 */

/// <reference types="node" />
import { parentPort } from "node:worker_threads";
import { ModuleError } from "../../errors.js";
import type { Endpoint } from "./endpoint.js";

/** The endpoint of the thread that started this worker. @throws ModuleError on the main thread */
export function ownEndpoint(): Endpoint {
  if (parentPort === null) {
    throw new ModuleError(
      "ERR_MODULE_UNSUPPORTED",
      "gradstep/worker: expose() is for a worker, not for the main thread.",
    );
  }
  return parentPort as unknown as Endpoint;
}
