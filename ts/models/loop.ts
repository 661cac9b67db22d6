/**
 * Going through batches: `fit`, `evaluate` and `predict` share it.
 *
 * @module
 */

import { isThenable } from "../brands.js";
import type { Logs } from "../callbacks/callback.js";
import type { CallbackList } from "../callbacks/callback-list.js";
import type { BatchSource, PendingBatch } from "./batch.js";
import { Pacer } from "./pacer.js";

/** Which hooks a loop calls. */
export type LoopKind = "Train" | "Test" | "Predict";

/** What a loop does with its batches. */
export interface Loop {
  readonly kind: LoopKind;
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
  /** The most batches to take, `null` for all. */
  readonly limit: number | null;
  step(batch: PendingBatch): void;
  logs(): Logs;
  /** Asked after each batch. */
  isStopped(): boolean;
}

/** Goes through one epoch of batches; lets the event loop run now and then. @returns how many there were */
export async function goThrough(source: BatchSource, loop: Loop, pacer: Pacer = new Pacer()): Promise<number> {
  const { kind, callbacks, signal, limit } = loop;
  const begin = `on${kind}BatchBegin` as const;
  const end = `on${kind}BatchEnd` as const;
  const listens = callbacks.listens(end);
  const batches = source.epoch();
  let count = 0;
  try {
    while (limit === null || count < limit) {
      signal?.throwIfAborted();
      const next = batches.next();
      const { done, value } = isThenable(next) ? await next : next;
      if (done) break;
      const before = callbacks.batch(begin, count, {});
      if (before !== undefined) await before;
      loop.step(value);
      if (listens) {
        const after = callbacks.batch(end, count, loop.logs());
        if (after !== undefined) await after;
      }
      count++;
      if (pacer.isDue) await pacer.pause();
      if (loop.isStopped()) break;
    }
    signal?.throwIfAborted();
  } finally {
    // A generator that is left early shall close what it has open; one that the caller goes on with stays.
    if (batches.return !== undefined) await batches.return(undefined);
  }
  return count;
}
