/**
 * The caller's iterables, handed out batch by batch to the worker.
 *
 * @module
 */

import { type AnyIterator, begun, closeUnused, hasReader, isIterator, nextOf } from "../../iterators.js";
import { checkedTuple } from "../../models/batch-tuple.js";
import { predictTuple } from "../../models/forms.js";
import type { BatchStream } from "../../models/stream.js";
import type { Transferable } from "../../platform-types.js";
import { type Giving, Packing } from "./packing.js";
import type { BatchAnswer, Packed } from "./protocol.js";

interface Source {
  readonly stream: BatchStream;
  running: AnyIterator | undefined;
  /** Whether it may be open: a batch was requested, and the source has not ended. */
  isOpen: boolean;
  /** Whether a batch was ever requested. */
  hasBegun: boolean;
}

/** The sources of one call, by number. */
export class BatchSources {
  readonly #owner: string;
  readonly #giving: Giving;
  readonly #streams: Source[] = [];
  #isClosed = false;

  constructor(owner: string, giving: Giving) {
    this.#owner = owner;
    this.#giving = giving;
  }

  /** Keeps a stream, and returns its placeholder for the message. */
  add(stream: BatchStream): Packed {
    const isOnce = isIterator(stream) || hasReader(stream);
    const form = typeof stream === "function" ? "function" : isOnce ? "once" : "iterable";
    this.#streams.push({ stream, running: undefined, isOpen: false, hasBegun: false });
    return { kind: "stream", source: this.#streams.length - 1, form };
  }

  /** Restarts a source, or continues one that cannot restart. @throws TypeError for one that has no batches */
  open(source: number): void {
    const entry = this.#entry(source);
    if (!isCallers(entry)) close(entry).catch(() => {});
    entry.running = undefined;
    entry.running = begun(this.#owner, entry.stream);
  }

  /**
   * Closes the sources, like a run on this thread: a user's generator stays open after a completed run. A second call
   * does nothing.
   *
   * @param end - After a failure it does not wait: a source may never answer.
   * @throws what a source throws when it is closed, unless the run has failed
   */
  async close(end: "done" | "stopped" | "failed"): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const entry of this.#streams) {
      if (end === "done" && isCallers(entry)) continue;
      const closing = entry.hasBegun || end === "done" ? close(entry) : closeUnused(entry.stream);
      if (end === "failed") closing.catch(() => {});
      else await closing;
    }
  }

  /** The next batch of a source, packed. @throws TypeError for anything but a batch */
  async next(source: number): Promise<{ answer: BatchAnswer; transfer: Transferable[] }> {
    const entry = this.#entry(source);
    entry.isOpen = true;
    entry.hasBegun = true;
    const { done, value } = await nextOf(this.#owner, entry.running as AnyIterator);
    entry.isOpen = done !== true;
    return done ? { answer: { batch: null }, transfer: [] } : pack(this.#owner, this.#giving, value);
  }

  #entry(source: number): Source {
    return this.#streams[source]!;
  }
}

/** `[x]`, `[x, y]` or `[x, y, sampleWeight]`, packed. @throws TypeError for anything but a batch */
async function pack(
  owner: string,
  { give, inputs, outputs, rowShapes, shared }: Giving,
  given: unknown,
): Promise<{ answer: BatchAnswer; transfer: Transferable[] }> {
  // In predict, a batch may be the data itself.
  const batch = checkedTuple(owner, owner === "predict" ? predictTuple(given, rowShapes) : given);
  const packing = new Packing(owner, give, shared);
  const packed = ["x", "y", "sampleWeight"]
    .slice(0, batch.length)
    .map((name, i) => packing.data(name, batch[i], i === 0 ? inputs : outputs));
  await packing.finish(() => false);
  return { answer: { batch: packed }, transfer: packing.moved };
}

/** Whether the caller created the iterator, not this run. */
function isCallers({ stream, running }: Source): boolean {
  return running === (stream as unknown);
}

async function close(entry: Source): Promise<void> {
  if (!entry.isOpen) return;
  entry.isOpen = false;
  await entry.running?.return?.();
}
