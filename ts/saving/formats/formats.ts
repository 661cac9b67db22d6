/**
 * Formats of files by their names and extensions.
 *
 * @module
 */

import type { Bytes } from "../../platform-types.js";
import type { FileInParts } from "../stores/in-parts.js";
import { chosenFormat, type FormatQuestion } from "./chosen-format.js";
import { writeHdf5 } from "./hdf5/writer.js";
import { hdf5Of } from "./keras-weights.js";
import type { SnapshotGroup } from "./model-file.js";
import { readNpz, writeNpz } from "./npz.js";
import { RUN_STATE, runStateArrays } from "./run-state.js";
import { readSafetensors, readSafetensorsInParts, writeSafetensors } from "./safetensors.js";
import type { NamedNumbers } from "./stored-tensor.js";
import { type NamedModel, type PlacedTensors, readH5, readWeightsH5 } from "./weights-h5.js";

/** A format of weights. `"h5"`, Keras's legacy format, is only read. */
export type WeightsFormat = "safetensors" | "npz" | "weights.h5" | "h5";

/** Weights and state to be written. */
export interface WrittenWeights {
  readonly tensors: readonly NamedNumbers[];
  /** Texts by name; formats without a place for them only keep {@link RUN_STATE}. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The same, in Keras's groups. */
  groups(): readonly SnapshotGroup[];
}

/** Reads and writes files of one format. */
export interface WeightsCodec {
  /** File extensions, in lower case. */
  readonly extensions: readonly string[];
  read(file: string, bytes: Uint8Array, named: NamedModel): PlacedTensors | Promise<PlacedTensors>;
  /** The same, for a large open file; missing for formats whose values are checked or unpacked as a whole. */
  readInParts?(file: string, open: FileInParts): Promise<PlacedTensors>;
  /** Missing for formats that are only read. */
  write?(weights: WrittenWeights): Bytes[];
}

/** The formats of weights. */
const WEIGHTS_FORMATS: Readonly<Record<WeightsFormat, WeightsCodec>> = {
  safetensors: {
    extensions: [".safetensors"],
    read: readSafetensors,
    readInParts: readSafetensorsInParts,
    write: ({ tensors, metadata }) => writeSafetensors(tensors, metadata),
  },
  npz: {
    extensions: [".npz"],
    read: readNpz,
    write: ({ tensors, metadata }) => writeNpz([...tensors, ...runStateArrays(metadata)]),
  },
  "weights.h5": {
    extensions: [".weights.h5"],
    read: readWeightsH5,
    write: ({ groups, metadata }) => {
      const run = runStateArrays(metadata).map((array) => ({ path: RUN_STATE, name: RUN_STATE, tensors: [array] }));
      return writeHdf5(hdf5Of([...groups(), ...run]));
    },
  },
  h5: { extensions: [".h5"], read: readH5 },
};

/** The requested format, otherwise that of the file's extension. @throws ValueError for an unknown one */
export function weightsFormat(owner: string, question: FormatQuestion): WeightsCodec {
  return chosenFormat(owner, WEIGHTS_FORMATS, question);
}
