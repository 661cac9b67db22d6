/**
 * Batches of `fit`, `evaluate` and `predict`.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { SeedGenerator } from "../random/generator.js";
import type { Tensor } from "../tensor.js";
import type { Rows } from "./rows.js";

/** One batch, in the running step's memory. One entry per input, output, and output again. */
export interface Batch {
  readonly x: readonly Operand[];
  readonly y: readonly Operand[];
  readonly weights: readonly (Operand | undefined)[];
  readonly names?: DataNames | undefined;
}

/** Names of data passed by name to a model without a graph; `undefined` for lists. */
export interface DataNames {
  readonly x: readonly string[] | undefined;
  readonly y: readonly string[] | undefined;
}

/** Samples per batch, as in Keras. */
export const DEFAULT_BATCH_SIZE = 32;

/** A batch that is not gathered yet. */
export interface PendingBatch {
  /** Number of samples. */
  readonly size: number;
  /** All samples, or those from `start` to `end`. Call it inside a step. */
  gather(start?: number, end?: number): Batch;
  /** Labels and weights of all samples. Call it inside a step. */
  labels(): Omit<Batch, "x">;
  /** Types and shapes: batches of the same form are computed by the same calls. `undefined` if unknown. */
  readonly form: string | undefined;
  /**
   * Copies all samples, or those from `start` to `end`, to memory of the running step, or into an earlier copy of this form.
   */
  copy(into?: Batch, start?: number, end?: number): Batch;
}

/** Whole arrays of samples. */
export interface Samples {
  readonly x: readonly Rows[];
  readonly y: readonly Rows[];
  readonly weights: readonly (Rows | undefined)[];
  readonly names?: DataNames | undefined;
}

/** A source of batches that can be iterated once per epoch. */
export interface BatchSource {
  /** Batches per epoch, `null` if unknown before the end. */
  readonly steps: number | null;
  /** Batches of the next epoch. @param done - Number of batches used by an earlier run. Default: 0. */
  epoch(done?: number): BatchIterator;
  /** The position in the data, from which a run can resume elsewhere. */
  position(): DataPosition;
  /** Resumes from a position. @returns whether these data have it @param done - Batches of the epoch already used. */
  moveTo(position: DataPosition, done: number): boolean;
  /** Whether a further epoch would be empty: a generator can be iterated once. Default: false. */
  readonly isUsedUp?: boolean;
  /** Ends the run. @param isDone - Whether it completed: it was neither stopped nor failed. */
  close?(isDone: boolean): Promise<void>;
}

/** A position in data. It is JSON. */
export interface DataPosition {
  /** Number of all samples; `null` if unknown. */
  readonly count: number | null;
  /** State of the generator that drew the order of samples; `null` without one. */
  readonly order: SeedGenerator["state"] | null;
  /** Samples, or batches of a stream, used so far. */
  readonly at: number;
}

/** Draws orders of samples. */
export interface Orders {
  /** The generator's state before the last order was drawn. */
  readonly last: SeedGenerator["state"] | null;
  /** A new order. */
  order(count: number): Int32Array;
  /** An order drawn before. */
  again(count: number, state: SeedGenerator["state"]): Int32Array;
}

/** The batches of an epoch. */
export interface BatchIterator {
  next(): IteratorResult<PendingBatch, undefined> | Promise<IteratorResult<PendingBatch, undefined>>;
}

/** Division of arrays into batches. */
export interface ArrayOptions {
  /** For messages. */
  readonly owner: string;
  /** Samples per batch. Default: all samples divided by `steps`; 32 without steps. */
  readonly batchSize: number | undefined;
  /** Batches of an epoch. Default: all. */
  readonly steps?: number | null;
  /** Whether an epoch of `steps` batches continues where the last one ended, as in Keras's training. */
  readonly goesOn?: boolean;
  /** Returns a new order for each pass over the samples; without it they are not shuffled. */
  readonly orders?: Orders | undefined;
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
  /** Samples used since the last restart. */
  #at = 0;
  #hasWarned = false;

