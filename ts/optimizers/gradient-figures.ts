/**
 * Norms and counts of gradients and weights, in double precision.
 *
 * Four interleaved sums avoid waiting for the previous addition; their order is fixed. Destructuring in a loop would
 * take ten times as long as the sums.
 *
 * @module
 */

import type { Shape } from "../shape.js";

/** The least weight norm that `adaptiveClip` uses. */
const LEAST_WEIGHTS = 1e-3;

/** The sum of the squares. */
export function squares(x: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = x.length - (x.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += x[i]! * x[i]!;
    b += x[i + 1]! * x[i + 1]!;
    c += x[i + 2]! * x[i + 2]!;
    d += x[i + 3]! * x[i + 3]!;
  }
  for (let i = whole; i < x.length; i++) a += x[i]! * x[i]!;
  return a + b + (c + d);
}

/** Sums of the squares of the differences, and of the previous values. */
export interface Changes {
  readonly change: number;
  readonly weights: number;
}

/** The sums of numbers outside of WebAssembly memory. */
export function changes(now: Float32Array, before: Float32Array): Changes {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const { length } = before;
  for (let i = 1; i < length; i += 2) {
    const p = before[i - 1]!;
    const q = before[i]!;
    const r = now[i - 1]! - p;
    const s = now[i]! - q;
    a += p * p;
    b += q * q;
    c += r * r;
    d += s * s;
  }
  if (length % 2 === 1) {
    const p = before[length - 1]!;
    const r = now[length - 1]! - p;
    a += p * p;
    c += r * r;
  }
  return { change: c + d, weights: a + b };
}

/** The number of values that are NaN or infinite. */
export function nonfinite(x: Float32Array): number {
  let count = 0;
  for (const value of x) if (!Number.isFinite(value)) count++;
  return count;
}

/** The number of values whose magnitude exceeds the limit. */
export function beyond(x: Float32Array, limit: number): number {
  let count = 0;
  for (const value of x) if (Math.abs(value) > limit) count++;
  return count;
}

/**
 * The number of values of outputs that `adaptiveClip` limits: outputs whose gradient norm exceeds `limit` times the
 * norm of their weights. A variable with one axis longer than 1 is one output.
 */
export function beyondWeights(
  x: Float32Array,
  scale: number,
  weights: Float32Array,
  shape: Shape,
  limit: number,
): number {
  const last = shape.at(-1) ?? 1;
  const columns = shape.length < 2 || last === x.length ? 1 : last;
  const rows = x.length / columns;
  let count = 0;
  for (let column = 0; column < columns; column++) {
    let [ofGradient, ofWeights] = [0, 0];
    for (let i = column; i < x.length; i += columns) {
      ofGradient += x[i]! * x[i]!;
      ofWeights += weights[i]! * weights[i]!;
    }
    if (Math.sqrt(ofGradient) / scale > limit * Math.max(Math.sqrt(ofWeights), LEAST_WEIGHTS)) count += rows;
  }
  return count;
}
