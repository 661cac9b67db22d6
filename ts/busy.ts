/**
 * Running calls, so that user code inside them (getters, iterators, schedules, constraints) cannot start another call
 * on the same object.
 *
 * @module
 */

import { ValueError } from "./errors.js";

/** Whether a call on an object is running. */
export class Busy {
  #isBusy = false;

  /** Begins a call. @throws ValueError (`ERR_BUSY`) during another call */
  enter(owner: string): void {
    this.refuse(owner);
    this.#isBusy = true;
  }

  /** Ends a call. */
  leave(): void {
    this.#isBusy = false;
  }

  /** Refuses a change during a call. @throws ValueError (`ERR_BUSY`) */
  refuse(owner: string): void {
    if (!this.#isBusy) return;
    throw new ValueError(
      "ERR_BUSY",
      `${owner} is in the middle of a call, and cannot be changed inside of it, by a getter, a schedule, a constraint or a loss.`,
    );
  }

  /** Runs `body` as a call. @throws ValueError (`ERR_BUSY`) */
  during<T>(owner: string, body: () => T): T {
    this.enter(owner);
    try {
      return body();
    } finally {
      this.leave();
    }
  }
}
