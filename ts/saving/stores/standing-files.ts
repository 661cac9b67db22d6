/**
 * Persistent files: existence and removal.
 *
 * @module
 */

import { files } from "#saving-files";
import { reached } from "./sources.js";
import { storeOf } from "./stores.js";

/** Whether there is a file. @throws FileError if that cannot be determined */
export async function isAt(place: string): Promise<boolean> {
  const store = storeOf(place);
  if (store === undefined) return await reached(place, () => files.has(place));
  return (await store.list()).some(([known]) => known === place);
}

/** Removes a file, and its folder if that is then empty; or the remains of a file that was not completely written. */
export async function clearPlace(place: string, part: "all" | "unfinished"): Promise<void> {
  const store = storeOf(place);
  if (store === undefined) await reached(place, () => files.clear(place, part));
  else if (part === "all") await store.remove(place);
}
