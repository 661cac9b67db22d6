/**
 * Pauses in a long loop, so that the page stays responsive.
 *
 * @module
 */

import { nextTurn, now } from "../runtime/clock.js";

/** Milliseconds of work between two pauses: a frame takes 16. */
const STRETCH = 10;

/** Yields to the event loop at intervals. */
export class Pacer {
  readonly #stretch: number;
  #since = now();

  /**
   * Yields to the event loop at intervals.
   *
   * @param stretch - Milliseconds of work between two pauses.
   */
  constructor(stretch: number = STRETCH) {
    this.#stretch = stretch;
  }

  /** Whether a pause is due. */
  get isDue(): boolean {
    return now() - this.#since >= this.#stretch;
  }

  /** One iteration of the event loop. */
  async pause(): Promise<void> {
    await nextTurn();
    this.#since = now();
  }
}
