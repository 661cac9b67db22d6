/**
 * Formats of files by their names and endings.
 *
 * @module
 */

import { ValueError } from "../../errors.js";
import { nearestName, shown } from "../../options.js";
import type { Bytes } from "../../platform-types.js";
import { isURL } from "../stores/source-kinds.js";
import { writeHdf5 } from "./hdf5/writer.js";
import { hdf5Of } from "./keras-weights.js";
import type { SnapshotGroup } from "./model-file.js";
import { readNpz, writeNpz } from "./npz.js";
import { readSafetensors, writeSafetensors } from "./safetensors.js";
import type { NamedNumbers } from "./stored-tensor.js";
import { type NamedModel, type PlacedTensors, readH5, readWeightsH5 } from "./weights-h5.js";

/** A format of weights. `"h5"`, the legacy one of Keras, is only read. */
export type WeightsFormat = "safetensors" | "npz" | "weights.h5" | "h5";

/** Weights and state to be written. */
export interface WrittenWeights {
  readonly tensors: readonly NamedNumbers[];
  readonly metadata: ReadonlyMap<string, string>;
  /** The same as Keras groups them. */
  groups(): readonly SnapshotGroup[];
}

/** Reads and writes files of one format. */
export interface WeightsCodec {
  readonly ending: string;
  read(file: string, bytes: Uint8Array, named: NamedModel): PlacedTensors | Promise<PlacedTensors>;
  /** Missing for formats that are only read. */
  write?(weights: WrittenWeights): Bytes[];
}

/** The formats of weights. */
export const WEIGHTS_FORMATS: Readonly<Record<WeightsFormat, WeightsCodec>> = {
  safetensors: {
    ending: ".safetensors",
    read: readSafetensors,
    write: ({ tensors, metadata }) => writeSafetensors(tensors, metadata),
  },
  npz: { ending: ".npz", read: readNpz, write: ({ tensors }) => writeNpz(tensors) },
  "weights.h5": {
    ending: ".weights.h5",
    read: readWeightsH5,
    write: ({ groups }) => writeHdf5(hdf5Of(groups())),
  },
  h5: { ending: ".h5", read: readH5 },
};

const NAMES = Object.keys(WEIGHTS_FORMATS) as readonly WeightsFormat[];

/** The format that is asked for, else that of the file's ending. @throws ValueError for an unknown one */
export function weightsFormat(owner: string, format: unknown, place: unknown, isWritten: boolean): WeightsCodec {
  const names = NAMES.filter((known) => !isWritten || WEIGHTS_FORMATS[known].write !== undefined);
  if (format !== undefined && format !== null) {
    const found = names.find((known) => known === format);
    if (found !== undefined) return WEIGHTS_FORMATS[found];
    const near = typeof format === "string" ? nearestName(format, names) : undefined;
    throw new ValueError(
      "ERR_FILE_FORMAT",
      `${owner}: "format" must be ${list(names)}, got ${shown(format)}.${near === undefined ? "" : ` Did you mean "${near}"?`}`,
    );
  }
  const name = nameOf(place);
  const found = names.find((known) => name?.toLowerCase().endsWith(WEIGHTS_FORMATS[known].ending));
  if (found !== undefined) return WEIGHTS_FORMATS[found];
  const endings = names.map((known) => WEIGHTS_FORMATS[known].ending);
  throw new ValueError(
    "ERR_FILE_FORMAT",
    name === undefined
      ? `${owner}: a file without a name needs the option "format": ${list(names)}.`
      : `${owner}: ${JSON.stringify(name)} ends with no known format. Endings are ${endings.join(", ")}; with another one pass "format".`,
  );
}

const list = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(" or ");

/** Name of a file, for its ending and for messages; `undefined` for bytes and streams. */
export function nameOf(place: unknown): string | undefined {
  if (typeof place === "string" || isURL(place)) {
    const text = String(place);
    return /^(https?|file|blob):/.test(text) ? text.replace(/[?#].*$/s, "") : text;
  }
  // A File and a handle have one.
  const { name } = Object(place) as { name?: unknown };
  return typeof name === "string" && name !== "" ? name : undefined;
}
