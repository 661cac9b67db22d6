/**
 * All that a step may change: what must be equal before and after a refused call, and between two runs.
 */

import type { Optimizer, Variable } from "../../ts/index.js";
import { bitsOf } from "./bytes.js";

/** Bits of the variables and of the state, the counter, the rate. */
export interface Snapshot {
  readonly variables: readonly (readonly number[])[];
  readonly state: readonly { readonly path: string; readonly bits: readonly number[] }[];
  readonly iterations: number;
  readonly rate: number;
  readonly built: boolean;
}

/** The state of an optimizer and its variables; disposed variables count as empty. */
export function snapshot(optimizer: Optimizer, variables: readonly Variable[] = []): Snapshot {
  return {
    variables: variables.map((variable) => (variable.disposed ? [] : [...bitsOf(variable.value)])),
    state: optimizer.variables.map((variable) => ({ path: variable.path, bits: [...bitsOf(variable.array())] })),
    iterations: optimizer.iterations,
    rate: optimizer.learningRate,
    built: optimizer.built,
  };
}

/** A snapshot without names: optimizers of one kind have different ones. */
export function nameless(taken: Snapshot): unknown {
  return { ...taken, state: taken.state.map(({ bits }) => bits) };
}
