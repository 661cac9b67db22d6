/**
 * Weights and their averages, exchanged for the time of an evaluation.
 *
 * @module
 */

import { nextChange } from "../changes.js";
import { ValueError } from "../errors.js";
import type { Variable } from "../variable.js";

/** Exchanges a row's weights, in place: for its averages when `on`, else for the weights again. */
export type AverageExchange = (row: number, weights: Float32Array, on: boolean) => void;

/** Moving averages, whose memory holds the weights meanwhile. */
export function swappedAverages(averages: readonly { readonly value: Float32Array }[]): AverageExchange {
  return (row, weights) => {
    const { value } = averages[row]!;
    const before = weights.slice();
    weights.set(value);
    value.set(before);
  };
}

/**
 * Averages x of a schedule-free rule, which keeps z and the weights `y = x + (z - x)(1 - share)`: x is computed of both, and y of
 * x and z, so that a run that was saved with x goes on with the bits of the run that went on.
 */
export function interpolatedAverages(z: (row: number) => Float32Array, share: number): AverageExchange {
  return (row, weights, on) => {
    const ends = z(row);
    const factor = on ? 1 - 1 / share : 1 - share;
    for (let i = 0; i < weights.length; i++) {
      const from = weights[i]!;
      const to = Math.fround(from + (ends[i]! - from) * factor);
      // A share near 0 leaves nothing of x in y.
      if (Number.isFinite(to)) weights[i] = to;
    }
  };
}

/** The averages of one optimizer's variables. */
export class ShownAverages {
  readonly #variables: readonly Variable[];
  readonly #exchange: () => AverageExchange;
  /** The averages of the last exchange, for a step that is refused after it: what was shown is shown again, bit by bit. */
  #last: readonly { readonly values: Float32Array; readonly assignments: number }[] | undefined;

  /** Whether the variables hold the averages. Set for variables that hold them from elsewhere: from a file. */
  isOn = false;

  /** Begins with the weights in the variables. `exchange` gives an exchange with fresh views. */
  constructor(variables: readonly Variable[], exchange: () => AverageExchange) {
    this.#variables = variables;
    this.#exchange = exchange;
  }

  /** Exchanges both in place if need be, one variable after the other. @throws DisposedError with nothing exchanged */
  show(on: boolean): void {
    if (on === this.isOn) return;
    for (const variable of this.#variables) variable.address; // throws when disposed of
    const exchange = this.#exchange();
    const last = this.#last;
    this.#last = on ? undefined : this.#variables.map((one) => ({ values: one.array(), assignments: one.assignments }));
    const changed = nextChange();
    this.#variables.forEach((variable, row) => {
      exchange(row, variable.value, on);
      const before = last?.[row];
      if (on && before?.assignments === variable.assignments) variable.value.set(before.values);
      variable.changed = changed;
    });
    this.isOn = on;
  }

  /** After a step: other averages are shown from now on. */
  forget(): void {
    this.#last = undefined;
  }

  /** The variables keep the moving averages: both are equal then. */
  keep(averages: readonly { readonly value: Float32Array }[]): void {
    this.#variables.forEach((variable, row) => {
      averages[row]!.value.set(variable.value);
    });
    this.isOn = false;
  }
}

/** Shows an optimizer's averages, or the weights again, for a callback that asks for it. @throws ValueError without averages */
export function showAverages(
  optimizer: { readonly keepsAverages: boolean; showsAverages: boolean },
  on: boolean,
): void {
  if (!optimizer.keepsAverages) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      "SwapEMAWeights needs averages of the weights: give the optimizer the option useEma: true.",
    );
  }
  optimizer.showsAverages = on;
}
