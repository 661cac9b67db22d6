/**
 * Calls that are running, so that user code inside of them (getters, iterators, schedules, constraints) cannot start
 * another one on the same object.
 *
 * @module
 */

import { ValueError } from "./errors.js";

/** Whether an object is in the middle of a call. */
export class Busy {
  #isBusy = false;

  /** A call begins. @throws ValueError (`ERR_BUSY`) inside of another one */
  enter(owner: string): void {
    this.refuse(owner);
    this.#isBusy = true;
  }

  /** The call has ended. */
  leave(): void {
    this.#isBusy = false;
  }

  /** Refuses what must not happen inside of a call. @throws ValueError (`ERR_BUSY`) */
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
