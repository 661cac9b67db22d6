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
  /** Call it inside a step. */
  gather(): Batch;
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
    const { x, y, weights } = this.#samples;
    const base = order === undefined ? this.#start : 0;
    for (let at = 0; at < this.#count; at += this.#batchSize) {
      const [start, end] = [base + at, base + Math.min(this.#count, at + this.#batchSize)];
      const of = (rows: Rows) => rows.gather(order, start, end);
      yield {
        size: end - start,
        gather: () => ({ x: x.map(of), y: y.map(of), weights: weights.map((rows) => rows && of(rows)) }),
      };
    }
  }
}

/** Samples taken as one batch each: what a generator gives. */
export function wholeBatch(samples: Samples): PendingBatch {
  const all = (rows: Rows) => rows.all();
  return {
    size: samples.x[0]?.count ?? 0,
    gather: () => ({
      x: samples.x.map(all),
      y: samples.y.map(all),
      weights: samples.weights.map((rows) => rows && all(rows)),
    }),
  };
}
