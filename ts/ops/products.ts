/**
 * Products of matrices.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { boolean } from "../options.js";
import { wasm } from "../runtime/module.js";
import { matmulBatched } from "../runtime/products.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { broadcastShapes } from "./broadcast.js";
import { type FloatOperand, floatOperand, type TensorLike } from "./operand.js";
import { linear, total } from "./tangents.js";

/** Options of `ops.matmul`. */
export interface MatmulOptions {
  /** Whether to transpose the last two axes of the first factor; nothing is copied. Default: false. */
  readonly transposeA?: boolean | undefined;
  /** Whether to transpose the last two axes of the second factor; nothing is copied. Default: false. */
  readonly transposeB?: boolean | undefined;
}

/** Shape of a product. `batch` counts matrices. */
interface Product {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const MATMUL = { names: ["transposeA", "transposeB"], after: 2 };

/**
 * Multiplies two matrices, or two batches of them: the axes before the last two are broadcast, as in NumPy.
 *
 * @param a - A matrix, a batch of matrices, or a vector, which is used as a row.
 * @param b - A matrix, a batch of matrices, or a vector, which is used as a column.
 * @param given - {@link MatmulOptions}, by name or by position: `transposeA`, `transposeB`.
 * @returns Numbers of the shape rows of `a` x columns of `b`, with the batch axes of both; a vector's axis is removed.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.matmul](https://keras.io/api/ops/numpy/#matmul-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.matmul([[1, 2], [3, 4]], [[1, 0], [0, 2]]).array()); // Float32Array [1, 4, 3, 8]
 * ```
 */
export function matmul(
  a: TensorLike,
  b: TensorLike,
  ...given: [transposeA?: boolean | MatmulOptions | undefined, transposeB?: boolean | undefined]
): Tensor<"float32"> {
  const options = readOptions<MatmulOptions>("matmul", MATMUL, given);
  const exchangeA = boolean("matmul", "transposeA", options.transposeA ?? false);
  const exchangeB = boolean("matmul", "transposeB", options.transposeB ?? false);
  const x = floatOperand("matmul", a);
  const y = floatOperand("matmul", b);
  const transposeA = exchangeA && x.shape.length > 1;
  const transposeB = exchangeB && y.shape.length > 1;
  const [p, q] = [matrixShape(x, true), matrixShape(y, false)];
  const [m, k] = lastTwo(p, transposeA);
  const [k2, n] = lastTwo(q, transposeB);
  if (x.shape.length === 0 || y.shape.length === 0) {
    throw new ValueError("ERR_SHAPE", `matmul: expected inputs with axes, got ${text(x)} and ${text(y)}.`);
  }
  if (k !== k2) {
    throw new ValueError(
      "ERR_SHAPE",
      `matmul: cannot multiply ${text(x)}${transposeA ? " (transposed)" : ""} by ${text(y)}${transposeB ? " (transposed)" : ""}: the inner lengths differ.`,
    );
  }
  const batch = broadcastShapes("matmul", p.slice(0, -2), q.slice(0, -2));
  const shape = [...batch, ...(x.shape.length > 1 ? [m] : []), ...(y.shape.length > 1 ? [n] : [])];
  const out = allocate(shape);
  // A batch of matrices times one matrix is computed as one long matrix times that matrix.
  const isFolded = q.length === 2 && !transposeA;
  const [sizeP, sizeQ] = [sizeOf(p.slice(0, -2)), sizeOf(q.slice(0, -2))];
  const isEven = sizeP === sizeQ && sizeP === sizeOf(batch);
  if (isFolded) {
    const product = { batch: 1, m: sizeP * m, k, n, transposeA, transposeB };
    return recordProduct(x, y, out, [{ ...product, a: 0, b: 0, c: 0 }]);
  }
  const one = { m, k, n, transposeA, transposeB };
  if (isEven) return recordProduct(x, y, out, [{ ...one, batch: sizeP, a: 0, b: 0, c: 0 }]);
  const [rowsA, rowsB] = [batchOffsets(p, batch), batchOffsets(q, batch)];
  const parts = rowsA.map((at, i) => ({
    ...one,
    batch: 1,
    a: at * m * k,
    b: rowsB[i]! * k * n,
    c: i * m * n,
  }));
  return recordProduct(x, y, out, parts);
}

/** A product of parts of the operands, by their offsets. */
interface Part extends Product {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

function recordProduct(
  x: FloatOperand,
  y: FloatOperand,
  out: Tensor<"float32">,
  parts: readonly Part[],
): Tensor<"float32"> {
  for (const part of parts) multiply(x.address + part.a * 4, y.address + part.b * 4, part, 0, out.address + part.c * 4);
  const isSplit = parts.length > 1;
  const backward: Backward = (dy, into) => {
    into.accumulate(0, (address, beta) => {
      const start = firstBeta(isSplit, address, x.size, beta);
      for (const part of parts) gradientOfA(y, dy, part, start, address + part.a * 4);
    });
    into.accumulate(1, (address, beta) => {
      const start = firstBeta(isSplit, address, y.size, beta);
      for (const part of parts) gradientOfB(x, dy, part, start, address + part.b * 4);
    });
  };
  const { transposeA, transposeB } = parts[0] ?? {};
  const product = (a: FloatOperand, b: FloatOperand) => matmul(a, b, { transposeA, transposeB });
  return record("matmul", [x, y], out, backward, ([s, t]) => {
    const [left, right] = [linear(s, (s) => product(s, y)), linear(t, (t) => product(x, t))];
    return total(out.shape, left, right);
  });
}

/** A broadcast factor gets its gradient from several parts, which are all added to zeros. */
function firstBeta(isSplit: boolean, address: number, size: number, beta: 0 | 1): 0 | 1 {
  if (!isSplit || beta === 1) return beta;
  wasm().fill_values(address, size, 0);
  return 1;
}

/** `dA = dC B^T`, or `B dC^T` where A was transposed. */
function gradientOfA(y: FloatOperand, dy: Tensor, part: Part, beta: 0 | 1, out: number): void {
  const { batch, m, k, n, transposeA, transposeB } = part;
  const [b, c] = [y.address + part.b * 4, dy.address + part.c * 4];
  if (transposeA) multiply(b, c, { batch, m: k, k: n, n: m, transposeA: transposeB, transposeB: true }, beta, out);
  else multiply(c, b, { batch, m, k: n, n: k, transposeA: false, transposeB: !transposeB }, beta, out);
}

/** `dB = A^T dC`, or `dC^T A` where B was transposed. */
function gradientOfB(x: FloatOperand, dy: Tensor, part: Part, beta: 0 | 1, out: number): void {
  const { batch, m, k, n, transposeA, transposeB } = part;
  const [a, c] = [x.address + part.a * 4, dy.address + part.c * 4];
  if (transposeB) multiply(c, a, { batch, m: n, k: m, n: k, transposeA: true, transposeB: transposeA }, beta, out);
  else multiply(a, c, { batch, m: k, k: m, n, transposeA: !transposeA, transposeB: false }, beta, out);
}

function multiply(a: number, b: number, product: Product, beta: 0 | 1, out: number): void {
  const { batch, m, k, n, transposeA, transposeB } = product;
  matmulBatched(a, b, batch, m, k, n, transposeA, transposeB, beta, out);
}

function matrixShape({ shape }: FloatOperand, isFirst: boolean): readonly number[] {
  if (shape.length !== 1) return shape;
  return isFirst ? [1, shape[0]!] : [shape[0]!, 1];
}

function lastTwo(shape: readonly number[], transposed: boolean): [number, number] {
  const [rows, cols] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  return transposed ? [cols, rows] : [rows, cols];
}

/** Index of the operand's matrix that each matrix of the result uses. */
function batchOffsets(shape: readonly number[], batch: readonly number[]): number[] {
  const own = shape.slice(0, -2);
  const strides: number[] = new Array(batch.length).fill(0);
  let stride = 1;
  for (let axis = own.length - 1; axis >= 0; axis--) {
    if (own[axis]! > 1) strides[axis + batch.length - own.length] = stride;
    stride *= own[axis]!;
  }
  return Array.from({ length: sizeOf(batch) }, (_, index) => {
    let [rest, at] = [index, 0];
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const length = batch[axis]!;
      at += (rest % length) * strides[axis]!;
      rest = Math.floor(rest / length);
    }
    return at;
  });
}

function text({ shape }: FloatOperand): string {
  return shape.length === 0 ? "a single number" : shape.join(" x ");
}
