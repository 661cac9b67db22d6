/**
 * Shapes, and flattening of nested numbers.
 *
 * @module
 */

import { type ImageValues, type NumericArray, numbersIn, type TensorValues, wholeNumber } from "./array-like.js";
import { ArgumentTypeError, OutOfMemoryError, ValueError } from "./errors.js";
import { isList, shown } from "./options.js";

/** Lengths of the axes, outermost first; `[]` is a single number. */
export type Shape = readonly number[];

/**
 * Numbers, or lists of them, of any depth: `[[1, 2], [3, 4]]` has the shape `[2, 2]`. The rows may be typed arrays,
 * tensors or images; `true` is 1, `false` is 0.
 */
export type NestedNumbers =
  | number
  | boolean
  | bigint
  | readonly (NestedNumbers | NumericArray | TensorValues | ImageValues)[];

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** `640 values (10 x 64)`, for messages. */
export function countText(shape: Shape): string {
  const size = sizeOf(shape);
  const count = size === 1 ? "1 value" : `${size} values`;
  return shape.length > 1 ? `${count} (${shape.join(" x ")})` : count;
}

/** `640 values (10 x 64), got 3 values`, for messages; the shapes if a flat one has as many values as the other. */
export function unlikeText(expected: Shape, got: Shape, gotText: string | number = countText(got)): string {
  const areShapes = sizeOf(expected) === sizeOf(got) && (expected.length < 2 || got.length < 2);
  if (areShapes) return `the shape [${expected.join(", ")}], got [${got.join(", ")}]`;
  return `${countText(expected)}, got ${gotText}`;
}

/** Checks a caller's shape, and copies it. */
export function checkedShape(owner: string, shape: unknown): number[] {
  if (!isList(shape)) {
    throw new ArgumentTypeError(
      "ERR_SHAPE",
      `${owner}: "shape" must be an array of lengths, such as [10, 64], got ${shown(shape)}.`,
    );
  }
  const { length: rank } = shape;
  // Before it is copied, because an array may have a billion holes.
  if (rank > MOST_AXES) {
    throw new ValueError("ERR_SHAPE", `${owner}: "shape" may have ${MOST_AXES} lengths at most, got ${rank}.`);
  }
  const lengths: unknown[] = [];
  for (let axis = 0; axis < rank; axis++) lengths.push(shape[axis]);
  for (const length of lengths) {
    if (!Number.isSafeInteger(length) || (length as number) < 0) {
      throw new ValueError(
        "ERR_SHAPE",
        `${owner}: the lengths in "shape" must be whole numbers, 0 or above, got [${lengths.map(shown).join(", ")}].`,
      );
    }
  }
  return lengths as number[];
}

/** Most axes of nested arrays, as in NumPy: an array that contains itself has no end. */
const MOST_AXES = 64;
/** 4 GiB of 4-byte values: arrays that share their rows can describe more numbers than fit into memory. */
const MOST_VALUES = 2 ** 30 - 1;

/** The shape of nested numbers, by their first elements. @throws ValueError for more than 64 axes, OutOfMemoryError */
export function shapeOfNested(owner: string, values: NestedNumbers): number[] {
  const shape: number[] = [];
  let rows = 1;
  let level: unknown = values;
  for (; isList(level); level = level[0]) {
    const { length } = level;
    if (shape.length === MOST_AXES) {
      throw new ValueError(
        "ERR_VALUES_SHAPE",
        `${owner}: arrays are nested more than ${MOST_AXES} deep, or one of them contains itself.`,
      );
    }
    shape.push(length);
    rows *= Math.max(1, length);
    if (rows > MOST_VALUES && shape.length > 1) throw new OutOfMemoryError(rows * 4, 0);
  }
  if (typeof level === "object") shape.push(...(numbersIn(owner, level)?.shape ?? []));
  return shape;
}

/** Nested numbers, read. */
export interface Flat<T> {
  readonly flat: T;
  readonly shape: number[];
}

