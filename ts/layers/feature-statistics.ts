/**
 * Mean and variance of each feature, for Normalization.
 *
 * @module
 */

/** Numbers and their shape. */
export interface Batch {
  readonly flat: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Running mean and variance of each position along some axes, in float64, over several batches. */
export class FeatureStatistics {
  /** The axes that are kept, counted from the end: -1 is the last. */
  readonly axes: readonly number[];
  readonly mean: Float64Array;
  /** Sums of squared deviations from the mean. */
  readonly #squares: Float64Array;
  #count = 0;

  /**
   * Starts without numbers.
   *
   * @param axes - The axes that are kept, ascending, counted from the end; `lengths` are their lengths.
   */
  constructor(axes: readonly number[], lengths: readonly number[]) {
    this.axes = axes;
    const size = lengths.reduce((product, length) => product * length, 1);
    this.mean = new Float64Array(size);
    this.#squares = new Float64Array(size);
  }

  /** Number of values of each feature so far. */
  get count(): number {
    return this.#count;
  }

  /** The variance of all numbers so far, not corrected for their count. */
  get variance(): Float64Array {
    return this.#squares.map((sum) => sum / this.#count);
  }

  /**
   * Adds a batch: two passes over it, then its mean and squares are combined with the previous ones (Chan et al. 1979).
   */
  add({ flat, shape }: Batch): void {
    if (flat.length === 0) return;
    const size = this.mean.length;
    const count = flat.length / size;
    const sums = new Float64Array(size);
    this.#eachRun(shape, (start, end, place, step) => {
      for (let i = start, k = place; i < end; i++, k += step) sums[k]! += flat[i]!;
    });
    const mean = sums.map((sum) => sum / count);
    const squares = new Float64Array(size);
    this.#eachRun(shape, (start, end, place, step) => {
      for (let i = start, k = place; i < end; i++, k += step) {
        const deviation = flat[i]! - mean[k]!;
        squares[k]! += deviation * deviation;
      }
    });
    const total = this.#count + count;
    for (let k = 0; k < size; k++) {
      const shift = mean[k]! - this.mean[k]!;
      this.mean[k]! += (shift * count) / total;
      this.#squares[k]! += squares[k]! + (shift * shift * this.#count * count) / total;
    }
    this.#count = total;
  }

  /** Calls `work` for each run along the last axis, with its start, its end, and its positions among the features. */
  #eachRun(shape: readonly number[], work: (start: number, end: number, place: number, step: number) => void): void {
    const strides = shape.map(() => 0);
    let stride = 1;
    for (const axis of [...this.axes].reverse()) {
      strides[shape.length + axis] = stride;
      stride *= shape.at(axis)!;
    }
    const last = shape.length - 1;
    const visit = (axis: number, start: number, length: number, place: number) => {
      if (axis === last) {
        work(start, start + length, place, strides[last]!);
        return;
      }
      const inner = length / shape[axis]!;
      for (let i = 0; i < shape[axis]!; i++) visit(axis + 1, start + i * inner, inner, place + i * strides[axis]!);
    };
    visit(
      0,
      0,
      shape.reduce((product, length) => product * length, 1),
      0,
    );
  }
}
