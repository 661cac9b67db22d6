/**
 * HDF5's datatypes that Keras writes: numbers, booleans (an enumeration), strings.
 *
 * @module
 */

import type { StoredDType } from "../stored-tensor.js";
import type { Cursor } from "./cursor.js";

/** Type of an element. */
export type Hdf5Type =
  | { readonly kind: "number"; readonly dtype: StoredDType; readonly width: number; readonly bigEndian: boolean }
  | { readonly kind: "string"; readonly width: number }
  /** A length, and the position in a global heap. */
  | { readonly kind: "longString"; readonly width: number }
  | { readonly kind: "other"; readonly width: number; readonly name: string };

const INTEGERS: Readonly<Record<number, readonly [unsigned: StoredDType, signed: StoredDType]>> = {
  1: ["U8", "I8"],
  2: ["U16", "I16"],
  4: ["U32", "I32"],
  8: ["U64", "I64"],
};

/** By bytes and bits of the exponent. */
const FLOATS: Readonly<Record<string, StoredDType>> = { "2/5": "F16", "2/8": "BF16", "4/8": "F32", "8/11": "F64" };

const NAMES = ["", "", "time", "", "bits", "opaque", "compound", "reference", "", "variable length", "array"];

/** The type in a message. */
export function hdf5Type(cursor: Cursor): Hdf5Type {
  const [kind, low, high] = [cursor.u8() & 15, cursor.u8(), cursor.u8()];
  cursor.skip(1);
  const width = cursor.u32();
  if (kind === 0) {
    const dtype = INTEGERS[width]?.[(low >> 3) & 1];
    cursor.skip(2);
    const isWhole = cursor.u16() === width * 8;
    if (dtype !== undefined && isWhole) return { kind: "number", dtype, width, bigEndian: (low & 1) === 1 };
  }
  if (kind === 1) {
    cursor.skip(5);
    const dtype = FLOATS[`${width}/${cursor.u8()}`];
    if (dtype !== undefined && (low & 0x40) === 0) {
      return { kind: "number", dtype, width, bigEndian: (low & 1) === 1 };
    }
  }
  if (kind === 3) return { kind: "string", width };
  // An enumeration is stored as its base type, which follows; h5py writes booleans this way.
  if (kind === 8) return hdf5Type(cursor);
  if (kind === 9 && (low & 15) === 1) return { kind: "longString", width };
  void high;
  return { kind: "other", width, name: NAMES[kind] || "unknown" };
}

/** The lengths of the axes in a dataspace message; `undefined` for a null space. */
export function hdf5Shape(cursor: Cursor): number[] | undefined {
  const [version, rank, flags] = [cursor.u8(), cursor.u8(), cursor.u8()];
  if (version !== 1 && version !== 2) cursor.source.refuse(`it has a dataspace of version ${version}`);
  const kind = cursor.u8();
  if (version === 1) cursor.skip(4);
  else if (kind === 2) return undefined;
  if (rank > 32) cursor.source.refuse(`it has an array of ${rank} axes`);
  const shape = Array.from({ length: rank }, () => cursor.u64());
  if (flags & 1) cursor.skip(8 * rank);
  if (shape.some((length) => length < 0)) cursor.source.refuse("the length of an axis is unlimited");
  return shape;
}
