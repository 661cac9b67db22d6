/**
 * Entries of a file that Keras in Python does not read: JSON by name.
 *
 * @module
 */

import { own } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import {
  buildAgain,
  compiledPlaces,
  type OwnOptimizer,
  optimizersIn,
  ownOptimizers,
} from "../models/own-optimizers.js";
import { goOnAsSaved, positionOf, type RandomState, type RunPosition, randomOf } from "../models/resuming.js";
import type { TrainableModel } from "../models/trainable-model.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { isList, shown } from "../options.js";
import type { Extras } from "./formats/model-file.js";

/** The entries that are saved with a model. */
export function extrasOf(model: TrainableModel): Extras {
  const position = positionOf(model);
  return {
    random: randomOf(model),
    ...averagesOf(model),
    ...trainedOf(model),
    ...othersOf(model),
    ...(position === undefined ? {} : { run: position }),
  };
}

/** The inner optimizers of whose parameters the weights are averages, if there are any. */
export function averagesOf({ optimizer }: TrainableModel): { readonly averages?: readonly boolean[] } {
  const modes = optimizer?.averageModes ?? [];
  return modes.includes(true) ? { averages: modes } : {};
}

/** The variables of the optimizer of `compile`, if they are not the trainable weights. */
export function trainedOf(model: TrainableModel): { readonly trained?: readonly number[] } {
  const trained = compiledPlaces(model);
  return trained === undefined ? {} : { trained };
}

/** The entry of such variables. @throws ValueError for a damaged one */
export function checkedTrained({ weights }: TrainableModel, trained: unknown): readonly number[] | undefined {
  return trained === undefined || arePlaces(trained, weights.length) ? trained : refuse("trained", trained);
}

/** Whether these are indices of different weights. */
function arePlaces(value: unknown, length: number): value is readonly number[] {
  return (
    isList(value) && value.every((place) => isCount(place) && place < length) && new Set(value).size === value.length
  );
}

/** The optimizers in the model's fields, if there are any. */
export function othersOf(model: TrainableModel): { readonly optimizers?: Readonly<Record<string, OwnOptimizer>> } {
  const others = ownOptimizers(model);
  return others.size === 0 ? {} : { optimizers: Object.fromEntries(others) };
}

/**
 * The optimizers that the entry describes, built for the same variables.
 *
 * @throws ValueError for a damaged entry
 */
export function builtOthers(
  model: TrainableModel,
  entry: unknown,
): ReadonlyMap<string, readonly [Optimizer, OwnOptimizer]> {
  const found = new Map<string, readonly [Optimizer, OwnOptimizer]>();
  if (entry === undefined) return found;
  for (const [name, optimizer] of optimizersIn(model)) {
    const facts = own(Object(entry), name);
    if (facts === undefined) continue;
    const { variables, averages } = Object(facts) as Partial<OwnOptimizer>;
    if (variables !== null && !arePlaces(variables, model.weights.length)) refuse("optimizers", entry);
    const checked = { variables: variables as readonly number[] | null, averages: checkedAverages(averages) };
    found.set(name, [optimizer, checked]);
  }
  for (const [optimizer, facts] of found.values()) buildAgain(model, optimizer, facts);
  return found;
}

/** The entry of such averages; an empty list without one. @throws ValueError for a damaged one */
export function checkedAverages(averages: unknown = []): readonly boolean[] {
  if (!isList(averages) || !averages.every((mode) => typeof mode === "boolean")) refuse("averages", averages);
  return averages as readonly boolean[];
}

/** Applies the saved entries; unknown ones are ignored. @throws ValueError for damaged ones */
export function restoreExtras(model: TrainableModel, extras: Extras): void {
  const { averages, random, position } = checkedExtras(extras);
  if (model.optimizer !== null) model.optimizer.averageModes = averages;
  if (random !== null) goOnAsSaved(model, random, position);
}

/** The entries that {@link restoreExtras} needs. @throws ValueError for damaged ones */
export function checkedExtras({ random, run, averages }: Extras): {
  readonly averages: readonly boolean[];
  readonly random: RandomState | null;
  readonly position: RunPosition | null;
} {
  return {
    averages: checkedAverages(averages),
    random: random === undefined ? null : checkedRandom(random),
    position: run === undefined ? null : checkedPosition(run),
  };
}

/** @throws ValueError */
export function checkedRandom(random: unknown): RandomState {
  const { shared, layers } = Object(random) as Partial<RandomState>;
  if (isState(shared) && Array.isArray(layers) && layers.every(isState)) return { shared, layers };
  return refuse("random", random);
}

/** @throws ValueError */
export function checkedPosition(run: unknown): RunPosition {
  const { epoch, batch, data } = Object(run) as Partial<RunPosition>;
  if (!isCount(epoch) || !isCount(batch)) return refuse("run", run);
  if (data === null) return { epoch, batch, data };
  const { count, order, at } = Object(data) as Partial<NonNullable<RunPosition["data"]>>;
  const isPlace = (count === null || isCount(count)) && (order === null || isState(order)) && isCount(at);
  return isPlace ? { epoch, batch, data: { count, order, at } } : refuse("run", run);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isState(value: unknown): value is RandomState["shared"] {
  return Array.isArray(value) && value.length === 2 && value.every(isCount);
}

function refuse(name: string, value: unknown): never {
  throw new ValueError(
    "ERR_FILE_INVALID",
    `The entry "${name}" for resuming a run is invalid, got ${shown(value)}. The file is damaged; nothing was changed.`,
  );
}
