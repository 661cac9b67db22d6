/**
 * Weights and their moving averages, exchanged for the time of an evaluation.
 *
 * @module
 */

import { nextChange } from "../changes.js";
import type { Variable } from "../variable.js";

/** The averages of one optimizer's variables. */
export class ShownAverages {
  readonly #variables: readonly Variable[];
  readonly #averages: () => readonly { readonly value: Float32Array }[];
  #isOn = false;

  /** Begins with the weights in the variables. `averages` gives fresh views, row by row. */
  constructor(variables: readonly Variable[], averages: () => readonly { readonly value: Float32Array }[]) {
    this.#variables = variables;
    this.#averages = averages;
  }

  /** Whether the variables hold the averages, and the averages' memory the weights. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Exchanges both in place if need be, one variable after the other. @throws DisposedError with nothing exchanged */
  show(on: boolean): void {
    if (on === this.#isOn) return;
    for (const variable of this.#variables) variable.address; // throws when disposed of
    const averages = this.#averages();
    const changed = nextChange();
    this.#variables.forEach((variable, row) => {
      const weights = variable.array();
      variable.value.set(averages[row]!.value);
      averages[row]!.value.set(weights);
      variable.changed = changed;
    });
    this.#isOn = on;
  }

  /** The variables keep the averages: both are equal then. */
  keep(): void {
    const averages = this.#averages();
    this.#variables.forEach((variable, row) => {
      averages[row]!.value.set(variable.value);
    });
    this.#isOn = false;
  }
}
