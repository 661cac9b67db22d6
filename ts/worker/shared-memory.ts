/**
 * Whether threads may share memory here.
 *
 * @module
 */

import { ValueError } from "../errors.js";

/**
 * Whether a SharedArrayBuffer can be made here and sent to a worker: in Node, Deno and Bun always, in pages
 * where they are cross-origin isolated. Tried, not only looked up: there are pages that have the class, and
 * throw when one is posted.
 */
export function mayShareMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  if (typeof SharedArrayBuffer === "undefined" || crossOriginIsolated === false) return false;
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

/** @throws ValueError where memory cannot be shared */
export function checkMayShareMemory(owner: string): void {
  if (mayShareMemory()) return;
  throw new ValueError(
    "ERR_SHARED_MEMORY",
    `${owner}: this page may not share memory with workers. Serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", over https or from localhost; crossOriginIsolated is true then. Without "sharedMemory", numbers are transferred.`,
  );
}
