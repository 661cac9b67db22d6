/**
 * State that follows the weights: their moving average, and slots that begin as copies of them (z of ScheduleFreeAdamW).
 *
 * Weights that were set from outside, by `assign` or `setWeights`, make it start again as a copy of them: otherwise the
 * next steps, or the end of `fit`, would bring back what was overwritten. It is done late, before the state is used.
 *
 * A checkpoint sets both weights and state, in either order, and its state must stay. So `setWeights` of the optimizer accepts
 * what was set before it since the last step; or, if nothing was, one change of each variable after it.
 *
 * @module
 */

import type { Variable } from "../variable.js";

/** Follows the variables of one optimizer, by their rows. */
export class Followers {
  readonly #variables: readonly Variable[];
  readonly #copies: (row: number) => readonly Float32Array[];
  /** Of each variable, the assignments that its state knows of. */
  readonly #seen: number[];
  readonly #restored: () => void;
  /** Whether one more assignment of it belongs to the state. */
  readonly #isExpected: boolean[];

  /**
   * Follows the variables of one optimizer, by their rows.
   *
   * @param copies - Views of a row's state that follows its variable.
   * @param restored - Called when the state is that of a checkpoint.
   */
  constructor(
    variables: readonly Variable[],
    copies: (row: number) => readonly Float32Array[],
    restored: () => void = () => {},
  ) {
    this.#restored = restored;
    this.#variables = variables;
    this.#copies = copies;
    this.#seen = variables.map(({ assignments }) => assignments);
    this.#isExpected = variables.map(() => false);
  }

  /** Before a step: the state of variables that were set starts again. */
  settleAll(): void {
    for (let row = 0; row < this.#seen.length; row++) this.settle(row);
  }

  /** The same for one row, before its state is read. */
  settle(row: number): void {
    const variable = this.#variables[row]!;
    const { assignments } = variable;
    const count = assignments - this.#seen[row]!;
    if (count === 0 || variable.disposed) return;
    this.#seen[row] = assignments;
    const isExpected = this.#isExpected[row] && count === 1;
    this.#isExpected[row] = false;
    if (!isExpected) for (const copy of this.#copies(row)) copy.set(variable.value);
  }

  /** Weights and state belong together from here on: after a step, or when both have been set. */
  close(): void {
    this.#isExpected.fill(false);
  }

  /** Runs `write`, which overwrites the state by that of a checkpoint. */
  restoring(write: () => void): void {
    const wasSet = this.#variables.map(({ assignments }, row) => assignments !== this.#seen[row]);
    write();
    this.#restored();
    this.#variables.forEach((variable, row) => {
      this.#seen[row] = variable.assignments;
      this.#isExpected[row] = !(wasSet[row] || this.#isCopy(variable, row));
    });
  }

  /** Whether starting again would change nothing: the average after `fit`, for instance. */
  #isCopy(variable: Variable, row: number): boolean {
    return !variable.disposed && this.#copies(row).every((copy) => !variable.differs(copy));
  }
}
