/**
 * Whether threads may share memory here.
 *
 * @module
 */

import { ValueError } from "../errors.js";

/** @throws ValueError where they may not, with what would allow it */
export function requireSharedMemory(owner: string): void {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  if (typeof SharedArrayBuffer !== "undefined" && crossOriginIsolated !== false) return;
  throw new ValueError(
    "ERR_SHARED_MEMORY",
    `${owner} needs memory that workers share, which this page may not use. Serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", over https or from localhost; crossOriginIsolated is true then.`,
  );
}

/** @throws ValueError where a thread may not wait for others, as on a page's main thread */
export function requireWaiting(owner: string): void {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
  } catch {
    throw new ValueError(
      "ERR_SHARED_MEMORY",
      `${owner}: a replica waits for the others, and this thread may not wait. Join from a worker.`,
    );
  }
}
