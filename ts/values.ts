/**
 * Numbers from the caller, in whatever form, to be put into WebAssembly memory.
 *
 * @module
 */

import { isDetached, isFloat32Array, isNumbers, typedArrayName } from "./brands.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import { shown } from "./options.js";
import { countText, flatten, type NestedNumbers, type Shape, sameShape, shapeOfNested, sizeOf } from "./shape.js";

/** Element types that live in WebAssembly memory. */
export type DType = "float32" | "int32";

/** Values for a variable or tensor: a typed array, nested numbers, or one number. */
export type Values = Float32Array | Int32Array | NestedNumbers;

/** The typed array of a dtype. */
export type TypedArrayOf<D extends DType> = D extends "float32" ? Float32Array<ArrayBuffer> : Int32Array<ArrayBuffer>;

/** The shape that values have by themselves. */
export function naturalShape(owner: string, values: unknown): number[] {
  if (isNumbers(values)) {
    checkAttached(owner, values);
    return [values.length];
  }
  if (typeof values === "number") return [];
  if (Array.isArray(values)) return shapeOfNested(values);
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
 * Checks that values fit `shape`: typed arrays and flat arrays by their length, nested ones by shape.
 *
 * @returns the values' own shape, for {@link writeValues}
 */
export function checkFits(owner: string, values: unknown, shape: Shape): number[] {
  const own = naturalShape(owner, values);
  const fits = own.length <= 1 ? sizeOf(own) === sizeOf(shape) : sameShape(own, shape);
  if (!fits) {
    throw new ValueError("ERR_VALUES_SHAPE", `${owner}: expected ${countText(shape)}, got ${countText(own)}.`);
  }
  return own;
}

/** Flat values of a checked form, ready to be copied: nested numbers are walked before anything is written. */
export function flatValues(owner: string, values: Values, own: Shape, dtype: DType): ArrayLike<number> {
  if (isNumbers(values)) {
    if (dtype === "int32" && isFloat32Array(values)) checkWhole(owner, values);
    return values;
  }
  const flat = new Float64Array(sizeOf(own));
  flatten(owner, values, own, flat);
  if (dtype === "int32") checkWhole(owner, flat);
  return flat;
}

function checkWhole(owner: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value !== (value | 0)) {
      throw new ValueError("ERR_VALUES_DTYPE", `${owner}: an int32 holds whole numbers, got ${value} at index ${i}.`);
    }
  }
}
