/**
 * Changes of the weights, summed by the core in the pass that makes them.
 *
 * @module
 */

import { wasm } from "../runtime/module.js";
import type { Plan } from "../runtime/plan.js";
import type { Changes } from "./gradient-figures.js";
import { changesAt, ModuleSums, type WeightsBefore } from "./weights-before.js";

/** Sums of one step of an optimizer. They must be freed. */
export class PlanChanges extends ModuleSums {
  readonly #copied: () => WeightsBefore;
  #address = 0;
  #before: WeightsBefore | undefined;

  /** Allocates memory for sums. `copied` copies the weights, for a core that cannot measure: that with threads. @throws OutOfMemoryError */
  constructor(copied: () => WeightsBefore) {
    super();
    this.#copied = copied;
  }

  /** Before the step. @throws OutOfMemoryError */
  readonly begin = (plan: Plan): void => {
    plan.prepare((handle) => {
      this.#address = wasm().plan_changes(handle) >>> 0;
      return 1;
    });
    if (this.#address === 0) this.#before = this.#copied();
  };

  /** No weights were copied. */
  of(): undefined {}

  /** Sums over all variables. */
  changes(): Changes {
    return this.#before?.changes() ?? changesAt(this.#address);
  }

  override free(): void {
    this.#before?.free();
    super.free();
  }
}
