/**
 * Files that stand for a while: whether they are there, and their removal.
 *
 * @module
 */

import { files } from "#saving-files";
import { reached } from "./sources.js";
import { storeOf } from "./stores.js";

/** Whether there is a file. @throws FileError when that cannot be known */
export async function isAt(place: string): Promise<boolean> {
  const store = storeOf(place);
  if (store === undefined) return await reached(place, () => files.has(place));
  return (await store.list()).some(([known]) => known === place);
}

/** Removes a file with its folder, if that is empty then; or what was left of one that was not written to its end. */
export async function clearPlace(place: string, part: "all" | "unfinished"): Promise<void> {
  const store = storeOf(place);
  if (store === undefined) await reached(place, () => files.clear(place, part));
  else if (part === "all") await store.remove(place);
}
