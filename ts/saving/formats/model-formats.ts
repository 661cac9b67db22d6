/**
 * Formats of whole models by their names and endings.
 *
 * @module
 */

import { ValueError } from "../../errors.js";
import { nearestName, shown } from "../../options.js";
import { nameOf } from "./formats.js";
import { readKeras, writeKeras } from "./keras.js";
import { readLegacyH5 } from "./legacy-h5.js";
import type { ModelCodec } from "./model-file.js";
import { readTfjs } from "./tfjs.js";
import { MODEL_JSON, writeTfjs } from "./tfjs-writer.js";

/** A format of models: `"keras"` of Keras 3; `"h5"`, the legacy one of all Keras, which is only read; TensorFlow.js's `"tfjs"`. */
export type ModelFormat = "keras" | "h5" | "tfjs";

/** The formats of models. */
const MODEL_FORMATS: Readonly<Record<ModelFormat, ModelCodec>> = {
  keras: { endings: [".keras"], read: readKeras, write: writeKeras },
  h5: { endings: [".h5", ".hdf5"], read: readLegacyH5 },
  tfjs: { endings: [MODEL_JSON], read: readTfjs, write: writeTfjs, main: MODEL_JSON },
};

const NAMES = Object.keys(MODEL_FORMATS) as readonly ModelFormat[];

/** Ends of names of all formats. */
export const MODEL_ENDINGS: readonly string[] = NAMES.flatMap((name) => MODEL_FORMATS[name].endings);

/** The format that is asked for, else that of the file's ending. @throws ValueError for an unknown one */
export function modelFormat(owner: string, format: unknown, place: unknown, isWritten: boolean): ModelCodec {
  const names = NAMES.filter((name) => !isWritten || MODEL_FORMATS[name].write !== undefined);
  if (format !== undefined && format !== null) {
    const found = names.find((name) => name === format);
    if (found !== undefined) return MODEL_FORMATS[found];
    const near = typeof format === "string" ? nearestName(format, names) : undefined;
    throw new ValueError(
      "ERR_FILE_FORMAT",
      `${owner}: "format" must be ${list(names)}, got ${shown(format)}.${near === undefined ? "" : ` Did you mean "${near}"?`}`,
    );
  }
  const file = nameOf(place);
  const name = file?.toLowerCase() ?? "";
  // ".weights.h5" has no architecture.
  const found = names.find(
    (known) => !name.endsWith(".weights.h5") && MODEL_FORMATS[known].endings.some((ending) => name.endsWith(ending)),
  );
  if (found !== undefined) return MODEL_FORMATS[found];
  const endings = names.flatMap((known) => MODEL_FORMATS[known].endings);
  throw new ValueError(
    "ERR_FILE_FORMAT",
    file === undefined
      ? `${owner}: a file without a name needs the option "format": ${list(names)}.`
      : `${owner}: ${JSON.stringify(file)} ends with no known format of models. Endings are ${endings.join(", ")}; with another one pass "format". Files of weights alone are for saveWeights and loadWeights.`,
  );
}

const list = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(" or ");
