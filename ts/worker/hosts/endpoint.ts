/**
 * Common interface of the platforms' workers and ports.
 *
 * @module
 */

import { ModuleError } from "../../errors.js";
import type { MessageChannel, Transferable } from "../../platform-types.js";

/** An endpoint of messages: a worker, a worker's global scope, a port. */
export interface Endpoint {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: string, listener: (event: never) => void): void;
  removeEventListener(type: string, listener: (event: never) => void): void;
  start?(): void;
}

/** A worker of the platform: `Worker` in browsers, Deno and Bun, that of `node:worker_threads` in Node. */
export interface WorkerLike {
  /**
   * Sends a message.
   *
   * @param message - A value that can be cloned.
   * @param transfer - Buffers that are moved instead of copied.
   */
  postMessage(message: never, transfer?: never): void;
  /**
   * Ends the worker.
   *
   * @returns Whatever the platform returns.
   */
  terminate(): unknown;
}

/** A worker, as seen by the client. */
export interface WorkerHandle {
  readonly endpoint: Endpoint;
  /** Calls `lost` when the worker can no longer answer; possibly several times. */
  watch(lost: (reason: string, cause?: unknown) => void): void;
  /** Watches a lock that the worker holds as long as it lives, if the platform has locks. */
  watchLock?(name: string, lost: (reason: string) => void): void;
  /** Whether it keeps the process alive. */
  hold(keepsAlive: boolean): void;
  /** Ends it, and closes the handle's resources. A second call does nothing. */
  terminate(): Promise<void>;
}

/** Two connected ports. @throws ModuleError without `MessageChannel` */
export function messageChannel(): MessageChannel {
  if (typeof MessageChannel === "function") return new MessageChannel();
  throw new ModuleError(
    "ERR_MODULE_UNSUPPORTED",
    "gradstep/worker needs MessageChannel, which this environment (jsdom, for instance) does not have. Train on this thread: call the model's own fit.",
  );
}

/** A way to start the package's worker script; some ways need the script's text. It may throw. */
export interface Starter<Script = void> {
  /** For messages. */
  readonly name: string;
  start(script: Script): WorkerHandle;
}
