/**
 * Results of `evaluate`, `trainOnBatch` and `testOnBatch`.
 *
 * @module
 */

import type { Logs } from "../callbacks/callback.js";
import type { RunTally } from "./tally.js";

/** The loss alone, a list, or names and values. */
export type Scores = number | readonly (number | readonly number[])[] | Logs;

/**
 * The loss, or a list of the loss and the metrics if `compile` has metrics. The compiler cannot tell which, so both
 * `const loss = await ...` and `const [loss, accuracy] = await ...` compile.
 */
export type LossAndMetrics = number &
  [
    loss: number,
    metric1: number,
    metric2: number,
    metric3: number,
    metric4: number,
    metric5: number,
    metric6: number,
    metric7: number,
    metric8: number,
    ...others: number[],
  ];

/** Losses and metrics in the requested form. */
export function scores(tally: RunTally, returnDict: boolean): Scores {
  if (returnDict) return tally.logs();
  const entries = tally.entries();
  return entries.length === 1 ? entries[0]![1] : entries.map(([, value]) => value);
}
