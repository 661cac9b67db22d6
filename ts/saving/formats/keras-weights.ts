/**
 * Weights as Keras 3 keys them: `layers/dense/vars/0`, `optimizer/vars/2`.
 *
 * @module
 */

import type { TrainableModel } from "../../models/trainable-model.js";
import { counted } from "../../options.js";
import type { WeightHolder } from "../../weights.js";
import { refuseFile } from "../stores/file-error.js";
import { type KerasGroup, layerGroups, optimizerGroups } from "./keras-groups.js";
import type { SnapshotGroup, StoredEntry, StoredModel } from "./model-file.js";
import type { NamedNumbers, StoredTensor } from "./stored-tensor.js";

const varsOf = (path: string) => (path === "" ? "vars/" : `${path}/vars/`);

/** The tensors under their keys. */
export function keyed(groups: readonly SnapshotGroup[]): NamedNumbers[] {
  return groups.flatMap(({ path, tensors }) =>
    tensors.map((tensor, i) => ({ ...tensor, name: `${varsOf(path)}${i}` })),
  );
}

/** Pairs the weights of a model with the tensors of a file. */
export function paired(
  file: string,
  tensors: ReadonlyMap<string, StoredTensor>,
): Pick<StoredModel, "weights" | "state"> {
  const counts = new Map<string, number>();
  for (const name of tensors.keys()) {
    const group = name.replace(/[^/]*$/, "");
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const entries = ({ path, holders }: KerasGroup): [WeightHolder, StoredEntry][] =>
    holders.flatMap((holder, i) => {
      const name = `${varsOf(path)}${i}`;
      const tensor = tensors.get(name);
      return tensor === undefined ? [] : [[holder, { name, tensor }]];
    });
  const weights = (model: TrainableModel) => {
    const groups = layerGroups(model);
    for (const { path, name, holders } of groups) {
      const count = counts.get(varsOf(path)) ?? 0;
      if (count === holders.length) continue;
      refuseFile(
        file,
        `"${path}" has ${counted(count, "tensor")}, and the layer "${name}" ${counted(holders.length, "weight")}`,
      );
    }
    return new Map(groups.flatMap(entries));
  };
  const state = ({ optimizer }: TrainableModel) => {
    const [group] = optimizer === null ? [] : optimizerGroups(optimizer);
    return new Map(group === undefined ? [] : entries(group));
  };
  return { weights, state };
}
