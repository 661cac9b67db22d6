/**
 * Shampoo's preconditioner of one axis of a variable, in its eigenbasis: a part of SOAP's state, and its products.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { areFinite, saturated } from "../runtime/float32.js";
import { matmulBatched } from "../runtime/products.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { BLOCKED_FROM, blockedOrthonormal } from "./blocked-reflections.js";
import { singularVectors } from "./eigenbasis.js";
import { orthonormal } from "./reflections.js";

const SMALLER = 2 ** -80;

/**
 * A result of finite numbers, which is computed from smaller ones and enlarged again where a sum of products overflows.
 *
 * @param degree - 2 for a result with the square of their unit.
 */
export function enlarged(
  x: Tensor<"float32">,
  degree: 1 | 2,
  compute: (x: Tensor<"float32">) => Tensor<"float32">,
): Tensor<"float32"> {
  const out = compute(x);
  if (areFinite(out.numbers) || !areFinite(x.numbers)) return out;
  const small = allocate(x.shape);
  const [from, to] = [x.numbers, small.numbers];
  for (let i = 0; i < to.length; i++) to[i] = from[i]! * SMALLER;
  const made = compute(small);
  const [again, larger] = [made.numbers, degree === 1 ? 1 / SMALLER : 1 / SMALLER / SMALLER];
  for (let i = 0; i < again.length; i++) again[i] = saturated(again[i]! * larger);
  return made;
}

/** An axis of the numbers of a variable, row by row: `before` x `length` x `after`. */
export interface Axis {
  readonly before: number;
  readonly length: number;
  readonly after: number;
}

/** The mean of the products of gradients along an axis, and its eigenvectors as columns. */
export class Preconditioner {
  readonly #axis: Axis;
  readonly #mean: Variable;
  readonly #basis: Variable;

  constructor(axis: Axis, mean: Variable, basis: Variable) {
    this.#axis = axis;
    this.#mean = mean;
    this.#basis = basis;
  }

  /** Whether it has seen a gradient: an orthogonal matrix has no row of zeros. */
  get hasBegun(): boolean {
    return this.#basis.value.subarray(0, this.#axis.length).some((x) => x !== 0);
  }

  /** Takes the products of a gradient into the mean. */
  update(gradient: Tensor<"float32">, share: number): void {
    const products = enlarged(gradient, 2, (g) => this.#products(g));
    const [mean, next] = [this.#mean.value, products.numbers];
    for (let i = 0; i < mean.length; i++) mean[i]! += share * (next[i]! - mean[i]!);
  }

  #products(gradient: Tensor<"float32">): Tensor<"float32"> {
    const { before, length, after } = this.#axis;
    const products = allocate([length, length]);
    const [g, out] = [gradient.address, products.address];
    if (after === 1) matmulBatched(g, g, 1, length, before, length, true, false, 0, out);
    else {
      for (let i = 0; i < before; i++) {
        const at = g + i * length * after * 4;
        matmulBatched(at, at, 1, length, after, length, false, true, i === 0 ? 0 : 1, out);
      }
    }
    return products;
  }

  /** Makes the basis that of a first gradient alone. */
  begin(gradient: Tensor<"float32">): void {
    const { before, length, after } = this.#axis;
    const [numbers, width] = [gradient.numbers, before * after];
    const rows = new Float64Array(length * width);
    for (let i = 0; i < rows.length; i++) {
      const row = Math.floor(i / after) % length;
      rows[row * width + Math.floor(i / (length * after)) * after + (i % after)] = numbers[i]!;
    }
    this.#write(singularVectors(rows, length, width));
  }

  /**
   * Follows the mean by one power iteration: the Q of mean times basis, its columns sorted by the eigenvalues that the old ones
   * estimate, largest first.
   *
   * @param velocity - The second moment in this basis, whose numbers move with the columns.
   */
  turn(velocity: Variable): void {
    const { length } = this.#axis;
    const mean = allocate([length, length]);
    mean.numbers.set(this.#mean.value);
    const moved = enlarged(mean, 1, (from) => {
      const out = allocate([length, length]);
      matmulBatched(from.address, this.#basis.address, 1, length, length, length, false, false, 0, out.address);
      return out;
    });
    // Before views of memory, which ends them when it grows.
    const sorted = length < BLOCKED_FROM ? undefined : allocate([length, length]);
    const [basis, products] = [this.#basis.value, moved.numbers];
    const values = new Float64Array(length);
    for (let i = 0; i < basis.length; i++) values[i % length]! += basis[i]! * products[i]!;
    const order = Array.from(values, (_, i) => i).sort((i, j) => values[j]! - values[i]!);
    if (sorted === undefined) {
      const columns = new Float64Array(length * length);
      putColumns(products, order, columns);
      this.#write(orthonormal(columns, length, length));
    } else {
      putColumns(products, order, sorted.numbers);
      this.#write(blockedOrthonormal(sorted, length).numbers);
    }
    if (order.some((from, to) => from !== to)) this.#sort(velocity.value, order);
  }

  /** The gradient, or its like, with this axis in the eigenbasis; or from there. */
  project(x: Tensor<"float32">, isBack: boolean): Tensor<"float32"> {
    const { before, length, after } = this.#axis;
    const out = allocate(x.shape);
    const basis = this.#basis.address;
    if (after === 1) matmulBatched(x.address, basis, 1, before, length, length, false, isBack, 0, out.address);
    else {
      for (let i = 0; i < before; i++) {
        const at = i * length * after * 4;
        matmulBatched(basis, x.address + at, 1, length, length, after, !isBack, false, 0, out.address + at);
      }
    }
    return out;
  }

  #write(columns: Float32Array | Float64Array): void {
    const { length } = this.#axis;
    const basis = this.#basis.value;
    for (let i = 0; i < basis.length; i++) basis[i] = columns[(i % length) * length + Math.floor(i / length)]!;
  }

  #sort(numbers: Float32Array, order: readonly number[]): void {
    const { before, length, after } = this.#axis;
    const old = numbers.slice();
    for (let i = 0; i < before; i++) {
      order.forEach((from, to) => {
        const [source, target] = [(i * length + from) * after, (i * length + to) * after];
        numbers.set(old.subarray(source, source + after), target);
      });
    }
  }
}

/** Writes the columns of a square matrix in this order, one after the other. */
function putColumns(matrix: Float32Array, order: readonly number[], columns: Float32Array | Float64Array): void {
  const { length } = order;
  order.forEach((from, to) => {
    for (let row = 0; row < length; row++) columns[to * length + row] = matrix[row * length + from]!;
  });
}
