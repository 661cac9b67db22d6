/**
 * The check that indices are in range, before anything is computed with them.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";

/**
 * Refuses an index that is not from 0 to `bound - 1`.
 *
 * @param noun - Noun for an index: `"label"`.
 * @param nouns - Noun for the `bound` things: `"classes"`.
 * @throws ValueError that names the first such index and its place
 */
export function checkIndices(
  owner: string,
  noun: string,
  indices: Tensor<"int32">,
  bound: number,
  nouns: string,
): void {
  const at = wasm().first_out_of_range(indices.address, indices.size, bound);
  if (at >= 0) refuseIndex(owner, noun, indices.numbers[at]!, `index ${at}`, bound, nouns);
}

/** Throws the error for an index that is out of range. @param place - Its position: `"index 7"`. */
export function refuseIndex(
  owner: string,
  noun: string,
  index: number,
  place: string,
  bound: number,
  nouns: string,
): never {
  const range = bound === 0 ? `no ${nouns}` : `${bound} ${nouns}, counted from 0 to ${bound - 1}`;
  const cure = bound === 1 && nouns === "classes" ? " For two classes in one output use binaryCrossentropy." : "";
  throw new ValueError(
    "ERR_INDEX_RANGE",
    `${owner}: ${noun} ${index} at ${place} is out of range: there are ${range}.${cure}`,
  );
}

/** Accepted whole numbers: indices from 0 to `bound - 1`. */
export interface IndexRange {
  /** Name of an index in messages: `"label"`. */
  readonly noun: string;
  readonly bound: number;
  /** Name of the things counted by `bound`: `"classes"`. */
  readonly nouns: string;
  /** A number that is accepted too. */
  readonly ignored?: number | null;
}

/**
 * Refuses a caller's numbers that are out of range.
 *
 * @param rowSize - How many of the numbers make a sample, for the message.
 * @throws ValueError that names the first such number, and its sample
 */
export function checkRange(owner: string, values: ArrayLike<number>, rowSize: number, range: IndexRange): void {
  const { bound, noun, nouns, ignored = null } = range;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= 0 && value < bound && value === (value | 0)) continue;
    if (value === ignored) continue;
    const place = `sample ${Math.floor(i / Math.max(1, rowSize))}`;
    if (value === (value | 0)) refuseIndex(owner, noun, value, place, bound, nouns);
    throw new ValueError("ERR_VALUES_DTYPE", `${owner}: expected whole numbers, got ${value} at ${place}.`);
  }
}
