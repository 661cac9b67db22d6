/**
 * NumPy's .npz format: a zip of .npy files.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.savez.html
 * @module
 */

import type { Bytes } from "../../platform-types.js";
import { refuseFile } from "../stores/file-error.js";
import { LONGEST_HEADER, npyHeader, npyValues, writeNpy } from "./npy.js";
import { byteLength, type NamedNumbers, type StoredTensor, type StoredTensors } from "./stored-tensor.js";
import { readZip } from "./zip-reader.js";
import { writeZip } from "./zip-writer.js";

const ENDING = ".npy";

/** The arrays of an archive; each is unpacked when its bytes are requested. @throws ValueError for a damaged file */
export async function readNpz(file: string, bytes: Uint8Array): Promise<StoredTensors> {
  const tensors = new Map<string, StoredTensor>();
  for (const entry of readZip(file, bytes).values()) {
    const label = `${file}, ${JSON.stringify(entry.name)}`;
    if (!entry.name.endsWith(ENDING)) refuseFile(label, "it is not a .npy file");
    const header = npyHeader(label, await entry.head(LONGEST_HEADER + 12));
    const wanted = header.start + byteLength(label, "its values", header.dtype, header.shape);
    if (entry.size !== wanted) {
      refuseFile(label, `it has ${entry.size} bytes, and ${wanted} by its shape [${header.shape.join(", ")}]`);
    }
    tensors.set(entry.name.slice(0, -ENDING.length), {
      dtype: header.dtype,
      shape: header.shape,
      bytes: async () => npyValues(label, await entry.bytes(), header),
    });
  }
  return { tensors, metadata: new Map() };
}

/** The archive, in pieces: values are not copied. */
export function writeNpz(tensors: readonly NamedNumbers[]): Bytes[] {
  return writeZip(tensors.map((tensor) => ({ name: `${tensor.name}${ENDING}`, pieces: writeNpy(tensor) })));
}
