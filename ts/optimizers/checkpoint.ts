/**
 * A copy of everything that a step changes, for steps that a constraint can still refuse afterwards. Unlike the notes
 * of `undo.ts`, which an enclosing body may still need, it is useless after its step, so its memory is reused.
 *
 * @module
 */

import { Block } from "../runtime/memory.js";
import { wasm } from "../runtime/module.js";
import type { LastStep, Variable } from "../variable.js";
import type { OptimizerVariable } from "./state.js";

/** Weights and state of one optimizer. Its memory is reused in every step. */
export class Checkpoint {
  readonly #variables: readonly Variable[];
  /** Addresses of state, and how many values there are: contiguous slots are one run. */
  readonly #runs: readonly (readonly [address: number, length: number])[];
  readonly #lastStep: LastStep;
  /** The number of the last step, then those of the variables' other changes. */
  #step = 0;
  readonly #changes: number[] = [];
  readonly #assignments: number[] = [];
  readonly #block: Block;

  /**
   * Weights and state of one optimizer.
   *
   * @param state - All state. State in WebAssembly memory is copied, counters are not.
   * @throws OutOfMemoryError
   */
  constructor(variables: readonly Variable[], state: readonly OptimizerVariable[], lastStep: LastStep) {
    this.#lastStep = lastStep;
    this.#variables = variables;
    this.#runs = runsOf(state);
    let length = 0;
    for (const { size } of variables) length += size;
    for (const run of this.#runs) length += run[1];
    this.#block = new Block(length);
  }

  /** Copies weights and state. */
  save(): void {
    this.#step = this.#lastStep.changed;
    this.#variables.forEach((variable, row) => {
      this.#changes[row] = variable.ownChange;
      this.#assignments[row] = variable.assignments;
    });
    // Without views: creating one takes longer than copying a small variable.
    this.#each((address, length, at) => wasm().copy_values(address, length, at));
  }

  /** Restores the copy. Variables that were disposed of since stay disposed. */
  restore(): void {
    this.#lastStep.changed = this.#step;
    this.#variables.forEach((variable, row) => {
      variable.ownChange = this.#changes[row]!;
      variable.assignments = this.#assignments[row]!;
    });
    this.#each((address, length, at) => wasm().copy_values(at, length, address));
  }

  /** Addresses of weights and state, and of their copies. */
  #each(copy: (address: number, length: number, at: number) => void): void {
    let at = this.#block.address;
    for (const variable of this.#variables) {
      // A disposed variable has no gradient in this step: its address does not change.
      if (!variable.disposed) copy(variable.address, variable.size, at);
      at += variable.size * 4;
    }
    for (const [address, length] of this.#runs) {
      copy(address, length, at);
      at += length * 4;
    }
  }

  /** Frees the copy. */
  free(): void {
    this.#block.free();
  }
}

function runsOf(state: readonly OptimizerVariable[]): [address: number, length: number][] {
  const runs: [address: number, length: number][] = [];
  for (const one of state) {
    const { dtype } = one;
    const view = one.memory ?? one.value;
    const last = runs.at(-1);
    if (dtype !== "float32" || view.length === 0) continue;
    if (last !== undefined && last[0] + last[1] * 4 === view.byteOffset) last[1] += view.length;
    else runs.push([view.byteOffset, view.length]);
  }
  return runs;
}
