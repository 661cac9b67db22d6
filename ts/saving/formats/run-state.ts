/**
 * The state of a run in files of weights: JSON that other libraries do not read. In safetensors it is part of the
 * metadata, in other formats an array of its bytes.
 *
 * @module
 */

import { refuseFile } from "../stores/file-error.js";
import { parsedJSON } from "./json-text.js";
import type { Extras } from "./model-file.js";
import { byteLength, type NamedNumbers, numbersOf, type StoredTensors } from "./stored-tensor.js";
import { utf8, utf8Bytes } from "./utf8.js";

/**
 * Name of the entry. No field of a model can have this name, so it cannot collide with the state of an optimizer in a
 * field.
 */
export const RUN_STATE = "gradstep/run-state";

/** The entry of the metadata as an array, if there is one. */
export function runStateArrays(metadata: ReadonlyMap<string, string>): NamedNumbers[] {
  const text = metadata.get(RUN_STATE);
  if (text === undefined) return [];
  const data = Int32Array.from(utf8Bytes(text));
  return [{ name: RUN_STATE, shape: [data.length], data }];
}

/**
 * The entry of a file, empty if it has none.
 *
 * @param length - Bytes of the file, the maximum for the entry.
 * @throws ValueError for a damaged one
 */
export async function runStateIn(
  file: string,
  length: number,
  { tensors, metadata }: Pick<StoredTensors, "tensors" | "metadata">,
): Promise<Extras> {
  const what = JSON.stringify(RUN_STATE);
  const read = async () => {
    const tensor = tensors.get(RUN_STATE);
    if (tensor === undefined) return undefined;
    if (byteLength(file, RUN_STATE, tensor.dtype, tensor.shape) > length) refuseFile(file, `${what} is too large`);
    return utf8(file, what, Uint8Array.from(await numbersOf(RUN_STATE, tensor)));
  };
  const text = metadata.get(RUN_STATE) ?? (await read());
  return text === undefined ? {} : (Object(parsedJSON(file, what, text)) as Extras);
}
