/**
 * Errors for data that contain something other than numbers, with advice.
 *
 * @module
 */

import { isImage } from "../array-like.js";
import { isPlain, isThenable } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";
import { shown } from "../options.js";

/** Refuses typical non-numeric data as a whole. @throws TypeError */
export function refuseData(owner: string, data: unknown): void {
  refuseEntry(owner, data, "numbers (a typed array, a tensor, or nested lists)");
}

/** Refuses typical non-numeric entries of data; the reader refuses others. @throws TypeError */
export function refuseEntry(owner: string, entry: unknown, expected = "numbers"): void {
  const cure = cureFor(entry);
  if (cure === undefined) return;
  throw new ArgumentTypeError("ERR_VALUES_DTYPE", `${owner}: expected ${expected}, got ${shown(entry)}. ${cure}`);
}

function cureFor(entry: unknown): string | undefined {
  if (typeof entry === "string") {
    return entry.trim() === "" || Number.isNaN(Number(entry))
      ? "Replace text with numbers first: a name of a class with its index, such as names.indexOf(name)."
      : "Convert text first: Number(text).";
  }
  if (entry === undefined || entry === null) return "Fill or leave out missing values first.";
  if (isThenable(entry)) return "It is a promise: await it first.";
  if (isPlain(entry) && !isImage(entry)) return "Make a list of each row first: data.map((row) => Object.values(row)).";
  return undefined;
}
