/**
 * Batches from iterables: lists of batches, generators, async generators.
 *
 * @module
 */

import { isA, isReadable } from "../brands.js";
import { ValueError } from "../errors.js";
import { type AnyIterator, begun, closeUnused, hasReader, isIterator, nextOf } from "../iterators.js";
import { isList } from "../options.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import {
  type BatchIterator,
  type BatchSource,
  type DataPosition,
  type PendingBatch,
  type Samples,
  warnOfEnd,
  wholeBatch,
} from "./batch.js";
import { checkedTuple } from "./batch-tuple.js";
import { type DataInput, isXsYs } from "./samples.js";

/** A batch from the caller: `[x]`, `[x, y]` or `[x, y, sampleWeight]`; or `{ xs, ys }`, as in TensorFlow.js's datasets. */
export type GivenBatch =
  | readonly [x: DataInput, y?: DataInput, sampleWeight?: DataInput]
  // For functions whose lists TypeScript does not infer as tuples: function* () { yield [x, y]; }
  | readonly DataInput[]
  | { readonly xs: DataInput; readonly ys: DataInput };

/**
 * A stream of batches. A function is called for each epoch; a list is repeated; a generator continues.
 */
export type BatchStream =
  | Iterable<GivenBatch>
  | AsyncIterable<GivenBatch>
  | (() => Iterable<GivenBatch> | AsyncIterable<GivenBatch>);

/** Data for `predict`: batches, or only `x`. */
export type InputStream =
  | Iterable<GivenBatch | DataInput>
  | AsyncIterable<GivenBatch | DataInput>
  | (() => Iterable<GivenBatch | DataInput> | AsyncIterable<GivenBatch | DataInput>);

/** Whether data are a stream of batches, not arrays of samples. */
export function isStream(x: unknown, y: unknown): x is BatchStream {
  if (typeof x === "function") return true;
  if (typeof x !== "object" || x === null) return false;
  if (!isReadable(x) || isA(x, Tensor) || isA(x, Variable) || ArrayBuffer.isView(x)) return false;
  if (Symbol.asyncIterator in x || hasReader(x)) return true;
  // A proxy of a typed array is not a view, and its iterator throws: it is refused when its numbers are read.
  if (!(Symbol.iterator in x) || "BYTES_PER_ELEMENT" in x) return false;
  if (!isList(x)) return true;
  // A list contains batches only if nothing else makes sense: no y, and its entries are tuples of arrays.
  const first: unknown = x[0];
  if (y !== undefined && y !== null) return false;
  return isXsYs(first) || (isList(first) && typeof first[0] === "object");
}

/** Iteration over a stream. */
export interface StreamOptions {
  /** For messages. */
  readonly owner: string;
  /** Batches of an epoch; `null` for all. */
  readonly steps: number | null;
  /** Whether an epoch of `steps` batches begins where the last one ended, as Keras does it in training. */
  readonly goesOn?: boolean;
  /** Checks a batch. */
  read(batch: readonly unknown[]): Samples;
  /** Converts the iterator's value to a tuple. Default: the value must be one. */
  tuple?(given: unknown): unknown;
}

/** Batches of a stream, checked one by one. */
export class StreamBatches implements BatchSource {
  readonly steps: number | null;
  readonly #stream: BatchStream;
  readonly #options: StreamOptions;
  /** The current iterator. */
  #iterator: AnyIterator | undefined;
  /** Whether the caller created the iterator, such as a generator, which cannot restart. */
  #isOwn = false;
  #isAsking = false;
  /** Whether a batch was ever requested. */
  #hasBegun = false;
  /** Number of batches from this iterator. */
  #taken = 0;
  /** Number of batches of the next iterator to skip, because an earlier run trained with them. */
  #skipped = 0;
  #hasWarned = false;
  /** Whether the caller's iterator is exhausted after some batches. */
  isUsedUp = false;

  constructor(stream: BatchStream, options: StreamOptions) {
    this.#stream = stream;
    this.#options = options;
    this.steps = options.steps ?? (isList(stream) ? stream.length : null);
  }

  position(): DataPosition {
    return { count: null, order: null, at: this.#taken };
  }

  moveTo({ count, at }: DataPosition, done: number): boolean {
    this.#skipped = this.#keeps || isIterator(this.#stream) ? at : done;
    return count === null;
  }

  epoch(done = 0): BatchIterator {
    let count = done;
    let isFirst = true;
    const next = async (): Promise<IteratorResult<PendingBatch, undefined>> => {
      if (isFirst && !this.#keeps) await this.#leave();
      isFirst = false;
      const isNew = this.#iterator === undefined;
      for (; this.#skipped > 0; this.#skipped--) if ((await this.#ask()).done) break;
      const { done, value } = await this.#ask();
      if (!done) {
        count++;
        return { done: false, value: wholeBatch(this.#samples(value)) };
      }
      if (count > 0) {
        if (this.steps !== null && count < this.steps) this.#warn(count);
        return { done: true, value: undefined };
      }
      if (this.isUsedUp) return { done: true, value: undefined };
      if (isNew || this.#isOwn) this.#refuseUsedUp();
      // The last epoch used the last batch: this one restarts.
      return next();
    };
    return { next };
  }

  /**
   * Closes the iterator. The caller's iterator stays open after a complete run, so that it can continue.
   *
   * @param isDone - Whether the run completed: it was neither stopped nor failed.
   */
  async close(isDone: boolean): Promise<void> {
    if (!this.#hasBegun && !isDone) await closeUnused(this.#stream);
    if (!(isDone && this.#isOwn)) await this.#leave();
  }

  /** Whether the next epoch continues with this iterator. */
  get #keeps(): boolean {
    const isCounted = this.#options.goesOn === true && this.#options.steps !== null;
    return this.#isOwn || (isCounted && typeof this.#stream !== "function");
  }

  async #leave(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    const closed = iterator?.return?.();
    // A generator closes only after its pending value has been produced, which may never happen.
    if (this.#isAsking) Promise.resolve(closed).catch(() => {});
    else await closed;
  }

  async #ask(): Promise<IteratorResult<unknown, unknown>> {
    const { owner } = this.#options;
    this.#hasBegun = true;
    if (this.#iterator === undefined) {
      this.#iterator = begun(owner, this.#stream);
      this.#taken = 0;
      this.#isOwn = (this.#iterator as unknown) === this.#stream;
    }
    const iterator = this.#iterator;
    this.#isAsking = true;
    let isOpen = false;
    try {
      const result = await nextOf(owner, iterator);
      isOpen = !result.done;
      if (isOpen) this.#taken++;
      // A ReadableStream can be read once, like a generator.
      else if ((this.#isOwn || hasReader(this.#stream)) && this.#taken > 0) this.isUsedUp = true;
      return result;
    } finally {
      this.#isAsking = false;
      // Exhausted or failed: there is nothing to close.
      if (!isOpen) this.#iterator = undefined;
    }
  }

  #warn(count: number): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    warnOfEnd(this.#options.owner, count, this.steps as number);
  }

  #refuseUsedUp(): never {
    throw new ValueError(
      "ERR_SHAPE",
      `${this.#options.owner}: the data is used up. A generator can be iterated only once: pass a function that returns a new one for each epoch, or "stepsPerEpoch".`,
    );
  }

  #samples(given: unknown): Samples {
    const { owner, tuple, read } = this.#options;
    return read(checkedTuple(owner, tuple?.(given) ?? given));
  }
}
