/**
 * The types of a worker's handlers: one for each method of the protocol.
 *
 * @module
 */

import type { Methods } from "./data/protocol.js";

/** A result, and its buffers that are transferred. */
export interface Answer<T> {
  readonly value: T;
  readonly moved?: readonly ArrayBuffer[];
}

/** All methods of a service. */
export type Handlers<Names extends keyof Methods> = {
  readonly [K in Names]: (
    args: Methods[K]["args"],
  ) => Answer<Methods[K]["result"]> | Promise<Answer<Methods[K]["result"]>>;
};
