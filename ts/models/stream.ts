/**
 * Batches from iterables: lists of batches, generators, asynchronous ones.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import { type BatchSource, type PendingBatch, type Samples, wholeBatch } from "./batch.js";
import type { DataInput } from "./samples.js";

/** A batch of a caller's: `[x]`, `[x, y]` or `[x, y, sampleWeight]`. */
export type GivenBatch = readonly [x: DataInput, y?: DataInput, sampleWeight?: DataInput];

/**
 * Batches in a row. A function is asked for new ones at each epoch; a list is gone through again; a generator
 * goes on where it stopped.
 */
export type BatchStream =
  | Iterable<GivenBatch>
  | AsyncIterable<GivenBatch>
  | (() => Iterable<GivenBatch> | AsyncIterable<GivenBatch>);

/** Whether data are batches in a row, not arrays of samples. */
export function isStream(x: unknown, y: unknown): x is BatchStream {
  if (typeof x === "function") return true;
  if (typeof x !== "object" || x === null) return false;
  if (x instanceof Tensor || x instanceof Variable || ArrayBuffer.isView(x)) return false;
  if (Symbol.asyncIterator in x) return true;
  if (!(Symbol.iterator in x)) return false;
  if (!Array.isArray(x)) return true;
  // A list is one of batches only if nothing else makes sense: no y, and its entries are tuples of arrays.
  const first: unknown = x[0];
  return (
    y === undefined && Array.isArray(first) && first.length > 1 && first.length < 4 && typeof first[0] === "object"
  );
}

/** Batches of a stream, checked one by one by `read`. */
export class StreamBatches implements BatchSource {
  readonly steps: number | null;
  readonly #stream: BatchStream;
  readonly #read: (x: unknown, y: unknown, sampleWeight: unknown) => Samples;
  readonly #owner: string;
  /** A generator that is used up by going through it: every epoch goes on with it. */
  #running: AsyncIterator<GivenBatch> | Iterator<GivenBatch> | undefined;

  constructor(
    owner: string,
    stream: BatchStream,
    steps: number | null,
    read: (x: unknown, y: unknown, sampleWeight: unknown) => Samples,
  ) {
    this.#owner = owner;
    this.#stream = stream;
    this.steps = steps ?? (Array.isArray(stream) ? stream.length : null);
    this.#read = read;
  }

  async *epoch(): AsyncGenerator<PendingBatch> {
    const iterator = this.#running ?? this.#iterator();
    const limit = this.steps ?? Number.POSITIVE_INFINITY;
    let count = 0;
    let isOpen = false;
    try {
      while (count < limit) {
        isOpen = false;
        const { done, value } = await iterator.next();
        if (done) {
          this.#running = undefined;
          if (count === 0) this.#refuseUsedUp();
          if (this.steps !== null && count < this.steps) {
            console.warn(`${this.#owner}: the data ended after ${count} batches, of ${this.steps} that were expected.`);
          }
          return;
        }
        isOpen = true;
        count++;
        yield wholeBatch(this.#samples(value));
      }
    } finally {
      // One that was made for this epoch closes what it has open; one that the caller goes on with stays.
      if (isOpen && this.#running === undefined) await iterator.return?.();
    }
  }

  #refuseUsedUp(): never {
    throw new ValueError(
      "ERR_SHAPE",
      `${this.#owner}: the data are used up. A generator can be gone through once: pass a function that makes a new one for each epoch, or "stepsPerEpoch".`,
    );
  }

  #iterator(): AsyncIterator<GivenBatch> | Iterator<GivenBatch> {
    const stream = typeof this.#stream === "function" ? this.#stream() : this.#stream;
    const iterator = Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]();
    if ((iterator as unknown) === this.#stream) this.#running = iterator;
    return iterator;
  }

  #samples(batch: unknown): Samples {
    if (!Array.isArray(batch) || batch.length < 1 || batch.length > 3) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${this.#owner}: the data must give batches as [x, y] or [x, y, sampleWeight], got ${shown(batch)}.`,
      );
    }
    return this.#read(batch[0], batch[1], batch[2]);
  }
}
