/**
 * Keras's legacy .h5 format: a whole model as attributes and groups, by Keras 1, 2 and 3.
 *
 * @module
 */

import type { Layer } from "../../layers/layer.js";
import type { Model } from "../../models/model.js";
import type { TrainableModel } from "../../models/trainable-model.js";
import { counted, isList } from "../../options.js";
import type { WeightHolder } from "../../weights.js";
import { refuseFile } from "../stores/file-error.js";
import { arraysOf, type Hdf5Group, readHdf5 } from "./hdf5/reader.js";
import { parsedJSON } from "./json-text.js";
import type { StoredEntry, StoredModel } from "./model-file.js";
import { stateInOrder } from "./optimizer-state.js";

/** A model in a file. @throws ValueError for a damaged file, and for one that only has weights */
export async function readLegacyH5(file: string, bytes: Uint8Array): Promise<StoredModel> {
  const root = readHdf5(file, bytes);
  const config = root.attributes.get("model_config");
  const weights = root.groups.get("model_weights");
  if (typeof config !== "string" || weights === undefined) {
    return refuseFile(file, "it contains only weights, or none: a whole model has model_config and model_weights");
  }
  const training = root.attributes.get("training_config");
  const state = root.groups.get("optimizer_weights");
  return {
    json: parsedJSON(file, "model_config", config),
    training: typeof training === "string" ? parsedJSON(file, "training_config", training) : null,
    version: root.attributes.get("keras_version"),
    extras: {},
    weights: (model) => legacyWeights(file, weights, model),
    state: (model) => (state === undefined ? new Map() : legacyState(file, state, model)),
  };
}

/**
 * Names in an attribute; long lists are split into several, from `weight_names0` on. An empty list is stored as
 * numbers.
 */
function listed(group: Hdf5Group, attribute: string): readonly string[] {
  const names = group.attributes.get(attribute);
  if (isList(names)) return names as readonly string[];
  const found: string[] = [];
  for (let part = 0; ; part++) {
    const more = group.attributes.get(`${attribute}${part}`);
    if (!isList(more)) break;
    found.push(...(more as readonly string[]));
  }
  return found;
}

function entriesOf(file: string, group: Hdf5Group, label: string): StoredEntry[] {
  const arrays = arraysOf(group);
  return listed(group, "weight_names").map((name) => {
    const tensor = arrays.get(name.replace(/^\/+/, ""));
    return { name: `${label}/${name}`, tensor: tensor ?? refuseFile(file, `it has no "${label}/${name}"`) };
  });
}

/** The entries of each layer that has some, in the file's order. */
export function layerEntries(file: string, root: Hdf5Group): Map<string, StoredEntry[]> {
  const found = new Map<string, StoredEntry[]>();
  const names = listed(root, "layer_names");
  if (new Set(names).size < names.length) refuseFile(file, "it has a layer twice in layer_names");
  for (const name of names) {
    const group = root.groups.get(name) ?? refuseFile(file, `it has no group "${name}"`);
    const entries = entriesOf(file, group, name);
    if (entries.length > 0) found.set(name, entries);
  }
  return found;
}

function legacyWeights(file: string, root: Hdf5Group, model: TrainableModel): Map<WeightHolder, StoredEntry> {
  const found = new Map<WeightHolder, StoredEntry>();
  const inFile = layerEntries(file, root);
  for (const layer of (model as Model).layers) {
    const [entries, holders] = [inFile.get(layer.name) ?? [], inLegacyOrder(layer)];
    if (entries.length !== holders.length) {
      refuseFile(
        file,
        `"${layer.name}" has ${counted(entries.length, "tensor")}, and the layer ${counted(holders.length, "weight")}`,
      );
    }
    for (const [i, holder] of holders.entries()) found.set(holder, entries[i]!);
  }
  return found;
}

/** A layer's weights in the order of legacy files: trainable ones first, even in a model that is a layer. */
export function inLegacyOrder(layer: Layer): WeightHolder[] {
  return [...layer.trainableWeights, ...layer.nonTrainableWeights];
}

/** The optimizer's state; `undefined` for the state of another optimizer. */
export function legacyState(
  file: string,
  group: Hdf5Group,
  model: TrainableModel,
): Map<WeightHolder, StoredEntry> | undefined {
  const { optimizer } = model;
  const entries = entriesOf(file, group, "optimizer_weights");
  if (optimizer === null || entries.length === 0) return new Map();
  const isBySlot = /(^|\/)iter(:0)?$/.test(entries[0]!.name);
  return stateInOrder(optimizer, entries, isBySlot);
}
