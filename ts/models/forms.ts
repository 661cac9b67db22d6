/**
 * The forms that data come in: whether a list holds samples, or arrays of them.
 *
 * `[[1], [2]]` may be two samples, or a batch `[x, y]`. The rank of the model's input decides, never the length of a list.
 *
 * @module
 */

import { isA } from "../brands.js";
import { isList } from "../options.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import { isXsYs, type Port } from "./samples.js";

/** Axes of a sample of each input; `undefined` where it is not known yet. */
export type Ranks = readonly (number | undefined)[];

/** No data are nested deeper: a list that holds itself must not be followed for ever. */
const DEEPEST = 32;

/** The ranks of a model's inputs. */
export function ranksOf(ports: readonly Port[]): Ranks {
  return ports.map(({ rank, rowShape }) => rowShape?.length ?? rank);
}

/**
 * Whether `given` is the data of a model's inputs, rather than a tuple `[x]`, `[x, y]` or `[x, y, sampleWeight]` of
 * such.
 *
 * @param deep - What lists of lists of lists are where the rank is not known yet.
 */
function isSamples(given: unknown, ranks: Ranks, deep: boolean): boolean {
  // Arrays, and data by name.
  if (!isList(given)) return true;
  const first: unknown = given[0];
  if (ranks.length > 1) return isList(first) ? !isTuple(first) && isOfRank(first, ranks[0], deep) : isArray(first);
  if (typeof first === "object" && !isList(first)) return false;
  return isOfRank(given, ranks[0], deep);
}

/** A batch of `predict` as a tuple: it may be the data alone. */
export function predictTuple(given: unknown, ranks: Ranks): unknown {
  return !isXsYs(given) && isSamples(given, ranks, false) ? [given] : given;
}

/** Whether validation data are `[x, y]` or `[x, y, sampleWeight]`, rather than a list of such batches. */
export function isValidationTuple(data: unknown, ranks: Ranks): data is readonly [unknown, unknown, unknown?] {
  if (!isList(data) || data.length < 2 || data.length > 3) return false;
  // A list of batches; with several inputs, they may be the inputs by name.
  if (ranks.length === 1 && isXsYs(data[0])) return false;
  return isSamples(data[0], ranks, true) || areRows(data[0], ranks);
}

/**
 * Whether a list of flat arrays is one of samples, not a batch: one array, four or more, or three of one number each. Two
 * flat arrays are `[x, y]`.
 */
function areRows(given: unknown, ranks: Ranks): boolean {
  if (!isList(given) || ranks.length !== 1 || ranks[0] !== 1 || !given.every(isFlat)) return false;
  const isThree = given.length === 3 && given.every((row) => sizeOfFlat(row) === 1);
  return given.length === 1 || given.length > 3 || isThree;
}

const sizeOfFlat = (row: unknown): number =>
  isA(row, Tensor) || isA(row, Variable) ? row.size : (row as { readonly length: number }).length;

function isFlat(value: unknown): boolean {
  return isA(value, Tensor) || isA(value, Variable) ? value.shape.length === 1 : ArrayBuffer.isView(value);
}

/** The ranks that training data show, for a model that is not built yet. */
export function ranksIn(x: unknown, ranks: Ranks, isStream: boolean): Ranks {
  const whole: unknown = isStream ? (isList(x) && isList(x[0]) ? x[0][0] : undefined) : x;
  const list: unknown = ranks.length > 1 ? whole : [whole];
  return ranks.map((rank, i) => {
    const depth = isList(list) ? depthOf(list[i]) : 0;
    // A flat array may be one number per sample.
    return rank ?? (depth === 0 ? undefined : Math.max(1, depth - 1));
  });
}

/** Flat numbers, or as many axes as a sample has, and one for the samples. */
function isOfRank(given: readonly unknown[], rank: number | undefined, deep: boolean): boolean {
  const depth = depthOf(given);
  if (rank === undefined) return depth < 3 || deep;
  // A list of one more level is a tuple; of flat arrays too.
  return depth === 1 || depth === 1 + rank || !(depth === 2 || depth === 2 + rank);
}

/** Whether a list among the first things in a list is a tuple's list of inputs. */
function isTuple(list: readonly unknown[]): boolean {
  return typeof list[0] === "object" && !isList(list[0]);
}

function isArray(value: unknown): boolean {
  return value instanceof Tensor || value instanceof Variable || ArrayBuffer.isView(value);
}

/** Axes of an array of samples, or levels of a list. */
function depthOf(value: unknown): number {
  let depth = 0;
  let level = value;
  for (; isList(level) && depth < DEEPEST; level = level[0]) depth++;
  if (isA(level, Tensor) || isA(level, Variable)) return depth + level.shape.length;
  return ArrayBuffer.isView(level) ? depth + 1 : depth;
}
