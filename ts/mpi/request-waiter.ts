/**
 * Waiting for an MPI request without keeping a core busy.
 *
 * MPICH polls without a pause until the others arrive. If ranks share cores, polling takes CPU time from the ranks it
 * waits for: calls of microseconds take as many milliseconds. Open MPI's `mpirun` detects this, and makes its ranks
 * yield.
 *
 * @module
 */

import type { NativeFunction } from "./native.js";

/** Tests in a row before the first sleep: a few microseconds. */
const TESTS = 20;
/** Milliseconds. */
const NAP = 0.02;

/** Off the engine's heap, whose small arrays may move between two calls. */
const words = (length: number): Int32Array => new Int32Array(new ArrayBuffer(length * 4));

/** Waits until a nonblocking call is complete. */
export class RequestWaiter {
  readonly #test: NativeFunction;
  readonly #request: Int32Array = words(2);
  readonly #flag: Int32Array = words(1);
  /** A real address: the null value differs between implementations. */
  readonly #status: Int32Array = words(16);
  readonly #clock = new Int32Array(new SharedArrayBuffer(4));

  /**
   * Waits until a nonblocking call is complete.
   *
   * @param test - MPI_Test.
   */
  constructor(test: NativeFunction) {
    this.#test = test;
  }

  /** Returns MPI's code of an error, or 0. */
  complete(start: (request: Int32Array) => number): number {
    const code = start(this.#request);
    if (code !== 0) return code;
    for (let tests = 1; ; tests++) {
      const code = this.#test(this.#request, this.#flag, this.#status);
      if (code !== 0 || this.#flag[0] !== 0) return code;
      if (tests >= TESTS) Atomics.wait(this.#clock, 0, 0, NAP);
    }
  }
}
