/**
 * Numbers from the caller, in whatever form, to be put into WebAssembly memory.
 *
 * @module
 */

import { isDetached, isFloat32Array, isFloat64Array, isNumbers, plainNumbers, typedArrayName } from "./brands.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import { isList, shown } from "./options.js";
import { outlasting } from "./runtime/memory.js";
import {
  countText,
  type Flat,
  type NestedNumbers,
  readNested,
  refuseFraction,
  type Shape,
  sameShape,
  shapeOfNested,
  sizeOf,
} from "./shape.js";

/** Element types that live in WebAssembly memory. */
export type DType = "float32" | "int32";

/** Values for a variable or tensor: a typed array, nested numbers, or one number. */
export type Values = Float32Array | Int32Array | NestedNumbers;

/** The typed array of a dtype. */
export type TypedArrayOf<D extends DType> = D extends "float32" ? Float32Array<ArrayBuffer> : Int32Array<ArrayBuffer>;

/** Numbers that were read, and the shape of their nesting. */
export type ReadNumbers = Flat<Float32Array | Int32Array>;

/** The classes that nested numbers are read into. */
const MADE = { float32: Float32Array, int32: Int32Array, float64: Float64Array } as const;

/**
 * Reads numbers of the caller's, once: no code of the caller's runs afterwards. A typed array is not copied, unless it
 * is a view of WebAssembly memory, which an allocation would end.
 *
 * @param dtype - Nested numbers become this; int32 refuses numbers that are not whole. Only float64, which is for
 * counters, takes a `Float64Array`.
 * @throws TypeError for what is no numbers, ValueError for ragged arrays and for detached ones, OutOfMemoryError
 */
export function readNumbers(owner: string, values: unknown, dtype: DType): ReadNumbers;
export function readNumbers(owner: string, values: unknown, dtype: "float64"): Flat<ReadNumbers["flat"] | Float64Array>;
export function readNumbers(owner: string, values: unknown, dtype: DType | "float64"): Flat<unknown> {
  if (isNumbers(values) || (dtype === "float64" && isFloat64Array(values))) {
    checkAttached(owner, values);
    const flat = outlasting(plainNumbers(values));
    return { flat: dtype === "int32" && isFloat32Array(flat) ? whole(owner, flat) : flat, shape: [flat.length] };
  }
  if (typeof values === "number" || isList(values)) {
    return readNested<Float32Array | Int32Array | Float64Array>(owner, values as NestedNumbers, MADE[dtype]);
  }
  refuseValues(owner, values);
}

/** The shape of the values alone, if they are read later, in pieces. */
export function naturalShape(owner: string, values: unknown): number[] {
  if (isNumbers(values)) {
    checkAttached(owner, values);
    return [values.length];
  }
  if (typeof values === "number") return [];
  if (isList(values)) return shapeOfNested(owner, values as NestedNumbers);
  refuseValues(owner, values);
}

function refuseValues(owner: string, values: unknown): never {
  if (ArrayBuffer.isView(values)) {
    throw new ArgumentTypeError(
      "ERR_VALUES_DTYPE",
      `${owner}: expected a Float32Array, an Int32Array or nested numbers, got a ${typedArrayName(values) ?? "DataView"}. Convert it first: Float32Array.from(values).`,
    );
  }
  throw new ArgumentTypeError(
    "ERR_VALUES_DTYPE",
    `${owner}: expected a Float32Array, an Int32Array or nested numbers, got ${shown(values)}.`,
  );
}

/** Refuses an array whose memory is gone: it would count as empty. @throws ValueError */
export function checkAttached(owner: string, array: ArrayBufferView): void {
  if (!isDetached(array)) return;
  throw new ValueError(
    "ERR_VALUES_DETACHED",
    `${owner}: the array's memory is gone (detached): it was transferred, to a worker for instance, or is a view of WebAssembly memory that has grown since. Copy it first: array.slice().`,
  );
}

/**
 * Checks that numbers fit `shape`: typed arrays and flat arrays by their length, nested ones by shape.
 *
 * @returns the numbers
 */
export function fitting<T>(owner: string, { flat, shape: own }: Flat<T>, shape: Shape): T {
  const fits = own.length <= 1 ? sizeOf(own) === sizeOf(shape) : sameShape(own, shape);
  if (fits) return flat;
  throw new ValueError("ERR_VALUES_SHAPE", `${owner}: expected ${countText(shape)}, got ${countText(own)}.`);
}

function whole(owner: string, values: Float32Array): Int32Array {
  const flat = Int32Array.from(values);
  for (let i = 0; i < flat.length; i++) {
    if (flat[i] !== values[i]) refuseFraction(owner, values[i]!, i);
  }
  return flat;
}
