/**
 * Which part of a batch this replica computes, for operations that draw: all replicas together shall draw what one
 * would draw for the whole batch.
 *
 * @module
 */

/** Samples `start` to `start + count` of `total`. */
export interface BatchShare {
  readonly start: number;
  readonly count: number;
  readonly total: number;
}

let current: BatchShare | undefined;

/** The share of the step that runs; `undefined` when it has the whole batch. */
export function currentShare(): BatchShare | undefined {
  return current;
}

/** Runs `body` for a share. */
export function withShare<T>(share: BatchShare, body: () => T): T {
  const outer = current;
  current = share;
  try {
    return body();
  } finally {
    current = outer;
  }
}
