/**
 * Copies of large data in pieces, between which the thread does other work: a copy must not make a page stutter, and
 * allocating new memory costs more than copying.
 *
 * @module
 */

import { Pacer } from "../../models/pacer.js";

/** Numbers per piece: copying them takes much less than a frame, even on slow machines. */
const PIECE = 2 ** 17;
/** Milliseconds of copying between two pauses. */
const STRETCH = 4;

/** Copies the numbers, or rows, from `begin` to `end`. */
export type Piece = (begin: number, end: number) => void;

interface Job {
  readonly count: number;
  /** Entries per piece. */
  readonly step: number;
  readonly copy: Piece;
}

/** The copies of one call. Small data are copied immediately, the rest by {@link Copying.finish}. */
export class Copying {
  readonly #jobs: Job[] = [];
  #copied = 0;

  /**
   * Adds `count` entries of `size` numbers each.
   *
   * @param copy - Copies some of them. It may throw, now or later.
   */
  add(count: number, size: number, copy: Piece): void {
    this.#copied += count * size;
    if (this.#copied <= PIECE) copy(0, count);
    else this.#jobs.push({ count, step: Math.max(1, Math.floor(PIECE / Math.max(1, size))), copy });
  }

  /**
   * Copies the rest; undefined if there is none, so the call need not wait.
   *
   * @param isVain - Called after each pause; returns whether the copies are no longer needed.
   */
  finish(isVain: () => boolean): Promise<void> | undefined {
    return this.#jobs.length === 0 ? undefined : this.#finish(isVain);
  }

  async #finish(isVain: () => boolean): Promise<void> {
    const pacer = new Pacer(STRETCH);
    for (const { count, step, copy } of this.#jobs) {
      for (let begin = 0; begin < count; begin += step) {
        if (pacer.isDue) {
          await pacer.pause();
          if (isVain()) return;
        }
        copy(begin, Math.min(count, begin + step));
      }
    }
  }
}
