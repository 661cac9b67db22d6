/**
 * Workers that are killed in the middle of something.
 *
 * @module
 */

import type { CreateWorker, WorkerLike } from "gradstep/worker";
import { startWorker } from "./platform.js";

/** Keeps hold of the worker that is made. Killed before it is made, it dies at once. */
export function held(): { readonly createWorker: CreateWorker; kill(): void } {
  let worker: WorkerLike | undefined;
  let killed = false;
  return {
    createWorker: (url) => {
      worker = startWorker(url);
      if (killed) worker.terminate();
      return worker;
    },
    kill: () => {
      killed = true;
      worker?.terminate();
    },
  };
}
