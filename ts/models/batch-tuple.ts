/**
 * Batches from the caller's iterators, for local runs and for the main thread of a worker.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { isList, shown } from "../options.js";
import { pairAsTuple } from "./samples.js";

/** Checks the caller's batch: a tuple, or `{ xs, ys }` as in TensorFlow.js's datasets. @throws TypeError */
export function checkedTuple(owner: string, given: unknown): readonly unknown[] {
  const batch = pairAsTuple(given);
  if (isList(batch) && batch.length > 0 && batch.length < 4) return batch;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: the data must yield batches as [x, y], [x, y, sampleWeight] or { xs, ys }, got ${shown(batch)}.`,
  );
}
