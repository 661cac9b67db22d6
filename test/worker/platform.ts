/**
 * Workers of the host that runs the tests.
 *
 * @module
 */

import type { WorkerLike } from "gradstep/worker";

interface Threads {
  readonly Worker: new (url: URL, options?: object) => WorkerLike;
}

const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
// Deno has Node's threads too, but the package starts Deno's own workers there.
const isDeno = "Deno" in globalThis;
const threads = isDeno ? undefined : (process?.getBuiltinModule?.("node:worker_threads") as Threads | undefined);

/** Whether the workers here are Node's. */
export const isNode: boolean = threads !== undefined;

/** Starts a script as a worker. `options` are those of Node's. */
export function startWorker(url: URL, options: object = {}): WorkerLike {
  return threads === undefined ? new Worker(url, { type: "module" }) : new threads.Worker(url, options);
}

/** A worker of this code. */
export function workerOf(code: string): WorkerLike {
  // In pages, workers from data: belong to no origin; Node starts none from a Blob.
  if (threads !== undefined) return startWorker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  return startWorker(new URL(URL.createObjectURL(new Blob([code], { type: "text/javascript" }))));
}

/** Waits for a number of turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  }
}
