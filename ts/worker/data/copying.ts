/**
 * Copies of large data in pieces, between which the thread does other things: a page must not stutter because of a
 * copy, and memory that is new costs more than the copy itself.
 *
 * @module
 */

import { Pacer } from "../../models/pacer.js";

/** So many numbers are copied in one go: well under a frame, on slow machines too. */
const PIECE = 2 ** 17;
/** Milliseconds of copying between two pauses. */
const STRETCH = 4;

/** Copies the numbers, or rows, from `begin` to `end`. */
export type Piece = (begin: number, end: number) => void;

interface Job {
  readonly count: number;
  /** Entries of a piece. */
  readonly step: number;
  readonly copy: Piece;
}

/** The copies of one call. What is small is copied at once, all else by {@link Copying.finish}. */
export class Copying {
  readonly #jobs: Job[] = [];
  #copied = 0;

  /**
   * Adds `count` entries of `size` numbers each.
   *
   * @param copy - Copies some of them. It may throw, here or later.
   */
  add(count: number, size: number, copy: Piece): void {
    this.#copied += count * size;
    if (this.#copied <= PIECE) copy(0, count);
    else this.#jobs.push({ count, step: Math.max(1, Math.floor(PIECE / Math.max(1, size))), copy });
  }

  /**
   * Copies what is left. Nothing where nothing is: then the call need not wait.
   *
   * @param isVain - Called after each pause: whether the copies are no longer needed.
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