/**
 * Reads nested numbers, row by row, once: the caller's objects are not read again. Ragged arrays and anything but
 * numbers are refused.
 *
 * @param Made - Int32Array refuses numbers that are not integers.
 * @param check - Called for each entry that is neither a number nor a list, such as a tensor.
 * @throws ValueError, TypeError, OutOfMemoryError
 */
export function readNested<T extends Float32Array | Int32Array | Float64Array>(
  owner: string,
  values: NestedNumbers,
  Made: new (length: number) => T,
  check?: (owner: string, entry: unknown) => void,
): Flat<T> {
  const shape = shapeOfNested(owner, values);
  const size = sizeOf(shape);
  // It grows with the numbers read: a sparse array is refused at its first hole, not after 4 GiB.
  let flat = roomFor(Made, Math.min(size, FIRST_ROOM));
  let at = 0;
  const last = shape.length - 1;
  const isWhole = Made === (Int32Array as unknown);
  const put = (value: number): void => {
    if (at === flat.length) flat = grown(flat, Made, size);
    flat[at] = value;
    if (isWhole && flat[at] !== value) refuseFraction(owner, value, at);
    at++;
  };
  // Rows of the levels above, without recursion.
  const levels: { row: readonly unknown[]; next: number }[] = [];
  const enter = (row: unknown): void => {
    const axis = levels.length;
    if (!isList(row)) {
      readArray(row, axis);
      return;
    }
    const { length } = row;
    if (length !== shape[axis]) refuseRagged(owner, shape);
    if (axis < last) levels.push({ row, next: 0 });
    else {
      for (let i = 0; i < length; i++) {
        const value: unknown = row[i];
        put(typeof value === "number" ? value : numberOf(owner, shape, value, at, check));
      }
    }
  };
  /** A row, or several, in one array. */
  const readArray = (row: unknown, axis: number): void => {
    const found = numbersIn(owner, row);
    if (found === undefined || !sameShape(found.shape, shape.slice(axis))) refuseRagged(owner, shape);
    check?.(owner, row);
    if (isWhole) found.flat.forEach(put);
    else {
      while (at + found.flat.length > flat.length) flat = grown(flat, Made, size);
      flat.set(found.flat, at);
      at += found.flat.length;
    }
  };
  if (last < 0) put(numberOf(owner, shape, values, 0, check));
  else enter(values);
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    if (level.next === shape[levels.length - 1]) levels.pop();
    else enter(level.row[level.next++]);
  }
  return { flat, shape };
}

/** One of the numbers in a list. */
function numberOf(
  owner: string,
  shape: Shape,
  value: unknown,
  index: number,
  check?: (owner: string, entry: unknown) => void,
): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "bigint") return wholeNumber(owner, value, index);
  const found = isList(value) ? undefined : numbersIn(owner, value);
  check?.(owner, value);
  if (found?.shape.length === 0) return found.flat[0]!;
  if (found !== undefined || isList(value)) refuseRagged(owner, shape);
  throw new ArgumentTypeError("ERR_VALUES_DTYPE", `${owner}: expected numbers, got ${shown(value)}.`);
}

/** A million numbers. */
const FIRST_ROOM = 1 << 20;

function roomFor<T extends Float32Array | Int32Array | Float64Array>(
  Made: new (length: number) => T,
  length: number,
): T {
  try {
    return new Made(length);
  } catch {
    throw new OutOfMemoryError(length * 4, 0);
  }
}

function grown<T extends Float32Array | Int32Array | Float64Array>(
  flat: T,
  Made: new (length: number) => T,
  size: number,
): T {
  const wider = roomFor(Made, Math.min(size, flat.length * 2));
  wider.set(flat);
  return wider;
}

/** Refuses a number that an int32 cannot hold. */
export function refuseFraction(owner: string, value: number, index: number): never {
  throw new ValueError("ERR_VALUES_DTYPE", `${owner}: an int32 holds whole numbers, got ${value} at index ${index}.`);
}

/** Throws the error for nested arrays whose lengths differ. */
export function refuseRagged(owner: string, shape: Shape): never {
  throw new ValueError(
    "ERR_VALUES_SHAPE",
    `${owner}: nested arrays must have the same length along each axis: the first entries make the shape ${shape.join(" x ")}, others differ.`,
  );
}
