/**
 * State that follows the weights: their moving average, and slots that begin as copies of them (z of ScheduleFreeAdamW).
 *
 * Setting weights directly, with `assign` or `setWeights`, restarts this state as a copy of them: otherwise the next
 * steps, or the end of `fit`, would restore the old values. The restart happens lazily, before the state is used.
 *
 * A checkpoint sets both weights and state, in either order, and its state must stay. Therefore `setWeights` of the
 * optimizer accepts weights set since the last step or, if there were none, one later change of each variable.
 *
 * @module
 */

import type { Variable } from "../variable.js";

/** Follows the variables of one optimizer, by their rows. */
export class Followers {
  readonly #variables: readonly Variable[];
  readonly #copies: (row: number) => readonly Float32Array[];
  /** The assignments of each variable that its state already reflects. */
  readonly #seen: number[];
  readonly #restored: () => void;
  /** Whether one more assignment belongs to the state. */
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

  /** Restarts the state of variables that were set, before a step. */
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

  /** Marks weights and state as consistent: after a step, or when both were set. */
  close(): void {
    this.#isExpected.fill(false);
  }

  /** Runs `write`, which overwrites the state with a checkpoint's. */
  restoring(write: () => void): void {
    const wasSet = this.#variables.map(({ assignments }, row) => assignments !== this.#seen[row]);
    write();
    this.#restored();
    this.#variables.forEach((variable, row) => {
      this.#seen[row] = variable.assignments;
      this.#isExpected[row] = !(wasSet[row] || this.#isCopy(variable, row));
    });
  }

  /** Whether a restart would change nothing, as for the average after `fit`. */
  #isCopy(variable: Variable, row: number): boolean {
    return !variable.disposed && this.#copies(row).every((copy) => !variable.differs(copy));
  }
}
