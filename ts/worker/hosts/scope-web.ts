/**
 * The worker's global scope in browsers, Deno and Bun.
 *
 * @module
 */

import type { Endpoint } from "./endpoint.js";

/** The endpoint of the thread that started this worker. */
export function ownEndpoint(): Endpoint {
  const scope = globalThis as unknown as Endpoint & { reportError?: (error: unknown) => void };
  // Node ends the thread, browsers only log such errors; the other side must be notified in both cases.
  scope.addEventListener("unhandledrejection", (event: PromiseRejectionEvent) => {
    if (scope.reportError === undefined) return;
    event.preventDefault();
    scope.reportError(event.reason);
  });
  return {
    postMessage: (message, transfer) => scope.postMessage(message, transfer),
    addEventListener: (type, listener) => scope.addEventListener(type, listener),
    removeEventListener: (type, listener) => scope.removeEventListener(type, listener),
  };
}
