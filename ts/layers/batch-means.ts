/**
 * Means of the measurements of layers over batches, instead of moving averages.
 *
 * @module
 */

import type { Variable } from "../variable.js";

/** Sums of measurements, by the variable that has their moving average. */
export class BatchMeans {
  readonly #sums = new Map<Variable, { readonly sum: Float64Array; count: number }>();

  /** Number of variables that were measured. */
  get size(): number {
    return this.#sums.size;
  }

  /** Adds one measurement. All have equal weight. */
  add(moving: Variable, values: Float32Array): void {
    const known = this.#sums.get(moving) ?? { sum: new Float64Array(values.length), count: 0 };
    this.#sums.set(moving, known);
    known.count++;
    for (let i = 0; i < values.length; i++) known.sum[i] = known.sum[i]! + values[i]!;
  }

  /** Sets the variables to the means. */
  write(): void {
    for (const [moving, { sum, count }] of this.#sums) {
      if (moving.disposed) continue;
      const { numbers } = moving;
      for (let i = 0; i < numbers.length; i++) numbers[i] = sum[i]! / count;
    }
  }
}

let gathered: BatchMeans | undefined;

/** The means that are being collected, if any: layers add to them, and do not change their moving averages. */
export function gatheredMeans(): BatchMeans | undefined {
  return gathered;
}

/** Runs `work`, in which layers add to `means`. */
export function gathering(means: BatchMeans, work: () => void): void {
  const outer = gathered;
  gathered = means;
  try {
    work();
  } finally {
    gathered = outer;
  }
}
