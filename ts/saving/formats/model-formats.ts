/**
 * Formats of whole models by their names and extensions.
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
  keras: { extensions: [".keras"], read: readKeras, write: writeKeras },
  h5: { extensions: [".h5", ".hdf5"], read: readLegacyH5 },
  tfjs: { extensions: [MODEL_JSON], read: readTfjs, write: writeTfjs, main: MODEL_JSON },
};

/** File extensions of all formats. */
export const MODEL_EXTENSIONS: readonly string[] = Object.values(MODEL_FORMATS).flatMap(({ extensions }) => extensions);

/** The requested format, otherwise that of the file's extension. @throws ValueError for an unknown one */
export function modelFormat(owner: string, question: FormatQuestion): ModelCodec {
  return chosenFormat(owner, MODEL_FORMATS, question, {
    kind: " of models",
    hint: " Files of weights alone are for saveWeights and loadWeights.",
    except: ".weights.h5",
  });
}
