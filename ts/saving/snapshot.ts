/**
 * Everything that a file saves of a model.
 *
 * @module
 */

import { toKeras } from "../keras-names.js";
import { optimizersIn, ownOptimizers } from "../models/own-optimizers.js";
import type { TrainableModel } from "../models/trainable-model.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { WeightHolder } from "../weights.js";
import { extrasOf } from "./extras.js";
import { layerGroups, optimizerGroups } from "./formats/keras-groups.js";
import type { ModelSnapshot, SnapshotGroup } from "./formats/model-file.js";
import type { ModelNumbers, NamedNumbers } from "./formats/stored-tensor.js";
import { namedStateOfOthers, namedWeights } from "./weight-names.js";

/** Reads a model. @throws ValueError, TypeError for parts that have no JSON */
export function snapshotOf(model: TrainableModel, numbers: Numbers = new Numbers()): ModelSnapshot {
  const json = model.toJSON();
  const weights = [...namedWeights(model)].map(([name, weight]) => numbers.of(name, weight));
  const others = [...namedStateOfOthers(model)].map(([name, variable]) => numbers.of(name, variable));
  const groups = groupsOf(model, numbers);
  const optimizer = groups.find(({ path }) => path === "optimizer")?.tensors ?? null;
  return { json, weights, optimizer, others, groups, extras: extrasOf(model) };
}

/** Weights and state, in Keras's groups. */
export function groupsOf(model: TrainableModel, numbers: Numbers = new Numbers()): SnapshotGroup[] {
  const { optimizer } = model;
  const state = optimizer?.built ? optimizerGroups(optimizer) : [];
  const others = [...ownOptimizers(model)].flatMap(([field, { variables }]) =>
    variables === null ? [] : optimizerGroups(optimizersIn(model).get(field) as Optimizer, toKeras(field)),
  );
  return [...layerGroups(model), ...state, ...others].map(({ path, name, holders }) => ({
    path,
    name,
    tensors: holders.map((holder) => numbers.of(holder.path, holder)),
  }));
}

/** The numbers of weights and state: one copy of each, even if requested repeatedly; or views, for immediate use. */
export class Numbers {
  readonly #isCopy: boolean;
  readonly #found = new Map<WeightHolder, NamedNumbers>();

  constructor(isCopy = true) {
    this.#isCopy = isCopy;
  }

  of(name: string, holder: WeightHolder): NamedNumbers {
    const known = this.#found.get(holder);
    if (known !== undefined) return known;
    const data = (this.#isCopy ? holder.array() : holder.value) as ModelNumbers;
    const found = { name, shape: [...holder.shape], data };
    this.#found.set(holder, found);
    return found;
  }
}