  constructor(samples: Samples, start: number, end: number, options: ArrayOptions) {
    const { batchSize, steps = null } = options;
    this.#samples = samples;
    this.#start = start;
    this.#count = end - start;
    this.#options = options;
    this.batchSize = batchSize ?? (steps === null ? DEFAULT_BATCH_SIZE : Math.ceil(this.#count / steps));
    this.steps = steps ?? Math.ceil(this.#count / this.batchSize);
  }

  position(): DataPosition {
    return { count: this.#count, order: this.#options.orders?.last ?? null, at: this.#at };
  }

  moveTo({ count, order, at }: DataPosition): boolean {
    const { orders } = this.#options;
    if (count !== this.#count || (order === null) !== (orders === undefined)) return false;
    this.#at = at;
    if (order !== null) this.#order = this.#shifted(orders?.again(count, order));
    return true;
  }

  *epoch(done = 0): Generator<PendingBatch, undefined> {
    const isAnew = this.#at === 0 || this.#at >= this.#count || this.#options.goesOn !== true;
    if (isAnew && done === 0) this.#begin();
    let taken = done;
    for (; taken < this.steps && this.#at < this.#count; taken++) {
      const size = Math.min(this.batchSize, this.#count - this.#at);
      const first = (this.#order === undefined ? this.#start : 0) + this.#at;
      const order = this.#order;
      this.#at += size;
      yield new Pending(this.#samples, size, order, first);
    }
    if (taken < this.steps && !this.#hasWarned) {
      this.#hasWarned = true;
      warnOfEnd(this.#options.owner, taken, this.steps);
    }
  }

  #begin(): void {
    this.#at = 0;
    this.#order = this.#shifted(this.#options.orders?.order(this.#count));
  }

  #shifted(order: Int32Array | undefined): Int32Array | undefined {
    return order?.map((index) => index + this.#start);
  }
}

/** Warns that an epoch ended early. */
export function warnOfEnd(owner: string, count: number, steps: number): void {
  console.warn(`${owner}: the data ended after ${count} batches, of ${steps} that were expected.`);
}

/** Samples taken as one batch each: the values of a generator. */
export function wholeBatch(samples: Samples): PendingBatch {
  return new Pending(samples, samples.x[0]?.count ?? 0, undefined, -1);
}

/** Forms of batches, by the samples and the batch's size. */
const forms = new WeakMap<Samples, Map<number, string | undefined>>();

function formOf(samples: Samples, size: number): string | undefined {
  let known = forms.get(samples);
  if (known === undefined) {
    known = new Map();
    forms.set(samples, known);
  }
  if (!known.has(size)) {
    const { x, y, weights } = samples;
    const isKnown = ![...x, ...y, ...weights].some((rows) => rows?.isVariable);
    const of = (list: readonly (Rows | undefined)[]) =>
      list.map((rows) => (rows === undefined ? "" : `${rows.dtype}[${rows.rowShape.join()}]`)).join();
    known.set(size, isKnown ? `${size}: ${of(x)}; ${of(y)}; ${of(weights)}` : undefined);
  }
  return known.get(size);
}

class Pending implements PendingBatch {
  readonly size: number;
  readonly #samples: Samples;
  readonly #order: Int32Array | undefined;
  /** The first sample, -1 for whole arrays, which need no copy. */
  readonly #first: number;

  constructor(samples: Samples, size: number, order: Int32Array | undefined, first: number) {
    this.size = size;
    this.#samples = samples;
    this.#order = order;
    this.#first = first;
  }

  get form(): string | undefined {
    return formOf(this.#samples, this.size);
  }

  copy(into?: Batch, start = 0, end: number = this.size): Batch {
    const { x, y, weights, names } = this.#samples;
    const first = Math.max(0, this.#first);
    if (into !== undefined) {
      this.#copyTo(x, into.x, first + start, first + end);
      this.#copyTo(y, into.y, first + start, first + end);
      this.#copyTo(weights, into.weights, first + start, first + end);
      return into;
    }
    const of = (list: readonly (Rows | undefined)[]) =>
      list.map((rows) => rows?.gather(this.#order, first + start, first + end));
    return { x: of(x) as Operand[], y: of(y) as Operand[], weights: of(weights), names };
  }

  /** Avoids lists and closures, which would be garbage in each replayed step. */
  #copyTo(
    list: readonly (Rows | undefined)[],
    into: readonly (Operand | undefined)[],
    start: number,
    end: number,
  ): void {
    for (let i = 0; i < list.length; i++) list[i]?.gather(this.#order, start, end, into[i] as Tensor | undefined);
  }

  #gather(list: readonly (Rows | undefined)[], start: number, end: number): (Operand | undefined)[] {
    const first = this.#first;
    if (first >= 0) return list.map((rows) => rows?.gather(this.#order, first + start, first + end));
    return list.map((rows) => (start === 0 && end === this.size ? rows?.all() : rows?.gather(undefined, start, end)));
  }

  gather(start = 0, end: number = this.size): Batch {
    const { x, y, weights, names } = this.#samples;
    const of = (list: readonly (Rows | undefined)[]) => this.#gather(list, start, end);
    return { x: of(x) as Operand[], y: of(y) as Operand[], weights: of(weights), names };
  }

  labels(): Omit<Batch, "x"> {
    const { y, weights } = this.#samples;
    return { y: this.#gather(y, 0, this.size) as Operand[], weights: this.#gather(weights, 0, this.size) };
  }
}
