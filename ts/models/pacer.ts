/**
 * Pauses of a long loop, so that the page it runs in stays alive.
 *
 * @module
 */

import { nextTurn, now } from "../runtime/clock.js";

/** Milliseconds of work between two pauses: a frame of a screen has 16. */
const STRETCH = 10;

/** Lets the event loop run now and then. */
export class Pacer {
  readonly #stretch: number;
  #since = now();

  /**
   * Lets the event loop run now and then.
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

  /** One turn of the event loop. */
  async pause(): Promise<void> {
    await nextTurn();
    this.#since = now();
  }
}
