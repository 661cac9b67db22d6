/**
 * Weights as Keras 3 keys them: `layers/dense/vars/0`, `optimizer/vars/2`.
 *
 * @module
 */

import type { TrainableModel } from "../../models/trainable-model.js";
import { counted } from "../../options.js";
import type { WeightHolder } from "../../weights.js";
import { refuseFile } from "../stores/file-error.js";
import { groupAt, newGroup, type WrittenGroup } from "./hdf5/writer.js";
import { type KerasGroup, layerGroups, OWN_STATE, optimizerGroups } from "./keras-groups.js";
import type { SnapshotGroup, StoredEntry, StoredModel } from "./model-file.js";
import { stateInOrder } from "./optimizer-state.js";
import type { StoredTensor } from "./stored-tensor.js";

/** Start of the keys of a group. */
export const groupKey = (path: string): string => (path === "" ? "vars/" : `${path}/vars/`);

/** The groups as Keras's HDF5 file has them: each with its layer's name. */
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
export function paired(file: string, given: ReadonlyMap<string, StoredTensor>): Pick<StoredModel, "weights" | "state"> {
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
      refuseFile(
        file,
        `"${path}" has ${counted(count, "tensor")}, and the layer "${name}" ${counted(holders.length, "weight")}`,
      );
    }
    return new Map(groups.flatMap(entries));
  };
  const state = ({ optimizer }: TrainableModel) => {
    const count = counts.get(groupKey("optimizer")) ?? 0;
    if (optimizer === null || count === 0) return new Map();
    const list = Array.from({ length: count }, (_, i) => {
      const name = `${groupKey("optimizer")}${i}`;
      return { name, tensor: tensors.get(name) ?? refuseFile(file, `it has no "${name}"`) };
    });
    const found = stateInOrder(optimizer, list);
    const ours = optimizerGroups(optimizer).filter(({ path }) => path === OWN_STATE);
    return found === undefined ? undefined : new Map([...found, ...ours.flatMap(entries)]);
  };
  return { weights, state };
}
