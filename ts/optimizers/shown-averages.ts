/**
 * Exchange of weights and averages for the duration of an evaluation.
 *
 * @module
 */

import { nextChange } from "../changes.js";
import { ValueError } from "../errors.js";
import type { Variable } from "../variable.js";

/** Exchanges a row's weights in place: for its averages if `on`, otherwise back. */
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
 * Averages x of a schedule-free rule, which keeps z and the weights `y = x + (z - x)(1 - share)`: x is computed from
 * both, and y from x and z, so that a run saved with x continues with the same bits as the uninterrupted run.
 */
export function interpolatedAverages(z: (row: number) => Float32Array, share: number): AverageExchange {
  return (row, weights, on) => {
    const ends = z(row);
    const factor = on ? 1 - 1 / share : 1 - share;
    for (let i = 0; i < weights.length; i++) {
      const from = weights[i]!;
      const to = Math.fround(from + (ends[i]! - from) * factor);
      // With a share near 0, y contains nothing of x.
      if (Number.isFinite(to)) weights[i] = to;
    }
  };
}

/** The averages of one optimizer's variables. */
export class ShownAverages {
  readonly #variables: readonly Variable[];
  readonly #exchange: () => AverageExchange;
  /** The averages of the last exchange, to be restored bit by bit if the step is refused. */
  #last: readonly { readonly values: Float32Array; readonly assignments: number }[] | undefined;

  /** Whether the variables hold the averages. Also set for variables read from a file that contains averages. */
  isOn = false;

  /** Initially the variables hold the weights. `exchange` returns an exchange with fresh views. */
  constructor(variables: readonly Variable[], exchange: () => AverageExchange) {
    this.#variables = variables;
    this.#exchange = exchange;
  }

  /** Exchanges both in place if needed, one variable after the other. @throws DisposedError with nothing exchanged */
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

  /** After a step the averages differ. */
  forget(): void {
    this.#last = undefined;
  }

  /** The variables keep the moving averages, so both are equal. */
  keep(averages: readonly { readonly value: Float32Array }[]): void {
    this.#variables.forEach((variable, row) => {
      averages[row]!.value.set(variable.value);
    });
    this.isOn = false;
  }
}

/** Puts an optimizer's averages into the variables, or the weights back, for a callback. @throws ValueError without averages */
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
