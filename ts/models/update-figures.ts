/**
 * Means of update statistics for the logs of a run.
 *
 * @module
 */

import { toKeras } from "../keras-names.js";
import type { OptimizerStats } from "../optimizers/optimizer-stats.js";

/** Statistics of an epoch or a batch. */
export class UpdateFigures {
  #updates = 0;
  #skips = 0;
  #sums: Readonly<Record<string, number>> = {};
  #nonfinite = 0;

  /** Adds the statistics of an update or a skipped step. */
  add(stats: OptimizerStats): void {
    this.#nonfinite += stats.nonfiniteShare;
    // A skipped step changes nothing, and its norm is often NaN, which would hide all others.
    if (stats.nonfiniteShare > 0 && stats.updateNorm === 0) {
      this.#skips++;
      return;
    }
    this.#updates++;
    this.#sums = Object.fromEntries(
      Object.entries(stats).map(([name, value]: [string, number]) => [name, (this.#sums[name] ?? 0) + value]),
    );
  }

  /** Names and values; empty before the first update. In an epoch whose steps were all skipped they are NaN. */
  entries(): [string, number][] {
    const steps = this.#updates + this.#skips;
    if (steps === 0) return [];
    return NAMES.map((name) => [
      toKeras(name),
      name === "nonfiniteShare" ? this.#nonfinite / steps : (this.#sums[name] ?? 0) / this.#updates,
    ]);
  }
}

const NAMES: readonly (keyof OptimizerStats)[] = [
  "clippedShare",
  "effectiveRate",
  "gradientNorm",
  "nonfiniteShare",
  "updateNorm",
  "updateRatio",
];
