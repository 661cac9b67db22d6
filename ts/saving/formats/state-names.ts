/**
 * Names of optimizer state in files with names.
 *
 * @module
 */

import type { Optimizer } from "../../optimizers/optimizer.js";
import type { OptimizerVariable } from "../../optimizers/state.js";
import { sameShape } from "../../shape.js";
import type { WeightHolder } from "../../weights.js";
import type { Assignment, StoredEntry } from "./model-file.js";
import type { StoredTensor } from "./stored-tensor.js";

/** Prefix of the state of the optimizer of `compile`. */
export const OPTIMIZER = "optimizer/";

/** The same, for an optimizer in a field of the model; `path` is Keras's name of the field. */
export const startOf = (path: string): string => `optimizers/${path}/`;

/** Whether a name is that of an optimizer's state. */
export const isState = (name: string): boolean => name.startsWith(OPTIMIZER) || isOfField(name);

/** Whether it is that of an optimizer in a field. */
export const isOfField = (name: string): boolean => /^optimizers\/[^/]+\//.test(name);

/** An optimizer's state by its paths after `start`; a path that occurs again gets a number. */
export function namedStateOf(optimizer: Optimizer, start: string): Map<string, OptimizerVariable> {
  const named = new Map<string, OptimizerVariable>();
  const add = (variable: OptimizerVariable) => {
    let name = `${start}${variable.path}`;
    for (let n = 1; named.has(name); n++) name = `${start}${variable.path}_${n}`;
    named.set(name, variable);
  };
  const slots = optimizer.weights;
  const paths = new Set(slots.map(({ path }) => path));
  slots.forEach(add);
  // The learning rate, which is not among the weights of Keras 2's order.
  for (const variable of optimizer.variables) if (!paths.has(variable.path)) add(variable);
  return named;
}

/** Names that only differ by a unique suffix are equal: the second Adam of a process is "adam_1". */
const unnumbered = (name: string) => name.replace(/_\d+(?=\/)/g, "");

/**
 * The entries of a built optimizer's state: none if the file has none, `undefined` if they belong to another optimizer.
 */
export function stateNamed(
  optimizer: Optimizer,
  start: string,
  tensors: ReadonlyMap<string, StoredTensor>,
): Assignment | undefined {
  const named = [...tensors].filter(([name]) => name.startsWith(start));
  const saved = new Map(named.map(([name, tensor]) => [unnumbered(name), { name, tensor }]));
  const found = new Map<WeightHolder, StoredEntry>();
  if (named.length === 0) return found;
  const state = namedStateOf(optimizer, start);
  for (const [name, holder] of state) {
    const entry = saved.get(unnumbered(name));
    if (entry !== undefined && sameShape(entry.tensor.shape, holder.shape)) found.set(holder, entry);
  }
  return found.size === state.size && named.length === state.size ? found : undefined;
}
