/**
 * Copies of the weights as state of a wrapper optimizer: slow weights, averages, iterates. They begin as copies
 * of the weights, and restart when weights are set directly.
 *
 * @module
 */

import { Block, float32 } from "../runtime/memory.js";
import { wasm } from "../runtime/module.js";
import type { Variable } from "../variable.js";
import { Followers } from "./followers.js";
import { type OptimizerVariable, slotPath, slotVariable } from "./state.js";

/** A copy of each variable, in WebAssembly memory. */
export class WeightCopies {
  readonly variables: readonly Variable[];
  readonly followers: Followers;
  readonly #block: Block;
  readonly #offsets: readonly number[];

  /**
   * A copy of each variable.
   *
   * @param restored - Called when a checkpoint has overwritten the copies.
   * @throws OutOfMemoryError, with nothing allocated
   */
  constructor(variables: readonly Variable[], restored: () => void) {
    let length = 0;
    this.#offsets = variables.map(({ size }) => {
      const offset = length;
      length += size;
      return offset;
    });
    this.variables = variables;
    this.#block = new Block(Math.max(1, length));
    variables.forEach((variable, row) => {
      this.of(row).set(variable.value);
    });
    this.followers = new Followers(variables, (row) => [this.of(row)], restored);
  }

  /** A fresh view of a row's copy. */
  of(row: number): Float32Array {
    return float32(this.#address(row), this.variables[row]!.size);
  }

  /** Moves a row's copy towards the weights, by a fraction of their distance. */
  blend(row: number, share: number): void {
    const { address, size } = this.variables[row]!;
    wasm().blend_values(address, size, this.#address(row), share);
  }

  /** Writes the copy to a row's weights, and `weights + (copy - weights) * share` to the copy. */
  cross(row: number, share: number): void {
    const { address, size } = this.variables[row]!;
    wasm().cross_values(address, size, this.#address(row), share);
  }

  /** Writes a row's weights to the copy, and `copy + (weights - copy) * share` to the weights. */
  crossBack(row: number, share: number): void {
    const { address, size } = this.variables[row]!;
    wasm().cross_values(this.#address(row), size, address, share);
  }

  /** As state, under the name of a slot. */
  state(owner: { readonly scope: string; readonly name: string }, slot: string): OptimizerVariable[] {
    return this.variables.map((variable, row) =>
      slotVariable(slotPath(owner, variable, slot), variable.shape, variable.size, () => {
        this.followers.settle(row);
        return this.#address(row);
      }),
    );
  }

  #address(row: number): number {
    return this.#block.address + this.#offsets[row]! * 4;
  }

  /** Frees them. */
  free(): void {
    this.#block.free();
  }
}
