/**
 * Groups of Keras's files: the weights of each layer under a path of attributes and class names.
 *
 * @module
 */

import { customName } from "../../custom-objects.js";
import { toKeras } from "../../keras-names.js";
import { LayerWeights } from "../../layers/layer-weights.js";
import { entriesOf, visitPublicFields } from "../../layers/public-fields.js";
import type { Model } from "../../models/model.js";
import { Sequential } from "../../models/sequential.js";
import { TrainableModel } from "../../models/trainable-model.js";
import { snakeCase } from "../../names.js";
import { LossScaleOptimizer } from "../../optimizers/loss-scale-optimizer.js";
import { MultiOptimizer } from "../../optimizers/multi-optimizer.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import type { WeightHolder } from "../../weights.js";

/** The weights of a layer, a model or an optimizer, without those of sublayers. */
export interface KerasGroup {
  /** `"layers/dense_1"`; `""` for the model. */
  readonly path: string;
  readonly name: string;
  readonly holders: readonly WeightHolder[];
}

/** A layer of a model, as needed in this file. */
type Saveable = LayerWeights & { readonly name: string };

/** The groups of a model and its layers, each once: a shared layer is listed where Keras finds it first. */
export function layerGroups(model: TrainableModel): KerasGroup[] {
  const groups: KerasGroup[] = [];
  const visited = new Set<Saveable>();
  const visit = (layer: Saveable, path: string) => {
    if (visited.has(layer)) return;
    visited.add(layer);
    groups.push({ path, name: layer.name, holders: ownWeights(layer) });
    for (const [attribute, inside] of attributesOf(layer)) {
      const at = path === "" ? attribute : `${path}/${attribute}`;
      if (inside instanceof LayerWeights) visit(inside as Saveable, at);
      else container(inside, at, []);
    }
  };
  const container = (held: object, path: string, around: readonly object[]) => {
    const counts = new Map<string, number>();
    for (const [, entry] of entriesOf(held) ?? []) {
      if (typeof entry !== "object" || entry === null) continue;
      const isLayer = entry instanceof LayerWeights;
      if (!isLayer && (entriesOf(entry) === undefined || around.includes(entry))) continue;
      const stem = isLayer ? snakeCase(customName(entry.constructor)) : "container";
      const count = counts.get(stem) ?? 0;
      counts.set(stem, count + 1);
      const at = `${path}/${stem}${count === 0 ? "" : `_${count}`}`;
      if (isLayer) visit(entry as Saveable, at);
      else container(entry, at, [...around, held]);
    }
  };
  visit(model, "");
  return groups;
}

/** Path of the optimizer of `compile`; others have the names of their fields. */
export const COMPILED = "optimizer";

/** Path of the state that Keras's files lack, for the optimizer at this path. */
export const ownState = (path: string): string => (path === COMPILED ? "gradstep" : `gradstep/${path}`);

/**
 * The optimizer's state; that of an inner optimizer, which Keras writes twice; and the state that Keras does not save:
 * the product of Nadam's momenta.
 */
export function optimizerGroups(optimizer: Optimizer, path: string = COMPILED): KerasGroup[] {
  const holders = optimizer.variables;
  const groups = [{ path, name: optimizer.name, holders }];
  if (optimizer instanceof MultiOptimizer) return [...groups, ...innerGroups(optimizer, path)];
  if (!(optimizer instanceof LossScaleOptimizer)) return groups;
  const { innerOptimizer: inner } = optimizer;
  const ofInner = holders.slice(holders.length - inner.variables.length);
  const known = new Set(holders.map(({ path }) => path));
  const lost = optimizer.weights.filter(({ path, dtype }) => dtype === "float32" && !known.has(path));
  return [
    ...groups,
    { path: `${path}/inner_optimizer`, name: inner.name, holders: ofInner },
    ...(lost.length === 0 ? [] : [{ path: ownState(path), name: inner.name, holders: lost }]),
  ];
}

/** The state of the inner optimizers, which Keras writes twice. */
function innerGroups({ optimizers }: MultiOptimizer, owner: string): KerasGroup[] {
  const counts = new Map<string, number>();
  return optimizers.map((inner) => {
    const stem = snakeCase(inner.className);
    const count = counts.get(stem) ?? 0;
    counts.set(stem, count + 1);
    const path = `${owner}/optimizers/${stem}${count === 0 ? "" : `_${count}`}`;
    return { path, name: inner.name, holders: inner.variables };
  });
}

/** Weights that do not belong to sublayers, in Keras's order. */
function ownWeights(layer: Saveable): WeightHolder[] {
  const inside = new Set(layer.sublayers.flatMap(({ weights }) => weights));
  return layer.weights.filter((weight) => !inside.has(weight));
}

/**
 * Sublayers and containers, by Keras's name of their field: a model's layers first, others by name, private ones last.
 */
function attributesOf(layer: Saveable): [string, object][] {
  const fields: [string, object][] = [];
  visitPublicFields(layer, (name, value) => {
    if (value instanceof LayerWeights || entriesOf(value) !== undefined) fields.push([toKeras(name), value]);
  });
  if (!(layer instanceof TrainableModel)) return fields.sort(byName);
  const listed: [string, object] = ["layers", (layer as Model).layers];
  // Layers of a custom model are in the order of their property names.
  const isListed = layer instanceof Sequential || (layer as Model).graph !== undefined;
  return isListed ? [listed, ...fields.sort(byName)] : [...fields, listed].sort(byName);
}

const key = (name: string) => (name.startsWith("_") ? `~${name}` : name);

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return key(a) < key(b) ? -1 : 1;
}
