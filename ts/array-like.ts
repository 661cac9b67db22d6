/**
 * Arrays of numbers other than lists: typed arrays of every type, tensors and variables, images.
 *
 * @module
 */

import { isDetached, lengthOf, plainArray, type TypedArrayName, typedArrayName } from "./brands.js";
import { isOurs } from "./copies.js";
import { ValueError } from "./errors.js";
import { outlasting } from "./runtime/memory.js";

/** Stands for `Float16Array`, whose type not every TypeScript has. */
export interface Float16Numbers {
  readonly [Symbol.toStringTag]: "Float16Array";
  readonly BYTES_PER_ELEMENT: number;
  readonly length: number;
  readonly [index: number]: number;
}

/** Typed arrays of numbers, as gradstep keeps them. */
export type NumberArray =
  | Float32Array
  | Int32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Uint32Array;

/** Typed arrays of every type; big integers up to 2^53 - 1. */
export type NumericArray = NumberArray | Float16Numbers | BigInt64Array | BigUint64Array;

/** A tensor or a variable. */
export interface TensorValues {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
  readonly value: Float32Array | Int32Array;
}

/** The same inside. */
interface InMemory extends TensorValues {
  readonly numbers: Float32Array | Int32Array;
}

/** An `ImageData`, for example of a canvas: red, green, blue and alpha of each pixel, as `[height, width, 4]`. */
export interface ImageValues {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayBufferView;
}

/** Numbers found, not copied, and their shape. */
export interface FoundNumbers {
  readonly flat: NumberArray;
  readonly shape: readonly number[];
}

/**
 * Finds the numbers of an array that is not a list.
 *
 * @returns `undefined` for other values @throws ValueError for detached arrays and for big integers beyond 2^53 - 1, DisposedError
 */
export function numbersIn(owner: string, value: unknown): FoundNumbers | undefined {
  const name = typedArrayName(value);
  if (name !== undefined) {
    const flat = typedNumbers(owner, value as NumericArray, name);
    return { flat, shape: [flat.length] };
  }
  // If the memory is ours, an allocation may move it.
  if (isOurs<InMemory>(value, "numbers")) return { flat: outlasting(value.numbers), shape: value.shape };
  return isImage(value) ? { flat: plainArray(value.data), shape: [value.height, value.width, 4] } : undefined;
}

/** Refuses a detached array, which would count as empty. @throws ValueError */
export function checkAttached(owner: string, array: ArrayBufferView): void {
  if (!isDetached(array)) return;
  throw new ValueError(
    "ERR_VALUES_DETACHED",
    `${owner}: the array is detached: its memory was transferred, or is WebAssembly memory that has grown. Copy it first: array.slice().`,
  );
}

/** A big integer as a number. @throws ValueError beyond 2^53 - 1, where numbers have gaps */
export function wholeNumber(owner: string, value: bigint, index: number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new ValueError(
    "ERR_VALUES_DTYPE",
    `${owner}: big integers must be within 2^53, got ${value} at index ${index}.`,
  );
}

/** Whether it is an `ImageData`, whichever realm or package made it. */
export function isImage(value: unknown): value is ImageValues & { readonly data: Uint8ClampedArray } {
  try {
    const { data, width, height } = value as ImageValues;
    return typedArrayName(data) === "Uint8ClampedArray" && lengthOf(data) === width * height * 4;
  } catch {
    return false;
  }
}

function typedNumbers(owner: string, array: NumericArray, name: TypedArrayName): NumberArray {
  checkAttached(owner, array as ArrayBufferView);
  const plain: NumericArray = outlasting(plainArray(array));
  if (name !== "BigInt64Array" && name !== "BigUint64Array") return plain as NumberArray;
  return Float64Array.from(plain as BigInt64Array as never, (value: bigint, i) => wholeNumber(owner, value, i));
}
