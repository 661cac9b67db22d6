/**
 * Calls whose data have to be copied first: they go out in the order in which they were made.
 *
 * @module
 */

import type { Transferable } from "../platform-types.js";
import type { Client } from "./client.js";
import type { Methods } from "./data/protocol.js";

/** Data sent with a call. */
export interface Freight {
  /** Buffers that are transferred, not copied. */
  readonly moved: Transferable[];
  /** Completes the copying, if it is not complete. Default: nothing to copy. */
  finish?(isVain: () => boolean): Promise<void> | undefined;
}

/** The calls of one client. */
export class CallQueue {
  readonly #client: Client;
  /** Resolves when all calls made so far have gone out; nothing when they have. */
  #before: Promise<void> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Calls the worker: at once, unless there is something to be copied, or an earlier call waits for its data.
   *
   * @throws as {@link Client.call}; what copying throws; the signal's reason
   */
  async call<K extends keyof Methods>(
    name: K,
    args: Methods[K]["args"],
    freight?: Freight,
    signal?: AbortSignal,
  ): Promise<Methods[K]["result"]> {
    const isVain = () => this.#client.isGone || signal?.aborted === true;
    const copied = freight?.finish?.(isVain);
    const ready = copied === undefined ? this.#before : Promise.all([copied, this.#before]);
    if (ready !== undefined) {
      const settled: Promise<void> = ready.then(
        () => {},
        () => {},
      );
      this.#before = settled;
      settled.then(() => {
        if (this.#before === settled) this.#before = undefined;
      });
      await ready;
      signal?.throwIfAborted();
    }
    return this.#client.call(name, args, freight?.moved);
  }
}
