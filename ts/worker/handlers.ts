/**
 * The types of a worker's handlers: one for each method of the protocol.
 *
 * @module
 */

import type { Methods } from "./data/protocol.js";

/** A result, and what of it is moved. */
export interface Answer<T> {
  readonly value: T;
  readonly moved?: readonly ArrayBuffer[];
}

/** All methods, as a service has them. */
export type Handlers<Names extends keyof Methods> = {
  readonly [K in Names]: (
    args: Methods[K]["args"],
  ) => Answer<Methods[K]["result"]> | Promise<Answer<Methods[K]["result"]>>;
};
