/**
 * Errors for data that contain something other than numbers, with advice.
 *
 * @module
 */

import { isImage } from "../array-like.js";
import { isMap, isPlain, isReadable, isSet, isThenable } from "../brands.js";
import { isOurs } from "../copies.js";
import { ArgumentTypeError } from "../errors.js";
import { isList, shown } from "../options.js";
import type { Tensor } from "../tensor.js";

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

/**
 * Refuses arrays, tables, datasets and images of other libraries: their properties would be taken for names of inputs.
 *
 * @throws TypeError
 */
export function refuseForeign(owner: string, data: unknown): void {
  const cure = foreignCure(data);
  if (cure === undefined) return;
  throw new ArgumentTypeError(
    "ERR_VALUES_DTYPE",
    `${owner}: expected numbers (a typed array, a tensor, or nested lists), got ${shown(data)}. ${cure}`,
  );
}

/** Properties by which objects of other libraries are recognized, in this order, and how their numbers are passed. */
const FOREIGN: readonly (readonly [property: string, cure: string])[] = [
  [
    "forEachAsync",
    "Pass an async function* that yields { xs, ys } as numbers of its batches: docs/tfjs-users.md shows it.",
  ],
  ["arraySync", "Pass its numbers: t.arraySync()."],
  ["toJs", "Pass its numbers: x.toJs()."],
  ["tolist", "Pass its numbers: x.tolist()."],
  ["to2DArray", "Pass its numbers: x.to2DArray()."],
  ["toArray", "Pass its numbers: x.toArray()."],
  ["js", "Pass its numbers: x.js()."],
  ["getImageData", "Pass its pixels: context.getImageData(0, 0, width, height)."],
  ["getContext", 'Pass its pixels: canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).'],
  ["getTime", "Pass a number, such as date.getTime() / 86400000, in days."],
  ["arrayBuffer", "Read it first, with await x.text() or x.arrayBuffer(), and pass numbers."],
  ["naturalWidth", "Draw it on a canvas, and pass context.getImageData(0, 0, width, height)."],
  ["columns", "Pass its rows: frame.values."],
];

function foreignCure(value: unknown): string | undefined {
  // Plain objects are data by name, and ours have such methods too.
  if (!isReadable(value) || isList(value) || isPlain(value) || isImage(value) || ArrayBuffer.isView(value)) return;
  if (isOurs<Tensor>(value, "shape")) return;
  if (isMap(value)) return "Pass a list: [...map.values()].";
  if (isSet(value)) return "Pass a list: [...set].";
  try {
    // Newer engines have methods such as toArray on all iterators.
    if ("next" in value) return undefined;
    return FOREIGN.find(([property]) => property in value)?.[1];
  } catch {
    // A proxy of the user's.
    return undefined;
  }
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
  return foreignCure(entry);
}
