// The two ways to train, for contestants of this process.

import { BATCHES } from "../cases.mjs";

/** The first steps, after which losses are compared, take the batches in their order. */
const IN_ORDER = 4;

/** A custom loop: `step(i)` trains on batch i, and waits where the library computes later. */
export function loop(step) {
  let done = 0;
  return async (steps) => {
    const start = performance.now();
    for (let i = 0; i < steps; i++) {
      const pending = step(done++ % BATCHES);
      if (pending !== undefined) await pending;
    }
    return performance.now() - start;
  };
}

/** What `fit` is asked for at least, an epoch or so many milliseconds: its start is a small part of that. */
const EPOCH_MS = 400;

/**
 * `fit`: whole epochs, shuffled as is its default; or as many batches as are asked for, where an epoch takes long.
 * `train({ from, batches, epochs, shuffle })` does it, and may resolve to the milliseconds of its own clock.
 */
export function fitting(train) {
  let done = 0;
  let each = Number.POSITIVE_INFINITY;
  return async (steps) => {
    const isFirst = done < IN_ORDER;
    const from = isFirst ? done : 0;
    const batches = isFirst ? steps : Math.min(BATCHES, Math.max(steps, Math.floor(EPOCH_MS / each)));
    const epochs = Math.ceil(steps / batches);
    done += batches * epochs;
    const start = performance.now();
    const own = await train({ from, batches, epochs, shuffle: !isFirst });
    each = (own ?? performance.now() - start) / (batches * epochs);
    return each * steps;
  };
}
