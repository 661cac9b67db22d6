/**
 * Keras 3's .keras format: a zip of config.json, metadata.json, and the weights.
 *
 * @see https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
 * @module
 */

import { own } from "../../custom-objects.js";
import { isList } from "../../options.js";
import { stringify } from "../../stringify.js";
import { refuseFile } from "../stores/file-error.js";
import { arraysOf, readHdf5 } from "./hdf5/reader.js";
import { writeHdf5 } from "./hdf5/writer.js";
import { parsedJSON } from "./json-text.js";
import { hdf5Of, paired } from "./keras-weights.js";
import type { Extras, ModelSnapshot, StoredModel, WrittenFile } from "./model-file.js";
import { utf8, utf8Bytes } from "./utf8.js";
import { checkUnpacked, readZip, type ZipEntry } from "./zip-reader.js";
import { writeZip } from "./zip-writer.js";

/** The version of Keras whose layout is written. */
const KERAS_VERSION = "3.15.1";

const CONFIG = "config.json";
const METADATA = "metadata.json";
const WEIGHTS = "model.weights.h5";

/** The package's entry in the metadata. */
const EXTRAS = "gradstep";

/** The archive. Nothing in it depends on the date: equal models have equal files. */
export function writeKeras({ json, groups, extras }: ModelSnapshot): readonly WrittenFile[] {
  const text = (value: string) => [utf8Bytes(value)];
  const own = Object.keys(extras).length === 0 ? {} : { [EXTRAS]: extras };
  const metadata = { keras_version: KERAS_VERSION, ...own };
  const pieces = writeZip([
    { name: METADATA, pieces: text(JSON.stringify(metadata)) },
    { name: CONFIG, pieces: text(stringify(json)) },
    { name: WEIGHTS, pieces: writeHdf5(hdf5Of(groups)) },
  ]);
  return [{ beside: null, pieces }];
}

/** A model in an archive. @throws ValueError for a damaged one */
export async function readKeras(file: string, bytes: Uint8Array): Promise<StoredModel> {
  const entries = readZip(file, bytes);
  checkUnpacked(file, bytes, entries);
  const config = entries.get(CONFIG) ?? refuseFile(file, `it has no ${CONFIG}`);
  const metadata = entries.get(METADATA);
  const weights = entries.get(WEIGHTS) ?? refuseFile(file, `it has no ${WEIGHTS}`);
  const tensors = arraysOf(readHdf5(`${file}, ${WEIGHTS}`, await weights.bytes()));
  const about = metadata === undefined ? {} : await jsonOf(file, metadata);
  return {
    json: await jsonOf(file, config),
    version: typeof about === "object" && about !== null ? own(about, "keras_version") : undefined,
    extras: extrasIn(about),
    ...paired(file, tensors),
  };
}

async function jsonOf(file: string, entry: ZipEntry): Promise<unknown> {
  const label = `${file}, ${entry.name}`;
  return parsedJSON(label, "it", utf8(label, "it", await entry.bytes()));
}

function extrasIn(metadata: unknown): Extras {
  const extras = typeof metadata === "object" && metadata !== null ? own(metadata, EXTRAS) : undefined;
  return typeof extras === "object" && extras !== null && !isList(extras) ? (extras as Extras) : {};
}
