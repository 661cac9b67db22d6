/**
 * Checks whether threads can share memory and wait.
 *
 * @module
 */

import { ValueError } from "../errors.js";

/**
 * Whether a SharedArrayBuffer can be created and sent to a worker: always in Node, Deno and Bun; in pages that are
 * cross-origin isolated. It is tried, not only looked up: some pages have the class, but throw when a buffer is posted.
 */
export function mayShareMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  if (typeof SharedArrayBuffer === "undefined" || typeof Atomics === "undefined") return false;
  if (typeof MessageChannel === "undefined" || crossOriginIsolated === false) return false;
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(new SharedArrayBuffer(1));
    return true;
  } catch {
    return false;
  } finally {
    port1.close();
    port2.close();
  }
}

/** @throws ValueError where memory cannot be shared, with what would allow it, and with `otherwise` */
export function requireSharedMemory(owner: string, otherwise = ""): void {
  if (mayShareMemory()) return;
  throw new ValueError(
    "ERR_SHARED_MEMORY",
    `${owner} needs memory that workers share, which this page may not use. Serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", over https or from localhost; crossOriginIsolated is true then.${otherwise}`,
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
