/**
 * Weights before a step, and the sums of squares of their changes.
 *
 * @module
 */

import { bufferOf } from "../brands.js";
import { padded } from "../runtime/cache-lines.js";
import { Block, float32, float64 } from "../runtime/memory.js";
import { wasm } from "../runtime/module.js";
import type { Variable } from "../variable.js";
import { type Changes, changes, squares } from "./gradient-figures.js";

/** Room for two sums, up to the next cache line. */
const SUMS = 16;

/** Rows that have gradients, each once. */
export type TouchedRows = ReadonlyMap<Variable, { readonly rows: readonly number[] }>;

/** Memory for sums that the module computes. It must be freed. */
export class ModuleSums {
  protected readonly block: Block;

  /** Allocates `length` numbers, those for the sums included. @throws OutOfMemoryError, with nothing allocated */
  constructor(length: number = SUMS) {
    this.block = new Block(length);
  }

  /** The sum of the squares: by the module if its memory contains the numbers. */
  squares(values: Float32Array): number {
    if (bufferOf(values) !== wasm().memory.buffer) return squares(values);
    return this.sums(values.byteOffset, values.byteOffset, values.length).weights;
  }

  /** Frees the memory. */
  free(): void {
    this.block.free();
  }

  protected sums(now: number, before: number, length: number): Changes {
    const to = this.block.address;
    wasm().change_sums(now, before, length, to);
    return changesAt(to);
  }
}

/** The two sums at an address. */
export function changesAt(address: number): Changes {
  const sums = float64(address, 2);
  return { change: sums[0]!, weights: sums[1]! };
}

/** Copies of the weights of one step: all, or those of some rows. They must be freed. */
export class WeightsBefore extends ModuleSums {
  /** Offsets of the copies in the block. */
  readonly #offsets: ReadonlyMap<Variable, number>;
  readonly #rows: ReadonlyMap<Variable, { readonly rows: readonly number[]; readonly values: Float32Array }>;

  /** Copies the weights, or the rows that a row gradient touches. @throws OutOfMemoryError, with nothing allocated */
  constructor(variables: Iterable<Variable>, touched: TouchedRows) {
    const offsets = new Map<Variable, number>();
    const copies = new Map<Variable, { readonly rows: readonly number[]; readonly values: Float32Array }>();
    let length = SUMS;
    for (const variable of variables) {
      if (variable.disposed) continue;
      const { rows } = touched.get(variable) ?? {};
      if (rows !== undefined) copies.set(variable, { rows, values: rowsOf(variable, rows) });
      else {
        offsets.set(variable, length);
        length += padded(variable.size);
      }
    }
    super(length);
    this.#offsets = offsets;
    this.#rows = copies;
    for (const variable of this.#offsets.keys()) this.of(variable)?.set(variable.numbers);
  }

  /** A fresh view of the weights of a variable, or of its touched rows; undefined if it has none here. */
  of(variable: Variable): Float32Array | undefined {
    const offset = this.#offsets.get(variable);
    if (offset === undefined) return this.#rows.get(variable)?.values;
    return float32(this.block.address + 4 * offset, variable.size);
  }

  /** Sums over all variables. */
  changes(): Changes {
    let [change, weights] = [0, 0];
    const add = (made: Changes) => {
      change += made.change;
      weights += made.weights;
    };
    for (const [variable, offset] of this.#offsets) {
      if (!variable.disposed) add(this.sums(variable.address, this.block.address + 4 * offset, variable.size));
    }
    for (const [variable, { rows, values }] of this.#rows) add(changes(rowsOf(variable, rows), values));
    return { change, weights };
  }
}

/** A copy of some rows of a matrix. */
function rowsOf({ numbers, shape }: Variable, rows: readonly number[]): Float32Array {
  const width = shape[1]!;
  const copy = new Float32Array(rows.length * width);
  rows.forEach((row, i) => copy.set(numbers.subarray(row * width, (row + 1) * width), i * width));
  return copy;
}
