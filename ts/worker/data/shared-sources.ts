/**
 * Batches for several workers: each is read once, and sent to all.
 *
 * @module
 */

import type { Transferable } from "../../platform-types.js";
import type { BatchSources } from "./batch-sources.js";
import type { BatchAnswer } from "./protocol.js";

/** The source of a worker's batches. */
export interface BatchSupplier {
  open(source: number): void;
  next(source: number): Promise<{ answer: BatchAnswer; transfer: Transferable[] }>;
}

/** Buffered batches of one source, from the first one that a worker still needs. */
interface Given {
  readonly answers: Promise<{ answer: BatchAnswer; transfer: Transferable[] }>[];
  /** Index of the first answer. */
  first: number;
  /** The next batch of each worker. */
  readonly at: number[];
  readonly opened: number[];
}

/** Sends the batches of sources to several workers, which all read them in the same order. */
export class SharedSources {
  readonly #sources: BatchSources;
  readonly #count: number;
  readonly #given = new Map<number, Given>();

  constructor(sources: BatchSources, count: number) {
    this.#sources = sources;
    this.#count = count;
  }

  /** The view of one worker. */
  for(worker: number): BatchSupplier {
    return {
      open: (source) => this.#open(source, worker),
      next: (source) => this.#next(source, worker),
    };
  }

  /** The first worker that opens it restarts the source. */
  #open(source: number, worker: number): void {
    const given = this.#of(source);
    const opened = given.opened[worker]! + 1;
    if (given.opened.every((count) => count < opened)) this.#sources.open(source);
    given.opened[worker] = opened;
  }

  #next(source: number, worker: number): Promise<{ answer: BatchAnswer; transfer: Transferable[] }> {
    const given = this.#of(source);
    const at = given.at[worker]!;
    given.at[worker] = at + 1;
    let answer = given.answers[at - given.first];
    if (answer === undefined) {
      answer = this.#sources.next(source);
      given.answers.push(answer);
    }
    const slowest = Math.min(...given.at);
    given.answers.splice(0, slowest - given.first);
    given.first = slowest;
    // In shared memory nothing is transferred.
    return answer;
  }

  #of(source: number): Given {
    const known = this.#given.get(source);
    if (known !== undefined) return known;
    const zeros = () => new Array<number>(this.#count).fill(0);
    const given = { answers: [], first: 0, at: zeros(), opened: zeros() };
    this.#given.set(source, given);
    return given;
  }
}
