/**
 * The states of a model's optimizers in a file of weights.
 *
 * @module
 */

import { toKeras } from "../keras-names.js";
import { buildCompiled, optimizersIn } from "../models/own-optimizers.js";
import type { TrainableModel } from "../models/trainable-model.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { warnOnce } from "../warnings.js";
import type { WeightHolder } from "../weights.js";
import { type Reading, type ReadTensor, readTensors } from "./assignment.js";
import { builtOthers, checkedTrained, restoreExtras } from "./extras.js";
import type { Assignment, Extras, StoredEntry } from "./formats/model-file.js";
import { OPTIMIZER, startOf, stateNamed } from "./formats/state-names.js";
import type { PlacedTensors } from "./formats/weights-h5.js";

/** States that were read, but not written yet. */
export interface ReadStates {
  readonly tensors: ReadonlyMap<WeightHolder, ReadTensor>;
  /** Whether the state of the optimizer of `compile` is among them. */
  readonly hasCompiled: boolean;
  /** The averages that are in the variables of optimizers in fields. */
  readonly averages: ReadonlyMap<Optimizer, readonly boolean[]>;
}

/**
 * The states in a file, each completely or, with a warning, not at all. Optimizers are built for them.
 *
 * @throws ValueError for damaged ones
 */
export async function readStates(
  owner: string,
  file: string,
  model: TrainableModel,
  { tensors, state, stateOf }: Pick<PlacedTensors, "tensors" | "state" | "stateOf">,
  extras: Extras,
  reading: Reading,
): Promise<ReadStates> {
  const found = new Map<WeightHolder, StoredEntry>();
  const { optimizer } = model;
  const take = (one: Optimizer, entries: Assignment | undefined): boolean => {
    for (const [holder, entry] of entries ?? []) found.set(holder, entry);
    if (entries === undefined) warnOfOther(owner, file, model, one);
    return (entries?.size ?? 0) > 0;
  };
  const compiled = () => {
    const isThere = state !== undefined || [...tensors.keys()].some((name) => name.startsWith(OPTIMIZER));
    if (!isThere) return new Map();
    buildCompiled(model, checkedTrained(model, extras.trained));
    return state === undefined ? stateNamed(optimizer as Optimizer, OPTIMIZER, tensors) : state();
  };
  const hasCompiled = optimizer !== null && take(optimizer, compiled());
  const described = builtOthers(model, extras.optimizers);
  const averages = new Map<Optimizer, readonly boolean[]>();
  for (const [field, one] of optimizersIn(model)) {
    // Keras's files do not contain the variables for which it was built.
    if (!one.built) continue;
    const path = toKeras(field);
    const entries = stateOf === undefined ? stateNamed(one, startOf(path), tensors) : stateOf(one, path);
    if (take(one, entries)) averages.set(one, described.get(field)?.[1].averages ?? []);
  }
  return { tensors: await readTensors(owner, file, found, reading), hasCompiled, averages };
}

function warnOfOther(owner: string, file: string, model: TrainableModel, { name }: Optimizer): void {
  warnOnce(
    model,
    `${owner}: ${file} has the state of another optimizer than ${name} of ${model.name}. It was skipped: the optimizer starts without state.`,
  );
}

/**
 * Applies the entries that belong to written states: a file with the state of another optimizer counts as one of only
 * weights.
 */
export function restoreStates(model: TrainableModel, { hasCompiled, averages }: ReadStates, extras: Extras): void {
  const { averages: _, ...others } = extras;
  restoreExtras(model, hasCompiled ? extras : averages.size > 0 ? others : {});
  for (const [optimizer, modes] of averages) optimizer.averageModes = modes;
}
