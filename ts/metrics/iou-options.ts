/**
 * Options of the metrics of intersection over union.
 *
 * @module
 */

import type { MetricOptions } from "./metric.js";

/** Options of `MeanIoU`. */
export interface MeanIoUOptions extends Omit<MetricOptions, "dtype"> {
  /** Number of classes. */
  readonly numClasses: number;
  /** Labels of this class do not count. Default: null. */
  readonly ignoreClass?: number | null | undefined;
  /** Labels are indices of classes, not one-hot. Default: true. */
  readonly sparseYTrue?: boolean | undefined;
  /** Predictions are indices of classes, not a score for each. Default: true. */
  readonly sparseYPred?: boolean | undefined;
  /** The axis of the classes, if they have one; only the last. Default: -1. */
  readonly axis?: -1 | undefined;
  /** Accepted because Keras's configs contain it; weights and counts are kept in double precision. Default: null. */
  readonly dtype?: string | null | undefined;
}

/** Options of `IoU`. */
export interface IoUOptions extends MeanIoUOptions {
  /** The classes over which the mean is computed. */
  readonly targetClassIds: readonly number[];
}

/** Options of `BinaryIoU`. */
export interface BinaryIoUOptions extends Omit<MetricOptions, "dtype"> {
  /** The classes over which the mean is computed. Default: [0, 1], both. */
  readonly targetClassIds?: readonly number[] | undefined;
  /** Predictions at or above it are class 1. Default: 0.5. */
  readonly threshold?: number | undefined;
  /** Accepted because Keras's configs contain it. Default: null. */
  readonly dtype?: string | null | undefined;
}
