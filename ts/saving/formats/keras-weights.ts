/**
 * Weights under the keys of Keras 3: `layers/dense/vars/0`, `optimizer/vars/2`.
 *
 * @module
 */

import { ValueError } from "../../errors.js";
import type { TrainableModel } from "../../models/trainable-model.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import { counted } from "../../options.js";
import type { WeightHolder } from "../../weights.js";
import { refuseFile } from "../stores/file-error.js";
import { groupAt, newGroup, type WrittenGroup } from "./hdf5/writer.js";
import { COMPILED, type KerasGroup, layerGroups, optimizerGroups, ownState } from "./keras-groups.js";
import type { SnapshotGroup, StoredEntry, StoredModel } from "./model-file.js";
import { stateInOrder } from "./optimizer-state.js";
import type { StoredTensor } from "./stored-tensor.js";

/** Start of the keys of a group. */
export const groupKey = (path: string): string => (path === "" ? "vars/" : `${path}/vars/`);

/** The groups as in Keras's HDF5 files: each with its layer's name. */
export function hdf5Of(groups: readonly SnapshotGroup[]): WrittenGroup {
  const root = newGroup();
  for (const { path, name, tensors } of groups) {
    const { attributes, members } = groupAt(root, groupKey(path));
    attributes.set("name", name);
    tensors.forEach(({ shape, data }, i) => {
      members.set(String(i), { shape, data });
    });
  }
  return root;
}

/** Pairs the weights of a model with the tensors of a file. */
export function paired(
  file: string,
  given: ReadonlyMap<string, StoredTensor>,
): Pick<StoredModel, "weights" | "state" | "stateOf"> {
  // Keras 2.13's word for layers.
  const tensors = new Map(
    [...given].map(([name, tensor]) => [name.replace(/\b_layer_checkpoint_dependencies\b/g, "layers"), tensor]),
  );
  const counts = new Map<string, number>();
  for (const name of tensors.keys()) {
    const group = name.replace(/[^/]*$/, "");
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const entries = ({ path, holders }: KerasGroup): [WeightHolder, StoredEntry][] =>
    holders.flatMap((holder, i) => {
      const name = `${groupKey(path)}${i}`;
      const tensor = tensors.get(name);
      return tensor === undefined ? [] : [[holder, { name, tensor }]];
    });
  const weights = (model: TrainableModel) => {
    const groups = layerGroups(model);
    for (const { path, name, holders } of groups) {
      const count = counts.get(groupKey(path)) ?? 0;
      if (count === holders.length) continue;
      if (holders.length === 0 && !model.built) refuseUnbuilt(file, model.name, path);
      refuseFile(
        file,
        `"${path}" has ${counted(count, "tensor")}, and the layer "${name}" ${counted(holders.length, "weight")}`,
      );
    }
    return new Map(groups.flatMap(entries));
  };
  const stateOf = (optimizer: Optimizer, path: string) => {
    const start = groupKey(path);
    const count = counts.get(start) ?? 0;
    const list = Array.from({ length: count }, (_, i) => {
      const name = `${start}${i}`;
      return { name, tensor: tensors.get(name) ?? refuseFile(file, `it has no "${name}"`) };
    });
    if (count === 0) return new Map();
    const found = stateInOrder(optimizer, list);
    const ours = optimizerGroups(optimizer, path).filter((group) => group.path === ownState(path));
    return found === undefined ? undefined : new Map([...found, ...ours.flatMap(entries)]);
  };
  const state = ({ optimizer }: TrainableModel) => (optimizer === null ? new Map() : stateOf(optimizer, COMPILED));
  return { weights, state, stateOf };
}

/** @throws ValueError: the file has weights of layers that were built before the model was */
function refuseUnbuilt(file: string, model: string, path: string): never {
  throw new ValueError(
    "ERR_NOT_BUILT",
    `${file}: "${path}" has weights, but ${model} was not built when it was saved, so its layers have none here. Call the model on a batch, or its build(inputShape), and save it again.`,
  );
}
