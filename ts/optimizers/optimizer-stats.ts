/**
 * Figures of an update, which `withStats` measures.
 *
 * @module
 */

/**
 * Figures of one update of an optimizer, over all its variables. Sums are in double precision and in a fixed order, so they are the
 * same on every machine.
 */
export interface OptimizerStats {
  /**
   * Euclidean norm of the gradients, before they are clipped: divided by the loss scale, the mean of what was accumulated, and the sum
   * over replicas.
   */
  readonly gradientNorm: number;
  /** Euclidean norm of the change of the weights, with weight decay and constraints. 0 for a step that was skipped. */
  readonly updateNorm: number;
  /** {@link OptimizerStats.updateNorm} divided by the norm of the weights before the update. Healthy runs have about 1e-3. */
  readonly updateRatio: number;
  /**
   * Share of the gradients' values that were clipped, from 0 to 1: all values of a variable whose norm exceeds `clipnorm`, all where
   * the norm exceeds `globalClipnorm`, those beyond `clipvalue`, and all of an output that `adaptiveClip` limits.
   */
  readonly clippedShare: number;
  /** Share of the gradients' values that are NaN or infinite, from 0 to 1. */
  readonly nonfiniteShare: number;
  /**
   * {@link OptimizerStats.updateNorm} divided by {@link OptimizerStats.gradientNorm}: the learning rate with which plain SGD would make
   * an update of this size. 0 for a step that was skipped.
   */
  readonly effectiveRate: number;
}
