/**
 * Statistics of an update, measured by `withStats`.
 *
 * @module
 */

/**
 * Statistics of one update of an optimizer, over all its variables. Sums are in double precision and in a fixed order,
 * so they are the
 * same on every machine.
 */
export interface OptimizerStats {
  /**
   * Global Euclidean norm of the gradients before clipping, after division by the loss scale, averaging of accumulated
   * gradients, and summation over replicas.
   */
  readonly gradientNorm: number;
  /** Euclidean norm of the change of the weights, with weight decay and constraints. 0 for a step that was skipped. */
  readonly updateNorm: number;
  /** {@link OptimizerStats.updateNorm} divided by the norm of the weights before the update. Healthy runs have about 1e-3. */
  readonly updateRatio: number;
  /**
   * Fraction of the gradients' values that were clipped, from 0 to 1: all values of a variable whose norm exceeds
   * `clipnorm`, all values if the norm exceeds `globalClipnorm`, values beyond `clipvalue`, and all values of an output
   * that `adaptiveClip` limits.
   */
  readonly clippedShare: number;
  /** Fraction of the gradients' values that are NaN or infinite, from 0 to 1. */
  readonly nonfiniteShare: number;
  /**
   * {@link OptimizerStats.updateNorm} divided by {@link OptimizerStats.gradientNorm}: the learning rate at which plain
   * SGD would make an update of this size. 0 for a step that was skipped.
   */
  readonly effectiveRate: number;
}
