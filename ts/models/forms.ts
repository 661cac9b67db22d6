/**
 * Forms of data: whether a list contains samples, or arrays of samples.
 *
 * `[[1], [2]]` may be two samples, or a batch `[x, y]`. The rank of the model's input decides, never the length of a list.
 *
 * @module
 */

import { isA } from "../brands.js";
import { isList } from "../options.js";
import { type Shape, sizeOf } from "../shape.js";
import { isTensor, Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import { fittingShape } from "./last-axis.js";
import { isXsYs, type Port, pairAsTuple } from "./samples.js";

/** Lengths of the axes of a sample of each input, `null` if unknown; `undefined` if even the rank is unknown. */
export type RowShapes = readonly (RowShape | undefined)[];

type RowShape = readonly (number | null)[];

/** No data are nested deeper; a list that contains itself must not be followed forever. */
const DEEPEST = 32;

/** Samples of a model's inputs. */
export function rowShapesOf(ports: readonly Port[]): RowShapes {
  return ports.map(({ rank, rowShape }) => rowShape ?? (rank === undefined ? undefined : openShape(rank)));
}

/** Axes with unknown lengths. */
function openShape(rank: number): RowShape {
  return Array.from({ length: rank }, () => null);
}

/**
 * Whether `given` is the data of a model's inputs, rather than a tuple `[x]`, `[x, y]` or `[x, y, sampleWeight]` of them.
 *
 * @param isValidation - Whether lists of lists of lists are samples if no rank is known.
 */
function isSamples(given: unknown, rowShapes: RowShapes, isValidation: boolean): boolean {
  // Arrays, and data by name.
  if (!isList(given)) return true;
  const first: unknown = given[0];
  if (rowShapes.length > 1)
    return isList(first) ? !isTuple(first) && isOfRank(first, rowShapes[0], isValidation) : isArray(first);
  // An array of one number is a batch for predict, of a model of one number.
  if (typeof first === "object" && !isList(first))
    return (isValidation || !isOneNumber(rowShapes[0])) && areRows(given, rowShapes[0]);
  return isOfRank(given, rowShapes[0], isValidation);
}

/** A batch of `predict` as a tuple; it may be only the data. */
export function predictTuple(given: unknown, rowShapes: RowShapes): unknown {
  return !isXsYs(given) && isSamples(given, rowShapes, false) ? [given] : given;
}

/** Whether validation data are `[x]`, `[x, y]` or `[x, y, sampleWeight]`, rather than a list of such batches. */
export function isValidationTuple(data: unknown, rowShapes: RowShapes): data is readonly [unknown, unknown?, unknown?] {
  if (!isList(data) || data.length < 1 || data.length > 3) return false;
  // A list of batches; with several inputs, they may be the inputs by name.
  if (rowShapes.length === 1 && isXsYs(data[0])) return false;
  return isSamples(data[0], rowShapes, true);
}

/**
 * Whether a list of arrays contains samples instead of being a batch: tensors of a sample's shape, or flat arrays with
 * as many numbers as a sample. If that is unknown, and samples are vectors: one array, more arrays than a batch has, or
 * arrays of one number each.
 */
function areRows(given: readonly unknown[], rowShape: RowShape | undefined): boolean {
  if (rowShape === undefined || rowShape.length === 0) return false;
  if (!given.every(isFlat)) return given.every((row) => isRow(row, rowShape));
  if (!rowShape.includes(null)) return given.every((row) => sizeOfFlat(row) === sizeOf(rowShape as Shape));
  if (rowShape.length > 1) return false;
  return given.length === 1 || given.length > 3 || given.every((row) => sizeOfFlat(row) === 1);
}

const isOneNumber = (rowShape: RowShape | undefined): boolean => rowShape?.every((length) => length === 1) ?? true;

/** Whether a tensor with several axes is one sample: batches have one more axis. */
function isRow(row: unknown, rowShape: RowShape): boolean {
  if (!(isA(row, Tensor) || isA(row, Variable))) return false;
  return row.shape.length <= rowShape.length && fittingShape(row.shape, rowShape) !== undefined;
}

const sizeOfFlat = (row: unknown): number =>
  isA(row, Tensor) || isA(row, Variable) ? row.size : (row as { readonly length: number }).length;

function isFlat(value: unknown): boolean {
  return isA(value, Tensor) || isA(value, Variable) ? value.shape.length === 1 : ArrayBuffer.isView(value);
}

/** Samples inferred from training data, for a model that is not built yet or takes several lengths. */
export function rowShapesIn(x: unknown, rowShapes: RowShapes, isStream: boolean): RowShapes {
  const first: unknown = isStream && isList(x) ? pairAsTuple(x[0]) : undefined;
  const whole: unknown = isStream ? (isList(first) ? first[0] : undefined) : x;
  const list: unknown = rowShapes.length > 1 ? whole : [whole];
  return rowShapes.map((known, i) => {
    if (known !== undefined && !known.includes(null)) return known;
    const [count, ...row] = isList(list) ? shapeOf(list[i]) : [];
    // A flat array may be one number per sample.
    const seen = count === undefined ? undefined : row.length === 0 ? [null] : row;
    return known === undefined || seen?.length === known.length ? (seen ?? known) : known;
  });
}

/** Flat numbers, or one more axis than a sample; a last axis of 1 may be missing or extra. */
function isOfRank(given: readonly unknown[], rowShape: RowShape | undefined, deep: boolean): boolean {
  const [count, ...row] = shapeOf(given);
  const depth = row.length + (count === undefined ? 0 : 1);
  if (rowShape === undefined) return depth < 3 || deep;
  const rank = rowShape.length;
  const isTuple = depth === 2 + rank && fittingShape(row.slice(1), rowShape) !== undefined;
  if (depth > 1 && !isTuple && fittingShape(row, rowShape) !== undefined) return true;
  // A list with one more level is a tuple, and so is one of flat arrays.
  return depth === 1 || depth === 1 + rank || !(depth === 2 || depth === 2 + rank);
}

/** Whether a list among the first things in a list is a tuple's list of inputs. */
function isTuple(list: readonly unknown[]): boolean {
  return typeof list[0] === "object" && !isList(list[0]);
}

function isArray(value: unknown): boolean {
  return isTensor(value) || value instanceof Variable || ArrayBuffer.isView(value);
}

/** Lengths along the first entries. */
function shapeOf(value: unknown): readonly number[] {
  const shape: number[] = [];
  let level = value;
  for (; isList(level) && shape.length < DEEPEST; level = level[0]) shape.push(level.length);
  if (isA(level, Tensor) || isA(level, Variable)) return [...shape, ...level.shape];
  return ArrayBuffer.isView(level) ? [...shape, sizeOfFlat(level)] : shape;
}
