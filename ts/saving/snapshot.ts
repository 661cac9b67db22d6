/**
 * A copy of all that a file keeps of a model.
 *
 * @module
 */

import type { TrainableModel } from "../models/trainable-model.js";
import { readWeights, type WeightHolder } from "../weights.js";
import { extrasOf } from "./extras.js";
import { layerGroups, optimizerGroups } from "./formats/keras-groups.js";
import type { ModelSnapshot } from "./formats/model-file.js";
import type { ModelNumbers, NamedNumbers } from "./formats/stored-tensor.js";
import { namedWeights } from "./weight-names.js";

/** Copies a model. @throws ValueError, TypeError for what has no JSON */
export function snapshotOf(model: TrainableModel): ModelSnapshot {
  const json = model.toJSON();
  const copies = new Map<WeightHolder, NamedNumbers>();
  const copied = (name: string, holder: WeightHolder): NamedNumbers => {
    const known = copies.get(holder);
    if (known !== undefined) return known;
    const [{ shape, data }] = readWeights([holder]) as [ReturnType<typeof readWeights>[0]];
    const copy = { name, shape, data: data as ModelNumbers };
    copies.set(holder, copy);
    return copy;
  };
  const { optimizer } = model;
  const weights = [...namedWeights(model)].map(([name, weight]) => copied(name, weight));
  const state = optimizer?.built ? optimizerGroups(optimizer) : [];
  const groups = [...layerGroups(model), ...state].map(({ path, name, holders }) => ({
    path,
    name,
    tensors: holders.map((holder) => copied(holder.path, holder)),
  }));
  return {
    json,
    weights,
    optimizer: groups.find(({ path }) => path === "optimizer")?.tensors ?? null,
    groups,
    extras: extrasOf(model),
  };
}
