/**
 * Files in the page's stores.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { checkCount, shown } from "../options.js";
import { listedStores, storeOf } from "./stores/stores.js";

/** A file in IndexedDB or in the origin's private file system. */
export interface StoredModel {
  /** Its address for loading, `"indexeddb://name"` or `"opfs://path"`. */
  readonly place: string;
  /** Length in bytes. */
  readonly bytes: number;
}

/**
 * Lists the files that were saved in IndexedDB and in the origin's private file system, by their addresses.
 *
 * @returns an empty list on hosts that have neither
 * @throws FileError with `ERR_FILE_ACCESS` when a store cannot be read
 */
export async function listModels(): Promise<StoredModel[]> {
  checkCount("listModels", arguments.length, 0);
  const lists = await Promise.all(listedStores().map((store) => store.list()));
  return lists.flat().map(([place, bytes]) => ({ place, bytes }));
}

/**
 * Removes a file from IndexedDB or from the origin's private file system.
 *
 * @param place - `"indexeddb://name"` or `"opfs://path"`.
 * @returns whether there was such a file
 * @throws TypeError for another address, FileError with `ERR_FILE_ACCESS` when the store cannot be changed
 */
export async function removeModel(place: string): Promise<boolean> {
  checkCount("removeModel", arguments.length, 1);
  const store = typeof place === "string" ? storeOf(place) : undefined;
  if (store !== undefined) return await store.remove(place);
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `removeModel takes "indexeddb://name" or "opfs://path", got ${shown(place)}. Files of the host are removed by its own functions.`,
  );
}
