/**
 * Awaiting the caller's promises, until an abort.
 *
 * @module
 */

import { isUnreadable } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";

/**
 * The value of a promise, unless the signal aborts first. A rejection that comes after an abort is dropped.
 *
 * @throws the signal's reason; what the promise rejects with
 */
export function heard<T>(pending: T | PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  if (isUnreadable(pending)) {
    return Promise.reject(
      new ArgumentTypeError("ERR_OPTION_TYPE", "A callback, or the iterator of the data, returned a revoked proxy."),
    );
  }
  const promise = Promise.resolve(pending);
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    const done = () => signal.removeEventListener("abort", stop);
    promise.then(
      (value) => {
        done();
        resolve(value);
      },
      (error) => {
        done();
        reject(error);
      },
    );
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
