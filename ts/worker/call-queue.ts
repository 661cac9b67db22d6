/**
 * Calls whose data must be copied first: they are sent in the order in which they were made.
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
  /** Completes pending copies. Default: nothing to copy. */
  finish?(isVain: () => boolean): Promise<void> | undefined;
}

/** The calls of one client. */
export class CallQueue {
  readonly #client: Client;
  /** Resolves when all calls made so far are sent; undefined if they already are. */
  #before: Promise<void> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Calls the worker: immediately, unless data must be copied or an earlier call waits for its data.
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
