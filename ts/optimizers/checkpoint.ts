/**
 * A copy of everything that a step changes, for steps that can still be refused afterwards: by a constraint. Unlike the notes
 * of `undo.ts`, which a body around may still need, it is of no use after its step, and so its memory is used again.
 *
 * @module
 */

import { Block, float32 } from "../runtime/memory.js";
import type { Variable } from "../variable.js";
import type { OptimizerVariable } from "./state.js";

/** Weights and state of one optimizer. Its memory is used again in every step. */
export class Checkpoint {
  readonly #variables: readonly Variable[];
  readonly #slots: readonly OptimizerVariable[];
  readonly #changes: number[] = [];
  readonly #assignments: number[] = [];
  readonly #block: Block;

  /**
   * Weights and state of one optimizer.
   *
   * @param state - All state: what is in WebAssembly memory is copied, counters are not.
   * @throws OutOfMemoryError
   */
  constructor(variables: readonly Variable[], state: readonly OptimizerVariable[]) {
    this.#variables = variables;
    this.#slots = state.filter(({ dtype }) => dtype === "float32");
    let length = 0;
    for (const { size } of variables) length += size;
    for (const slot of this.#slots) length += slot.value.length;
    this.#block = new Block(length);
  }

  /** Copies weights and state. */
  save(): void {
    const room = float32(this.#block.address, this.#block.length);
    let at = 0;
    this.#variables.forEach((variable, row) => {
      this.#changes[row] = variable.changed;
      this.#assignments[row] = variable.assignments;
      // One that was disposed of has no gradient in this step: its place stays as it is.
      if (!variable.disposed) room.set(variable.value, at);
      at += variable.size;
    });
    for (const { value } of this.#slots) {
      room.set(value as Float32Array, at);
      at += value.length;
    }
  }

  /** Puts back what was saved. Variables that were disposed of since stay so. */
  restore(): void {
    const room = float32(this.#block.address, this.#block.length);
    let at = 0;
    this.#variables.forEach((variable, row) => {
      if (!variable.disposed) variable.value.set(room.subarray(at, at + variable.size));
      variable.changed = this.#changes[row] as number;
      variable.assignments = this.#assignments[row] as number;
      at += variable.size;
    });
    for (const { value } of this.#slots) {
      (value as Float32Array).set(room.subarray(at, at + value.length));
      at += value.length;
    }
  }

  /** Frees the copy. */
  free(): void {
    this.#block.free();
  }
}
