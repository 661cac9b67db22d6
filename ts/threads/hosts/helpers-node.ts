/**
 * Helpers in Node and Deno: threads of `node:worker_threads`. Deno's workers would keep the process alive.
 *
 * @module
 */

/// <reference types="node" />
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { HELPER, type StartHelper } from "./helper.js";

/** Number of cores that this process may use. */
export const cores = (): number => globalThis.navigator?.hardwareConcurrency ?? availableParallelism();

export const startHelper: StartHelper = (workerData, ended) => {
  // Without options: some turn it into an ES module, which has no `require`.
  const code = `${HELPER}(require("node:worker_threads").workerData)`;
  const worker = new Worker(code, { eval: true, workerData, execArgv: [], env: {} });
  worker.on("error", ended);
  worker.on("exit", () => ended());
  // After adding the listeners, which would keep the process alive again.
  worker.unref();
  return {
    async terminate() {
      // The process must not end before the promise settles.
      worker.ref();
      await worker.terminate();
    },
  };
};
