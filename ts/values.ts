/**
 * The caller's numbers, in any form, to be copied into WebAssembly memory.
 *
 * @module
 */

import { type NumberArray, type NumericArray, numbersIn, type TensorValues } from "./array-like.js";
import { isArrayBuffer, isReadable, typedArrayName } from "./brands.js";
import { own } from "./custom-objects.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import { isList, shown } from "./options.js";
import type { Float32s, Int32s } from "./platform-types.js";
import {
  type Flat,
  type NestedNumbers,
  readNested,
  refuseFraction,
  type Shape,
  sameShape,
  shapeOfNested,
  sizeOf,
  unlikeText,
} from "./shape.js";

/** Element types that live in WebAssembly memory. */
export type DType = "float32" | "int32";

/**
 * Values for a variable or tensor: a typed array, an `ImageData`, a tensor or variable, or nested lists of these or of
 * numbers and booleans.
 */
export type Values = NumericArray | TensorValues | NestedNumbers;

/** The typed array of a dtype. */
export type TypedArrayOf<D extends DType> = D extends "float32" ? Float32s : Int32s;

/** The numbers read, and the shape of their nesting. */
export type ReadNumbers = Flat<Float32Array | Int32Array>;

/** Called for an entry of a list. */
export type CheckEntry = (owner: string, entry: unknown) => void;

/** The classes that nested numbers are read into. */
const MADE = { float32: Float32Array, int32: Int32Array, float64: Float64Array } as const;

/** @throws TypeError for another element type */
export function checkedDType(owner: string, dtype: unknown): DType {
  if (dtype === "float32" || dtype === "int32") return dtype;
  throw new ArgumentTypeError(
    "ERR_VALUES_DTYPE",
    `${owner}: "dtype" must be "float32" or "int32", got ${shown(dtype)}.`,
  );
}

/**
 * Reads the caller's numbers, once: no user code runs afterwards. An array with 4 bytes per number is not copied,
 * unless it is a view of WebAssembly memory, which an allocation would detach.
 *
 * @param dtype - The type of the result. float32 rounds; int32 refuses numbers that are not integers.
 * @param check - Called for each entry of a list that is neither a number nor a list, such as a tensor.
 * @throws TypeError for anything but numbers, ValueError for ragged arrays and for detached ones, OutOfMemoryError
 */
export function readNumbers(owner: string, values: unknown, dtype: DType, check?: CheckEntry): ReadNumbers;
export function readNumbers(
  owner: string,
  values: unknown,
  dtype: "float64",
  check?: CheckEntry,
): Flat<ReadNumbers["flat"] | Float64Array>;
export function readNumbers(
  owner: string,
  values: unknown,
  dtype: DType | "float64",
  check?: CheckEntry,
): Flat<unknown> {
  const found = numbersIn(owner, values);
  if (found !== undefined) return { flat: converted(owner, found.flat, dtype), shape: [...found.shape] };
  if (isNestedOrOne(values)) {
    return readNested<Float32Array | Int32Array | Float64Array>(owner, values, MADE[dtype], check);
  }
  refuseValues(owner, values);
}

/** Only the shape of the values, if they are read later, in pieces. */
export function naturalShape(owner: string, values: unknown): number[] {
  const found = numbersIn(owner, values);
  if (found !== undefined) return [...found.shape];
  if (isNestedOrOne(values)) return shapeOfNested(owner, values);
  refuseValues(owner, values);
}

/** One conversion for all: `set` and the constructors of typed arrays convert at the speed of memory. */
function converted(
  owner: string,
  flat: NumberArray,
  dtype: DType | "float64",
): Float32Array | Int32Array | Float64Array {
  const name = typedArrayName(flat);
  if (name === "Int32Array" || (name === "Float32Array" && dtype !== "int32")) return flat as Float32Array | Int32Array;
  if (name === "Float64Array" && dtype === "float64") return flat as Float64Array;
  const made = new MADE[dtype](flat);
  const holdsAll = dtype !== "int32" || (flat.BYTES_PER_ELEMENT < 4 && name !== "Float16Array");
  for (let i = holdsAll ? made.length : 0; i < made.length; i++) {
    if (made[i] !== flat[i]) refuseFraction(owner, flat[i]!, i);
  }
  return made;
}

function isNestedOrOne(values: unknown): values is NestedNumbers {
  return typeof values === "number" || typeof values === "boolean" || typeof values === "bigint" || isList(values);
}

function refuseValues(owner: string, values: unknown): never {
  const isBuffer = isArrayBuffer(values) || ArrayBuffer.isView(values);
  throw new ArgumentTypeError(
    "ERR_VALUES_DTYPE",
    `${owner}: expected numbers (a typed array, a tensor, or nested lists), got ${shown(values)}.${isBuffer ? " Give its bytes a type: new Float32Array(buffer)." : ""}`,
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
  throw new ValueError("ERR_VALUES_SHAPE", `${owner}: expected ${unlikeText(shape, own)}.`);
}

/** The numbers of `{ class_name: "__tensor__", config: { value, dtype } }`, Keras's form of an array; `undefined` for anything else. */
export function savedArray(given: unknown): unknown {
  if (!isReadable(given)) return undefined;
  const className = own(given, "class_name");
  const config = className === "__tensor__" || className === "__numpy__" ? own(given, "config") : undefined;
  return isReadable(config) ? own(config, "value") : undefined;
}
