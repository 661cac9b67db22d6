/**
 * Formats of whole models by their names and endings.
 *
 * @module
 */

import { chosenFormat, type FormatQuestion } from "./chosen-format.js";
import { readKeras, writeKeras } from "./keras.js";
import { readLegacyH5 } from "./legacy-h5.js";
import type { ModelCodec } from "./model-file.js";
import { readTfjs } from "./tfjs.js";
import { MODEL_JSON, writeTfjs } from "./tfjs-writer.js";

/**
 * A format of models: `"keras"` of Keras 3; `"h5"`, the legacy format of all versions of Keras, which is only read;
 * TensorFlow.js's `"tfjs"`.
 */
export type ModelFormat = "keras" | "h5" | "tfjs";

/** The formats of models. */
const MODEL_FORMATS: Readonly<Record<ModelFormat, ModelCodec>> = {
  keras: { endings: [".keras"], read: readKeras, write: writeKeras },
  h5: { endings: [".h5", ".hdf5"], read: readLegacyH5 },
  tfjs: { endings: [MODEL_JSON], read: readTfjs, write: writeTfjs, main: MODEL_JSON },
};

/** File endings of all formats. */
export const MODEL_ENDINGS: readonly string[] = Object.values(MODEL_FORMATS).flatMap(({ endings }) => endings);

/** The requested format, otherwise that of the file's ending. @throws ValueError for an unknown one */
export function modelFormat(owner: string, question: FormatQuestion): ModelCodec {
  return chosenFormat(owner, MODEL_FORMATS, question, {
    kind: " of models",
    hint: " Files of weights alone are for saveWeights and loadWeights.",
    except: ".weights.h5",
  });
}
