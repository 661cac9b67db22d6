/**
 * A copy of all that a file keeps of a model.
 *
 * @module
 */

import type { TrainableModel } from "../models/trainable-model.js";
import { readWeights, type WeightHolder } from "../weights.js";
import { extrasOf } from "./extras.js";
import { layerGroups, optimizerGroups } from "./formats/keras-groups.js";
import type { ModelSnapshot, SnapshotGroup } from "./formats/model-file.js";
import type { ModelNumbers, NamedNumbers } from "./formats/stored-tensor.js";
import { namedWeights } from "./weight-names.js";

/** Copies a model. @throws ValueError, TypeError for what has no JSON */
export function snapshotOf(model: TrainableModel): ModelSnapshot {
  const json = model.toJSON();
  const copies = new Copies();
  const weights = [...namedWeights(model)].map(([name, weight]) => copies.of(name, weight));
  const groups = groupsOf(model, copies);
  const optimizer = groups.find(({ path }) => path === "optimizer")?.tensors ?? null;
  return { json, weights, optimizer, groups, extras: extrasOf(model) };
}

/** Copies weights and state, as Keras groups them. */
export function groupsOf(model: TrainableModel, copies: Copies = new Copies()): SnapshotGroup[] {
  const { optimizer } = model;
  const state = optimizer?.built ? optimizerGroups(optimizer) : [];
  return [...layerGroups(model), ...state].map(({ path, name, holders }) => ({
    path,
    name,
    tensors: holders.map((holder) => copies.of(holder.path, holder)),
  }));
}

/** One copy of each, however often it is asked for. */
class Copies {
  readonly #made = new Map<WeightHolder, NamedNumbers>();

  of(name: string, holder: WeightHolder): NamedNumbers {
    const known = this.#made.get(holder);
    if (known !== undefined) return known;
    const [{ shape, data }] = readWeights([holder]) as [ReturnType<typeof readWeights>[0]];
    const copy = { name, shape, data: data as ModelNumbers };
    this.#made.set(holder, copy);
    return copy;
  }
}
