/**
 * Formats of files by their names and endings.
 *
 * @module
 */

import { ValueError } from "../../errors.js";
import { nearestName, shown } from "../../options.js";
import type { Bytes } from "../../platform-types.js";
import { isURL } from "../stores/source-kinds.js";
import { readNpz, writeNpz } from "./npz.js";
import { readSafetensors, writeSafetensors } from "./safetensors.js";
import type { NamedNumbers, StoredTensors } from "./stored-tensor.js";

/** A format of weights. */
export type WeightsFormat = "safetensors" | "npz";

/** Reads and writes files of one format. */
export interface WeightsCodec {
  readonly ending: string;
  read(file: string, bytes: Uint8Array): StoredTensors | Promise<StoredTensors>;
  write(tensors: readonly NamedNumbers[], metadata: ReadonlyMap<string, string>): Bytes[];
}

/** The formats of weights. */
export const WEIGHTS_FORMATS: Readonly<Record<WeightsFormat, WeightsCodec>> = {
  safetensors: { ending: ".safetensors", read: readSafetensors, write: writeSafetensors },
  npz: { ending: ".npz", read: readNpz, write: writeNpz },
};

const NAMES = Object.keys(WEIGHTS_FORMATS) as readonly WeightsFormat[];

/** The format that is asked for, else that of the file's ending. @throws ValueError for an unknown one */
export function weightsFormat(owner: string, format: unknown, place: unknown): WeightsCodec {
  if (format !== undefined && format !== null) {
    if (typeof format === "string" && Object.hasOwn(WEIGHTS_FORMATS, format))
      return WEIGHTS_FORMATS[format as WeightsFormat];
    const near = typeof format === "string" ? nearestName(format, NAMES) : undefined;
    throw new ValueError(
      "ERR_FILE_FORMAT",
      `${owner}: "format" must be ${list(NAMES)}, got ${shown(format)}.${near === undefined ? "" : ` Did you mean "${near}"?`}`,
    );
  }
  const name = nameOf(place);
  const found = NAMES.find((known) => name?.toLowerCase().endsWith(WEIGHTS_FORMATS[known].ending));
  if (found !== undefined) return WEIGHTS_FORMATS[found];
  const endings = NAMES.map((known) => WEIGHTS_FORMATS[known].ending);
  throw new ValueError(
    "ERR_FILE_FORMAT",
    name === undefined
      ? `${owner}: a file without a name needs the option "format": ${list(NAMES)}.`
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
