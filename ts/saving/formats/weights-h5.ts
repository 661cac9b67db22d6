/**
 * Keras's HDF5 files as weights by name: `.weights.h5` of Keras 2.12 and later, and legacy `.h5`, which is only read.
 *
 * @module
 */

import { toKeras } from "../../keras-names.js";
import type { Model } from "../../models/model.js";
import { optimizersIn } from "../../models/own-optimizers.js";
import type { TrainableModel } from "../../models/trainable-model.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import type { Variable } from "../../variable.js";
import { arraysOf, readHdf5 } from "./hdf5/reader.js";
import { layerGroups } from "./keras-groups.js";
import { groupKey, paired } from "./keras-weights.js";
import { inLegacyOrder, layerEntries, legacyState } from "./legacy-h5.js";
import type { Assignment, StoredEntry } from "./model-file.js";
import { RUN_STATE } from "./run-state.js";
import type { StoredTensor, StoredTensors } from "./stored-tensor.js";

/** A model, and the names of its weights in files with names. */
export interface NamedModel {
  readonly model: TrainableModel;
  readonly names: ReadonlyMap<Variable, string>;
}

/** The contents of a file whose state has no names. */
export interface PlacedTensors extends StoredTensors {
  /** The state of the optimizer of `compile`, which is built; `undefined` if it belongs to another optimizer. */
  state?(): Assignment | undefined;
  /** The state of an optimizer in a field, at this path; `undefined` if it belongs to another optimizer. */
  stateOf?(optimizer: Optimizer, path: string): Assignment | undefined;
}

/** Groups of Keras's files other than weights: values of metrics, and the package's entries. */
const LEFT_OUT = /^(optimizer|metrics|compile_metrics|loss_tracker|_metrics|gradstep)\//;

/** The tensors of a `.weights.h5` file, by the names of the model's weights; those that the model lacks, by their paths. */
export function readWeightsH5(file: string, bytes: Uint8Array, { model, names }: NamedModel): PlacedTensors {
  const root = readHdf5(file, bytes);
  if (root.groups.has("model_weights") || root.attributes.has("layer_names"))
    return readH5(file, bytes, { model, names });
  const arrays = arraysOf(root);
  const tensors = new Map<string, StoredTensor>();
  const used = new Set<string>();
  for (const { path, holders } of layerGroups(model)) {
    for (const [i, holder] of holders.entries()) {
      const key = `${groupKey(path)}${i}`;
      const tensor = arrays.get(key);
      if (tensor === undefined) continue;
      used.add(key);
      tensors.set(names.get(holder as Variable) as string, tensor);
    }
  }
  const others = [...optimizersIn(model).keys()].map((field) => `${toKeras(field)}/`);
  const isWeight = (key: string) => !(LEFT_OUT.test(key) || others.some((start) => key.startsWith(start)));
  for (const [key, tensor] of arrays) if (!used.has(key) && isWeight(key)) tensors.set(key, tensor);
  const run = arrays.get(`${groupKey(RUN_STATE)}0`);
  if (run !== undefined) tensors.set(RUN_STATE, run);
  const pairs = () => paired(file, arrays);
  return {
    tensors,
    metadata: new Map(),
    state: () => pairs().state(model),
    stateOf: (optimizer, path) => pairs().stateOf?.(optimizer, path),
  };
}

/** The tensors of a legacy `.h5` file: of a whole model, or only of weights. */
export function readH5(file: string, bytes: Uint8Array, { model, names }: NamedModel): PlacedTensors {
  const root = readHdf5(file, bytes);
  const inFile = layerEntries(file, root.groups.get("model_weights") ?? root);
  const layers = (model as Model).layers.filter(({ weights }) => weights.length > 0);
  const isNamed = [...inFile.keys()].every((name) => layers.some((layer) => layer.name === name));
  // Names created by Keras differ between processes: it pairs layers in their order.
  const byOrder = !isNamed && inFile.size === layers.length;
  const lists = [...inFile.values()];
  const tensors = new Map<string, StoredTensor>();
  const used = new Set<StoredEntry>();
  for (const [i, layer] of layers.entries()) {
    const entries = (byOrder ? lists[i] : inFile.get(layer.name)) ?? [];
    for (const [place, holder] of inLegacyOrder(layer).entries()) {
      const entry = entries[place];
      if (entry === undefined) continue;
      used.add(entry);
      tensors.set(names.get(holder as Variable) as string, entry.tensor);
    }
  }
  for (const entry of lists.flat()) if (!used.has(entry)) tensors.set(entry.name, entry.tensor);
  const state = root.groups.get("optimizer_weights");
  const read = () => (state === undefined ? new Map() : legacyState(file, state, model));
  return { tensors, metadata: new Map(), state: read };
}
