/**
 * The number of an optimizer's last step: one for all its variables, because writing it to each of many small ones takes
 * longer than their checks.
 *
 * @module
 */

import { nextChange } from "../changes.js";
import { type LastStep, NO_STEP, type Variable } from "../variable.js";

/** The last step over these variables. */
export class BuiltStep {
  /** All that variables keep of it: a variable must not keep the others alive. */
  readonly last: LastStep = { changed: 0 };
  readonly #variables: readonly Variable[];
  /** Variables that follow an earlier optimizer. */
  readonly #others: readonly Variable[];

  constructor(variables: readonly Variable[]) {
    this.#variables = variables;
    for (const variable of variables) if (variable.lastStep === NO_STEP) variable.lastStep = this.last;
    this.#others = variables.filter(({ lastStep }) => lastStep !== this.last);
  }

  /** Numbers a step as a change of all variables. */
  note(): void {
    const change = nextChange();
    this.last.changed = change;
    for (const variable of this.#others) variable.changed = change;
  }

  /** Releases the variables for a later optimizer. */
  end(): void {
    for (const variable of this.#variables) {
      if (variable.lastStep !== this.last) continue;
      variable.ownChange = variable.changed;
      variable.lastStep = NO_STEP;
    }
  }
}
