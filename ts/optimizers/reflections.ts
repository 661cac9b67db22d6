/**
 * Householder's reflections in double precision, and the Q of a QR decomposition made of them.
 *
 * Only sums, products, quotients and square roots, in one order: every engine computes the same bits. Vectors are contiguous.
 *
 * @module
 */

/**
 * The Q of the QR decomposition of a matrix, with signs as LAPACK has them, by Householder's reflections.
 *
 * @param columns - `count` columns of `length` numbers, one after the other; overwritten.
 * @returns `length` columns; those from `count` on complete the basis
 */
export function orthonormal(columns: Float64Array, length: number, count: number): Float64Array {
  const scales = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    scales[j] = reflector(columns, j * length + j, length - j);
    for (let k = j + 1; k < count; k++)
      reflect(columns, j * length + j, scales[j]!, columns, k * length + j, length - j);
  }
  return product(columns, scales, length, count, 0);
}

/** The product of reflectors, as columns: reflector j begins `shift` below the diagonal. */
export function product(
  reflectors: Float64Array,
  scales: Float64Array,
  length: number,
  count: number,
  shift: number,
): Float64Array {
  const q = new Float64Array(length * length);
  for (let k = 0; k < length; k++) q[k * length + k] = 1;
  for (let j = count - 1; j >= 0; j--) {
    const first = j + shift;
    for (let k = first; k < length; k++) {
      reflect(reflectors, j * length + first, scales[j]!, q, k * length + first, length - first);
    }
  }
  return q;
}

/**
 * Replaces a vector by the `v` whose reflection, `x - scale v (v x)`, maps it to its first axis. The first element of `v` is 1
 * and is not stored: in its place is the first element of the reflected vector.
 *
 * @returns the scale, 0 for no reflection
 */
export function reflector(x: Float64Array, at: number, length: number): number {
  const first = x[at]!;
  const rest = dot(x, at + 1, x, at + 1, length - 1);
  if (rest === 0) return 0;
  const size = Math.sqrt(first * first + rest);
  const end = first > 0 ? -size : size;
  for (let i = 1; i < length; i++) x[at + i]! /= first - end;
  x[at] = end;
  return (end - first) / end;
}

/** Reflects a vector. */
export function reflect(
  by: Float64Array,
  from: number,
  scale: number,
  x: Float64Array,
  at: number,
  length: number,
): void {
  if (scale === 0) return;
  const along = scale * (x[at]! + dot(by, from + 1, x, at + 1, length - 1));
  x[at]! -= along;
  addTo(x, at + 1, -along, by, from + 1, length - 1);
}

/** A sum of products, always in the same order. */
export function dot(a: Float64Array, i: number, b: Float64Array, j: number, length: number): number {
  // Four sums: one would wait for each addition.
  let [s, t, u, v] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s += a[i + k]! * b[j + k]!;
    t += a[i + k + 1]! * b[j + k + 1]!;
    u += a[i + k + 2]! * b[j + k + 2]!;
    v += a[i + k + 3]! * b[j + k + 3]!;
  }
  for (; k < length; k++) s += a[i + k]! * b[j + k]!;
  return s + t + (u + v);
}

/** `x <- x + by y`. */
export function addTo(x: Float64Array, i: number, by: number, y: Float64Array, j: number, length: number): void {
  for (let k = 0; k < length; k++) x[i + k]! += by * y[j + k]!;
}
