/**
 * The loop over batches of `fit`, `evaluate` and `predict`.
 *
 * @module
 */

import { isThenable } from "../brands.js";
import type { Logs } from "../callbacks/callback.js";
import type { CallbackList } from "../callbacks/callback-list.js";
import { heard } from "../callbacks/waiting.js";
import { later, nextTurn } from "../runtime/clock.js";
import type { BatchSource, PendingBatch } from "./batch.js";
import { Pacer } from "./pacer.js";

/** Hooks that a loop calls. */
export type LoopKind = "Train" | "Test" | "Predict";

/** The treatment of batches in a loop. */
export interface Loop {
  readonly kind: LoopKind;
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
  /** The most batches to take, `null` for all. */
  readonly limit: number | null;
  /** Batches for which the hooks of batches are called once: `stepsPerExecution` of `compile`. Default: 1. */
  readonly perCall?: number;
  step(batch: PendingBatch): void;
  logs(): Logs;
  /** Called after each batch. */
  isStopped(): boolean;
}

/**
 * Runs one epoch of batches, and yields to the event loop. The signal takes effect between batches, and while waiting
 * for a batch or a callback.
 *
 * @param done - Batches of the epoch that an earlier run has used.
 * @returns the number of batches, including those
 */
export async function goThrough(
  source: BatchSource,
  loop: Loop,
  pacer: Pacer = new Pacer(),
  done = 0,
): Promise<number> {
  const { kind, callbacks, signal, limit, perCall = 1 } = loop;
  const begin = `on${kind}BatchBegin` as const;
  const end = `on${kind}BatchEnd` as const;
  const listens = callbacks.listens(end);
  const batches = source.epoch(done);
  let count = done;
  // The batch before which the hooks were last called.
  let first = -1;
  while (limit === null || count < limit) {
    signal?.throwIfAborted();
    const next = batches.next();
    const { done: isOver, value } = isThenable(next) ? await heard(next, signal) : next;
    if (isOver) break;
    // The list of callbacks listens to the signal itself.
    if (first < 0) {
      first = count;
      const before = callbacks.batch(begin, count, {});
      if (before !== undefined) await before;
    }
    loop.step(value);
    count++;
    const isEnd = count - first === perCall;
    if (isEnd) {
      first = -1;
      const after = listens ? callbacks.batch(end, count - 1, loop.logs()) : undefined;
      if (after !== undefined) await after;
    }
    if (pacer.isDue) await pacer.pause();
    if (loop.isStopped() && isEnd) break;
  }
  // As Keras counts, even if the data ended earlier.
  if (first >= 0 && listens) await callbacks.batch(end, first + perCall - 1, loop.logs());
  signal?.throwIfAborted();
  return count;
}

/**
 * Runs `work`, which iterates over the sources, and always closes them.
 *
 * @param isStopped - Whether the run was stopped before the end of its data, without a failure.
 */
export async function closing<T>(
  sources: readonly (BatchSource | undefined)[],
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  isStopped: () => boolean = () => false,
): Promise<T> {
  const close = (isDone: boolean) => Promise.all(sources.map(async (source) => source?.close?.(isDone)));
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // An error from closing a generator must not hide the cause, nor may closing delay an abort or the error.
    await heard(withinASecond(close(false)), signal).catch(() => {});
    throw error;
  }
  await heard(close(!isStopped()), signal);
  return result;
}

/** Waits for it for a limited time. */
export async function withinASecond(closing: Promise<unknown>): Promise<void> {
  let cancel = (): void => {};
  const over = new Promise<void>((resolve) => {
    cancel = later(1000, resolve, () => void nextTurn().then(resolve));
  });
  try {
    await Promise.race([closing, over]);
  } finally {
    cancel();
  }
}
