/**
 * The worker's own scope in browsers, Deno and Bun.
 *
 * @module
 */

import type { Endpoint } from "./endpoint.js";

/** The endpoint of the thread that started this worker. */
export function ownEndpoint(): Endpoint {
  const scope = globalThis as unknown as Endpoint & { reportError?: (error: unknown) => void };
  // Node ends a thread because of them, browsers only log them; the other side must be told in both cases.
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
