/** Contents of zip archives of stored entries. */

import { readZip } from "../../ts/saving/formats/zip-reader.js";

/** The files of an archive by name. */
export async function unzipped(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const [name, entry] of readZip("the archive", bytes)) files.set(name, await entry.bytes());
  return files;
}
