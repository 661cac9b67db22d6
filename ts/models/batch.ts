/**
 * Batches: what `fit`, `evaluate` and `predict` go through.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Rows } from "./rows.js";

/** One batch, in the running step's memory. One entry per input, output, and output again. */
export interface Batch {
  readonly x: readonly Operand[];
  readonly y: readonly Operand[];
  readonly weights: readonly (Operand | undefined)[];
}

/** A batch that is yet to be gathered. */
export interface PendingBatch {
  /** Number of samples. */
  readonly size: number;
  /** All samples, or those from `start` to `end`. Call it inside a step. */
  gather(start?: number, end?: number): Batch;
  /** Labels and weights of all samples. Call it inside a step. */
  labels(): Omit<Batch, "x">;
}

/** Whole arrays of samples. */
export interface Samples {
  readonly x: readonly Rows[];
  readonly y: readonly Rows[];
  readonly weights: readonly (Rows | undefined)[];
}

/** A source of batches that can be iterated once per epoch. */
export interface BatchSource {
  /** Batches per epoch, `null` if unknown before the end. */
  readonly steps: number | null;
  /** Batches of the next epoch. */
  epoch(): BatchIterator;
  /** Ends the run. @param isDone - Whether it came to its end: it was neither stopped nor failed. */
  close?(isDone: boolean): Promise<void>;
}

/** The batches of an epoch. */
export interface BatchIterator {
  next(): IteratorResult<PendingBatch, undefined> | Promise<IteratorResult<PendingBatch, undefined>>;
}

/** Division of arrays into batches. */
export interface ArrayOptions {
  /** For messages. */
  readonly owner: string;
  /** Samples per batch. Default: as many as make `steps` batches of all samples; 32 without steps. */
  readonly batchSize: number | undefined;
  /** Batches of an epoch. Default: all. */
  readonly steps?: number | null;
  /** Whether an epoch of `steps` batches begins where the last one ended, as Keras does it in training. */
  readonly goesOn?: boolean;
  /** Gives a new order of 0 to `count` for each time that all samples are gone through; without it they stay as they are. */
  readonly order?: ((count: number) => Int32Array) | undefined;
}

/** Samples `start` to `end` of arrays, in batches. */
export class ArrayBatches implements BatchSource {
  readonly steps: number;
  /** Samples per batch. */
  readonly batchSize: number;
  readonly #samples: Samples;
  readonly #start: number;
  readonly #count: number;
  readonly #options: ArrayOptions;
  #order: Int32Array | undefined;
  /** Samples taken since the last restart. */
  #at = 0;
  #hasWarned = false;

  constructor(samples: Samples, start: number, end: number, options: ArrayOptions) {
    const { batchSize, steps = null } = options;
    this.#samples = samples;
    this.#start = start;
    this.#count = end - start;
    this.#options = options;
    this.batchSize = batchSize ?? (steps === null ? 32 : Math.ceil(this.#count / steps));
    this.steps = steps ?? Math.ceil(this.#count / this.batchSize);
  }

  *epoch(): Generator<PendingBatch, undefined> {
    const isAnew = this.#at === 0 || this.#at >= this.#count || this.#options.goesOn !== true;
    if (isAnew) this.#begin();
    let taken = 0;
    for (; taken < this.steps && this.#at < this.#count; taken++) {
      const size = Math.min(this.batchSize, this.#count - this.#at);
      const first = (this.#order === undefined ? this.#start : 0) + this.#at;
      const order = this.#order;
      const gather = (list: readonly (Rows | undefined)[], start: number, end: number) =>
        list.map((rows) => rows?.gather(order, first + start, first + end));
      this.#at += size;
      yield new Pending(this.#samples, size, gather);
    }
    if (taken < this.steps && !this.#hasWarned) {
      this.#hasWarned = true;
      warnOfEnd(this.#options.owner, taken, this.steps);
    }
  }

  #begin(): void {
    this.#at = 0;
    this.#order = this.#options.order?.(this.#count).map((index) => index + this.#start);
  }
}

/** Says that an epoch ended before its steps. */
export function warnOfEnd(owner: string, count: number, steps: number): void {
  console.warn(`${owner}: the data ended after ${count} batches, of ${steps} that were expected.`);
}

/** Samples taken as one batch each: the values of a generator. */
export function wholeBatch(samples: Samples): PendingBatch {
  const size = samples.x[0]?.count ?? 0;
  return new Pending(samples, size, (list, start, end) =>
    list.map((rows) => (start === 0 && end === size ? rows?.all() : rows?.gather(undefined, start, end))),
  );
}

/** Gathers arrays of samples. */
type Gather = (list: readonly (Rows | undefined)[], start: number, end: number) => (Operand | undefined)[];

class Pending implements PendingBatch {
  readonly size: number;
  readonly #samples: Samples;
  readonly #gather: Gather;

  constructor(samples: Samples, size: number, gather: Gather) {
    this.size = size;
    this.#samples = samples;
    this.#gather = gather;
  }

  gather(start = 0, end: number = this.size): Batch {
    const { x, y, weights } = this.#samples;
    const of = (list: readonly (Rows | undefined)[]) => this.#gather(list, start, end);
    return { x: of(x) as Operand[], y: of(y) as Operand[], weights: of(weights) };
  }

  labels(): Omit<Batch, "x"> {
    const { y, weights } = this.#samples;
    return { y: this.#gather(y, 0, this.size) as Operand[], weights: this.#gather(weights, 0, this.size) };
  }
}
