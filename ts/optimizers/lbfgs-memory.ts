/**
 * Memory of LBFGS: the last steps, and the changes of the gradient over them, from which it estimates the curvature.
 *
 * Vectors are flat, over all variables. Vectors are replaced, never changed, so copying the lists suffices.
 *
 * @module
 */

import type { Float32s } from "../platform-types.js";
import type { Variable } from "../variable.js";
import { type OptimizerVariable, scalarVariable, slotPath } from "./state.js";

/** A smaller product of a step and its gradient change says nothing about the curvature. */
const LEAST_CURVATURE = 1e-10;

/** State of LBFGS for its variables. */
export class LBFGSMemory {
  /** Iterations so far. */
  iterations = 0;
  /** Pairs so far; the last `historySize` of them are kept. */
  pairs = 0;
  /** Gradient at the start of the last iteration. */
  gradient: Float32Array;
  /** Step of the last iteration. */
  step: Float32Array;
  /** Number of weights. */
  readonly size: number;
  readonly #historySize: number;
  /** A pair is at the index of its number modulo `historySize`. */
  #changes: (Float32Array | undefined)[] = [];
  #steps: (Float32Array | undefined)[] = [];

  constructor(size: number, historySize: number) {
    this.size = size;
    this.#historySize = historySize;
    this.gradient = new Float32Array(size);
    this.step = new Float32Array(size);
  }

  /** A copy, which shares the vectors. */
  copy(): LBFGSMemory {
    const copy = new LBFGSMemory(0, this.#historySize);
    Object.assign(copy, this);
    copy.#changes = [...this.#changes];
    copy.#steps = [...this.#steps];
    return copy;
  }

  /** The direction for the next iteration, from the gradient at its start. */
  direction(gradient: Float32Array): Float64Array {
    const negative = Float64Array.from(gradient, (value) => -value);
    this.iterations++;
    if (this.iterations > 1) this.#remember(gradient);
    this.gradient = gradient;
    const count = Math.min(this.pairs, this.#historySize);
    if (count === 0) return negative;
    return this.#scaled(negative, count);
  }

  #remember(gradient: Float32Array): void {
    const { step } = this;
    const change = gradient.map((value, i) => value - this.gradient[i]!);
    if (dot(change, step) <= LEAST_CURVATURE) return;
    const place = this.pairs++ % this.#historySize;
    this.#changes[place] = change;
    this.#steps[place] = step;
  }

  /** The two-loop recursion: the negative gradient times the inverse of the estimated curvature. */
  #scaled(direction: Float64Array, count: number): Float64Array {
    const products: { readonly share: number; readonly curvature: number }[] = [];
    for (let back = 1; back <= count; back++) {
      const [change, step] = this.#pair(back);
      const curvature = dot(change, step);
      const share = dot(step, direction) / curvature;
      add(direction, change, -share);
      products.push({ share, curvature });
    }
    const [latest] = this.#pair(1);
    const scale = products[0]!.curvature / dot(latest, latest);
    for (let i = 0; i < direction.length; i++) direction[i] = direction[i]! * scale;
    for (let back = count; back >= 1; back--) {
      const [change, step] = this.#pair(back);
      const { share, curvature } = products[back - 1]!;
      add(direction, step, share - dot(change, direction) / curvature);
    }
    return direction;
  }

  /** The pair of so many iterations ago. */
  #pair(back: number): readonly [change: Float32Array, step: Float32Array] {
    const place = (this.pairs - back) % this.#historySize;
    return [this.#changes[place] ?? this.#none(), this.#steps[place] ?? this.#none()];
  }

  #none(): Float32Array {
    return new Float32Array(this.size);
  }

  /** As state: two counters, then by variables. */
  state(owner: { readonly name: string; readonly scope: string }, variables: readonly Variable[]): OptimizerVariable[] {
    const counter = (name: string, key: "iterations" | "pairs") =>
      scalarVariable(
        `${owner.name}/${name}`,
        "int32",
        () => this[key],
        (value) => {
          this[key] = value;
        },
      );
    let offset = 0;
    const slots = variables.flatMap((variable) => {
      const start = offset;
      offset += variable.size;
      return this.#slots(owner, variable, start);
    });
    return [counter("n_iter", "iterations"), counter("n_pairs", "pairs"), ...slots];
  }

  #slots(
    owner: { readonly name: string; readonly scope: string },
    variable: Variable,
    start: number,
  ): OptimizerVariable[] {
    const { shape, size } = variable;
    const one = (slot: string, key: "gradient" | "step"): OptimizerVariable =>
      arrayVariable(
        slotPath(owner, variable, slot),
        shape,
        () => this[key].slice(start, start + size),
        (values) => {
          this[key] = replaced(this[key], values, start);
        },
      );
    const many = (slot: string, lists: () => (Float32Array | undefined)[]): OptimizerVariable =>
      arrayVariable(
        slotPath(owner, variable, slot),
        [this.#historySize, ...shape],
        () => {
          const all = new Float32Array(this.#historySize * size);
          lists().forEach((vector, place) => {
            if (vector !== undefined) all.set(vector.subarray(start, start + size), place * size);
          });
          return all;
        },
        (values) => {
          const list = lists();
          for (let place = 0; place < this.#historySize; place++) {
            const part = values.subarray(place * size, (place + 1) * size);
            // Unused places contain zeros.
            if (list[place] === undefined && part.every((value) => value === 0)) continue;
            list[place] = replaced(list[place] ?? this.#none(), part, start);
          }
        },
      );
    return [
      one("previous_gradient", "gradient"),
      one("previous_step", "step"),
      many("gradient_changes", () => this.#changes),
      many("steps", () => this.#steps),
    ];
  }
}

function replaced(vector: Float32Array, values: Float32Array, start: number): Float32Array {
  const copy = vector.slice();
  copy.set(values, start);
  return copy;
}

/** State in JavaScript's memory. */
function arrayVariable(
  path: string,
  shape: readonly number[],
  read: () => Float32s,
  write: (values: Float32Array) => void,
): OptimizerVariable {
  return {
    path,
    shape,
    dtype: "float32",
    get value() {
      return read();
    },
    array: read,
    write(values) {
      write(Float32Array.from(values));
    },
  };
}

/** The product of two vectors, in float64 and in their order. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(to: Float64Array, vector: Float32Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i]! + factor * vector[i]!;
}

/** The largest magnitude. */
export function largest(vector: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < vector.length; i++) most = Math.max(most, Math.abs(vector[i]!));
  return most;
}
