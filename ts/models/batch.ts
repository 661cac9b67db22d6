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

/** A source of batches that can be gone through once per epoch. */
export interface BatchSource {
  /** Batches of an epoch, `null` where nobody knows before the end. */
  readonly steps: number | null;
  /** Batches of the next epoch. */
  epoch(): Iterator<PendingBatch> | AsyncIterator<PendingBatch>;
}

/** Samples `start` to `end` of arrays, in batches. */
export class ArrayBatches implements BatchSource {
  readonly steps: number;
  readonly #samples: Samples;
  readonly #start: number;
  readonly #count: number;
  readonly #batchSize: number;
  readonly #order: (() => Int32Array) | undefined;

  /** @param order - Gives a new order of 0 to `end - start` for each epoch; without it they stay as they are. */
  constructor(samples: Samples, start: number, end: number, batchSize: number, order?: (count: number) => Int32Array) {
    this.#samples = samples;
    this.#start = start;
    this.#count = end - start;
    this.#batchSize = batchSize;
    this.#order = order && (() => order(end - start).map((index) => index + start));
    this.steps = Math.ceil(this.#count / batchSize);
  }

  *epoch(): Generator<PendingBatch> {
    const order = this.#order?.();
    const base = order === undefined ? this.#start : 0;
    for (let at = 0; at < this.#count; at += this.#batchSize) {
      const first = base + at;
      const size = Math.min(this.#count, at + this.#batchSize) - at;
      const gather = (list: readonly (Rows | undefined)[], start: number, end: number) =>
        list.map((rows) => rows?.gather(order, first + start, first + end));
      yield new Pending(this.#samples, size, gather);
    }
  }
}

/** Samples taken as one batch each: what a generator gives. */
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
