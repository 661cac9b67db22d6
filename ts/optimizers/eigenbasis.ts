/**
 * Eigenvectors of small matrices in double precision.
 *
 * Only sums, products, quotients and square roots, in one order: every engine computes the same bits. Vectors are contiguous.
 *
 * @module
 */

import { addTo, dot, orthonormal, product, reflector } from "./reflections.js";

/** Eigenvalues below this share of the largest are zero: their eigenvectors are rounding. */
const LEAST = 1e-10;
const EPSILON = 2 ** -52;
/** Rotations of one eigenvalue at most; 2 or 3 are usual, and only NaN needs more. */
const MOST_TURNS = 60;

/**
 * The orthogonal matrix of the left singular vectors of a matrix, those of larger values first.
 *
 * Where the matrix has too few, Householder's reflections complete them.
 *
 * @param x - `rows` x `cols` numbers, row by row.
 * @returns `rows` vectors, one after the other
 */
export function singularVectors(x: Float64Array, rows: number, cols: number): Float64Array {
  const isWide = cols >= rows;
  const side = isWide ? rows : cols;
  const gram = new Float64Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i && isWide; j++) gram[i * side + j] = dot(x, i * cols, x, j * cols, cols);
  }
  for (let row = 0; row < rows && !isWide; row++) {
    for (let i = 0; i < side; i++) addTo(gram, i * side, x[row * cols + i]!, x, row * cols, i + 1);
  }
  for (let i = 0; i < side; i++) for (let j = 0; j < i; j++) gram[j * side + i] = gram[i * side + j]!;
  const { values, vectors } = eigenvectors(gram, side);
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[j]! - values[i]!);
  const found = order.filter((i) => values[i]! > LEAST * values[order[0]!]!);
  const kept = new Float64Array(rows * found.length);
  found.forEach((from, to) => {
    for (let row = 0; row < rows; row++) {
      kept[to * rows + row] = isWide ? vectors[from * side + row]! : dot(x, row * cols, vectors, from * side, cols);
    }
  });
  return orthonormal(kept, rows, found.length);
}

/** Eigenvalues of a symmetric matrix, in no order, and their vectors; the matrix is overwritten. */
function eigenvectors(a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const scales = new Float64Array(n);
  const [values, beside] = [new Float64Array(n), new Float64Array(n)];
  const [p, v] = [new Float64Array(n), new Float64Array(n)];
  // To three diagonals: row j keeps its reflector, right of the diagonal.
  for (let j = 0; j + 2 < n; j++) {
    const [from, rest] = [j + 1, n - j - 1];
    const scale = reflector(a, j * n + from, rest);
    scales[j] = scale;
    if (scale === 0) continue;
    v.set(a.subarray(j * n + from, (j + 1) * n));
    v[0] = 1;
    for (let i = 0; i < rest; i++) p[i] = scale * dot(a, (from + i) * n + from, v, 0, rest);
    addTo(p, 0, (-scale / 2) * dot(p, 0, v, 0, rest), v, 0, rest);
    for (let i = 0; i < rest; i++) {
      addTo(a, (from + i) * n + from, -v[i]!, p, 0, rest);
      addTo(a, (from + i) * n + from, -p[i]!, v, 0, rest);
    }
  }
  for (let j = 0; j < n; j++) {
    values[j] = a[j * n + j]!;
    beside[j] = j + 1 < n ? a[j * n + j + 1]! : 0;
  }
  const vectors = product(a, scales, n, Math.max(0, n - 2), 1);
  for (let l = 0; l < n; l++) diagonalize(values, beside, vectors, n, l);
  return { values, vectors };
}

/** Implicit QL steps with Wilkinson's shift, until the number beside diagonal element `l` is zero. */
function diagonalize(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number, l: number): void {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    let m = l;
    while (m + 1 < n && Math.abs(e[m]!) > EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m++;
    if (m === l) return;
    const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
    const root = Math.sqrt(half * half + 1);
    let g = d[m]! - d[l]! + e[l]! / (half + (half < 0 ? -root : root));
    let [sin, cos, p] = [1, 1, 0];
    let i = m - 1;
    for (; i >= l; i--) {
      const f = sin * e[i]!;
      const b = cos * e[i]!;
      const size = Math.sqrt(f * f + g * g);
      e[i + 1] = size;
      if (size === 0) break;
      sin = f / size;
      cos = g / size;
      g = d[i + 1]! - p;
      const next = (d[i]! - g) * sin + 2 * cos * b;
      p = sin * next;
      d[i + 1] = g + p;
      g = cos * next - b;
      rotate(vectors, i * n, (i + 1) * n, n, cos, sin);
    }
    e[m] = 0;
    if (i >= l) {
      d[i + 1]! -= p;
      continue;
    }
    d[l]! -= p;
    e[l] = g;
  }
}

/** Without destructuring, which takes several times as long. */
function rotate(x: Float64Array, low: number, high: number, length: number, cos: number, sin: number): void {
  for (let i = 0; i < length; i++) {
    const a = x[low + i]!;
    const b = x[high + i]!;
    x[high + i] = sin * a + cos * b;
    x[low + i] = cos * a - sin * b;
  }
}
