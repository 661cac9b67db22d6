/**
 * A whole model between memory and file: formats turn a snapshot into bytes, and bytes into a stored model.
 *
 * @module
 */

import type { SavedModel } from "../../models/saved-model.js";
import type { TrainableModel } from "../../models/trainable-model.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import type { Bytes } from "../../platform-types.js";
import type { WeightHolder } from "../../weights.js";
import type { NamedNumbers, StoredTensor } from "./stored-tensor.js";

/** JSON by name, for data that Keras does not save. */
export type Extras = Readonly<Record<string, unknown>>;

/** The numbers of one layer, model or optimizer, without those of sublayers. */
export interface SnapshotGroup {
  /** Path in Keras's files, by classes: `"layers/dense_1"`; `""` for the model. */
  readonly path: string;
  /** Name of the layer or the optimizer. */
  readonly name: string;
  readonly tensors: readonly NamedNumbers[];
}

/** A copy of everything that a file saves of a model. */
export interface ModelSnapshot {
  /** Keras's JSON, with `compile_config`. */
  readonly json: SavedModel;
  /** The weights by their paths, in the model's order. */
  readonly weights: readonly NamedNumbers[];
  /** The optimizer's state in Keras 3's order; `null` before it is built. */
  readonly optimizer: readonly NamedNumbers[] | null;
  /** The state of optimizers in the model's fields: `optimizers/<field>/...`. */
  readonly others: readonly NamedNumbers[];
  /** The same numbers in Keras's groups: layers in the order of its files, then the optimizer. */
  readonly groups: readonly SnapshotGroup[];
  readonly extras: Extras;
}

/** A file to be written: the requested file, or one next to it. */
export interface WrittenFile {
  /** Name next to the requested file, such as that of a shard; `null` for the requested file. */
  readonly beside: string | null;
  readonly pieces: readonly Bytes[];
}

/** A tensor of a file, with its name in the file, for messages. */
export interface StoredEntry {
  readonly name: string;
  readonly tensor: StoredTensor;
}

/** Entries of a file for weights or state. */
export type Assignment = ReadonlyMap<WeightHolder, StoredEntry>;

/** A model in a file that was read, before it is created. */
export interface StoredModel {
  /** The JSON of the model, with `compile_config`, as in the file. */
  readonly json: unknown;
  /** The version of Keras that wrote the file, if the file contains it. */
  readonly version?: unknown;
  /** The arguments of `compile` in the form of Keras 2 (`optimizer_config`), if `json` has none. */
  readonly training?: unknown;
  readonly extras: Extras;
  /** The entries of all weights of a model that was created from `json`. @throws ValueError if one is missing */
  weights(model: TrainableModel): Assignment;
  /**
   * The entries of the state of its optimizer, which is built: none if the file has none, `undefined` if they belong to
   * another optimizer.
   */
  state(model: TrainableModel): Assignment | undefined;
  /** The same, for an optimizer in a field, at this path; missing for formats without a place for it. */
  stateOf?(optimizer: Optimizer, path: string): Assignment | undefined;
}

/** Reads a file next to the current one, by a relative path without `..`. */
export type Beside = (name: string) => Promise<Uint8Array>;

/** Reads and writes models in one format. */
export interface ModelCodec {
  /** File extensions, in lower case. */
  readonly extensions: readonly string[];
  read(file: string, bytes: Uint8Array, beside: Beside): Promise<StoredModel>;
  /** Missing for formats that are only read. */
  write?(snapshot: ModelSnapshot): readonly WrittenFile[];
  /** Name of the main file, for a format of several files. */
  readonly main?: string;
}
