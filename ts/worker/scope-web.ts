/**
 * The worker's own scope in browsers, Deno and Bun.
 *
 * @module
 */

import type { Endpoint } from "./endpoint.js";

/** Where the messages of whoever started this worker come from. */
export function ownEndpoint(): Endpoint {
  const scope = globalThis as unknown as Endpoint & { reportError?: (error: unknown) => void };
  // Node ends a thread by them, browsers only log them; the other side shall hear of it everywhere.
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
