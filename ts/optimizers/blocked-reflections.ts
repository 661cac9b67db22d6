/**
 * The Q of the QR decomposition of a large matrix: Householder's reflections in blocks, applied by products of matrices.
 *
 * A block of reflections is computed in double precision, and applied to the other columns in float32, as `1 - V T V'`
 * (Schreiber and Van Loan 1989). Reflections are orthogonal whatever the matrix is, so no column needs a second pass.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { matmulBatched } from "../runtime/products.js";
import type { Tensor } from "../tensor.js";
import { addTo, dot, reflect, reflector } from "./reflections.js";

/** Reflections of a block: with more, the part in TypeScript grows; with fewer, products become thin. */
const BLOCK = 16;
/** Above this length blocks are quicker than columns. */
export const BLOCKED_FROM = 65;

/**
 * The Q of the QR decomposition of a square matrix, with signs as LAPACK has them.
 *
 * @param columns - Row j is column j of the matrix; overwritten.
 * @returns row j is column j of Q
 * @throws OutOfMemoryError
 * @see [Schreiber and Van Loan 1989](https://doi.org/10.1137/0910005)
 */
export function blockedOrthonormal(columns: Tensor<"float32">, length: number): Tensor<"float32"> {
  const vectors = allocate([length, length]);
  const triangles = allocate([length, BLOCK]);
  const room = allocate([2, length, BLOCK]);
  const apply = (to: Tensor<"float32">, from: number, first: number, isTransposed: boolean) => {
    const [width, count] = [Math.min(BLOCK, length - first), length - from];
    if (count === 0) return;
    const rows = to.address + from * length * 4;
    const v = vectors.address + first * length * 4;
    const [along, scaled] = [room.address, room.address + length * BLOCK * 4];
    matmulBatched(rows, v, 1, count, length, width, false, true, 0, along);
    const t = triangles.address + first * BLOCK * 4;
    matmulBatched(along, t, 1, count, width, width, false, isTransposed, 0, scaled);
    matmulBatched(scaled, v, 1, count, width, length, false, false, 1, rows);
  };
  normalize(columns.numbers, length);
  for (let first = 0; first < length; first += BLOCK) {
    const width = Math.min(BLOCK, length - first);
    factor(columns.numbers, vectors.numbers, triangles.numbers, length, first, width);
    apply(columns, first + width, first, false);
  }
  const q = columns;
  q.numbers.fill(0);
  for (let j = 0; j < length; j++) q.numbers[j * length + j] = 1;
  const last = length - 1 - ((length - 1) % BLOCK);
  for (let first = last; first >= 0; first -= BLOCK) apply(q, first, first, true);
  return q;
}

/** Divides each column by its largest number: Q stays, and no sum of squares overflows in float32. */
function normalize(columns: Float32Array, length: number): void {
  for (let at = 0; at < columns.length; at += length) {
    let most = 0;
    for (let i = at; i < at + length; i++) most = Math.max(most, Math.abs(columns[i]!));
    if (most > 0) for (let i = at; i < at + length; i++) columns[i]! /= most;
  }
}

/** Computes the reflections of a block of columns: its V, row by row from the first axis on, and its -T. */
function factor(
  columns: Float32Array,
  vectors: Float32Array,
  triangles: Float32Array,
  length: number,
  first: number,
  width: number,
): void {
  const rest = length - first;
  const block = new Float64Array(width * rest);
  for (let j = 0; j < width; j++) {
    const at = (first + j) * length;
    block.set(columns.subarray(at + first, at + length), j * rest);
  }
  const triangle = new Float64Array(width * width);
  const beside = new Float64Array(width);
  for (let j = 0; j < width; j++) {
    const at = j * rest + j;
    const scale = reflector(block, at, rest - j);
    for (let k = j + 1; k < width; k++) reflect(block, at, scale, block, k * rest + j, rest - j);
    block.fill(0, j * rest, at);
    block[at] = 1;
    for (let k = 0; k < j; k++) beside[k] = dot(block, k * rest + j, block, at, rest - j);
    const row = j * width;
    // Rows of the transposed T: row j is -scale T V' v.
    for (let k = 0; k < j; k++) addTo(triangle, row, -scale * beside[k]!, triangle, k * width, k + 1);
    triangle[row + j] = scale;
  }
  for (let j = 0; j < width; j++) {
    const at = (first + j) * length;
    vectors.fill(0, at, at + first);
    vectors.set(block.subarray(j * rest, (j + 1) * rest), at + first);
    for (let k = 0; k < width; k++) triangles[first * BLOCK + k * width + j] = -triangle[j * width + k]!;
  }
}
