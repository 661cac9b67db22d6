/**
 * Helpers in Node and Deno: threads of `node:worker_threads`. Deno's workers would keep the process alive.
 *
 * @module
 */

/// <reference types="node" />
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { HELPER, type StartHelper } from "./helper.js";

/** Cores that this process may use. */
export const cores = (): number => globalThis.navigator?.hardwareConcurrency ?? availableParallelism();

export const startHelper: StartHelper = (workerData, ended) => {
  // Without options: some make an ES module of it, which has no `require`.
  const code = `${HELPER}(require("node:worker_threads").workerData)`;
  const worker = new Worker(code, { eval: true, workerData, execArgv: [], env: {} });
  worker.on("error", ended);
  worker.on("exit", () => ended());
  // After the listeners, which would hold the process again.
  worker.unref();
  return {
    async terminate() {
      // The process is not to end before the promise does.
      worker.ref();
      await worker.terminate();
    },
  };
};
