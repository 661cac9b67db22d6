/**
 * Tensors in files: bytes of some dtype, read one at a time, and converted to float32 or counters.
 *
 * @module
 */

import { wholeNumber } from "../../array-like.js";
import { typedArrayName } from "../../brands.js";
import type { Bytes, Float32s, Float64s, Int32s } from "../../platform-types.js";
import { sizeOf } from "../../shape.js";
import { refuseFile } from "../stores/file-error.js";

/** The readable dtypes of safetensors and NumPy, with the bytes of one value. */
export const WIDTHS = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

/** Name of a dtype, as in safetensors. */
export type StoredDType = keyof typeof WIDTHS;

/** A tensor of a file. */
export interface StoredTensor {
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  /** The values, little-endian, in C order; checksums are verified. @throws ValueError for a damaged file */
  bytes(): Uint8Array | Promise<Uint8Array>;
  /** Only for float32, if the values need not be in memory as a whole. Preferred. */
  readonly parts?: StoredParts | undefined;
}

/** Values that were checked once, and are read from the file again when they are written. */
export interface StoredParts {
  /** Whether all values are known to be finite. */
  areFinite(): boolean;
  /** The values in parts; each is valid until the next one is requested. Synchronous. @throws FileError */
  each(): Iterable<Float32s>;
}

/** The contents of a file. A `Map`, because a name may be `__proto__`. */
export interface StoredTensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Numbers of a model: counters of 2^31 and more are float64. */
export type ModelNumbers = Float32s | Int32s | Float64s;

/** A tensor to be written. */
export interface NamedNumbers {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: ModelNumbers;
}

/** Size in bytes of a tensor of this dtype and shape. @throws ValueError beyond 2^53 */
export function byteLength(file: string, name: string, dtype: StoredDType, shape: readonly number[]): number {
  const bytes = sizeOf(shape) * WIDTHS[dtype];
  if (Number.isSafeInteger(bytes)) return bytes;
  return refuseFile(file, `the shape [${shape.join(", ")}] of ${JSON.stringify(name)} is too large`);
}

const KINDS = {
  Float32Array: { dtype: "float32", stored: "F32" },
  Int32Array: { dtype: "int32", stored: "I32" },
  Float64Array: { dtype: "float64", stored: "F64" },
} as const;

/** The dtype of a model's numbers, in memory and in files. */
export function kindOf(data: ModelNumbers): (typeof KINDS)[keyof typeof KINDS] {
  return KINDS[typedArrayName(data) as keyof typeof KINDS];
}

/** The numbers of a tensor: int32 stays int32, float64 and 64-bit integers become float64, everything else float32. */
export async function numbersOf(name: string, tensor: StoredTensor): Promise<ModelNumbers> {
  const bytes = await tensor.bytes();
  const read = READERS[tensor.dtype];
  return read(aligned(bytes, WIDTHS[tensor.dtype]), name);
}

/** The same bytes at an aligned address for typed arrays: files need not be aligned. */
export function aligned(bytes: Uint8Array, width: number): Bytes {
  return bytes.byteOffset % width === 0 ? (bytes as Bytes) : bytes.slice();
}

type Read = (bytes: Bytes, name: string) => ModelNumbers;

type View<T> = new (buffer: ArrayBuffer, offset: number, length: number) => T;

/** A view of all bytes. */
const view = <T>(View: View<T> & { readonly BYTES_PER_ELEMENT: number }, bytes: Bytes): T =>
  new View(bytes.buffer, bytes.byteOffset, bytes.byteLength / View.BYTES_PER_ELEMENT);

const small = (View: Parameters<typeof view<ArrayLike<number>>>[0]): Read => {
  return (bytes) => Float32Array.from(view(View, bytes));
};

const large = (View: Parameters<typeof view<ArrayLike<bigint>>>[0]): Read => {
  return (bytes, name) =>
    Float64Array.from(view(View, bytes) as ArrayLike<unknown> as ArrayLike<number>, (value, i) =>
      wholeNumber(name, value as unknown as bigint, i),
    );
};

const READERS: Record<StoredDType, Read> = {
  BOOL: small(Uint8Array),
  U8: small(Uint8Array),
  I8: small(Int8Array),
  U16: small(Uint16Array),
  I16: small(Int16Array),
  U32: (bytes) => Float64Array.from(view(Uint32Array, bytes)),
  F16: (bytes) => Float32Array.from(view(Uint16Array, bytes), float16),
  BF16: (bytes) => {
    const bits = Uint32Array.from(view(Uint16Array, bytes), (half) => half << 16);
    return new Float32Array(bits.buffer);
  },
  I32: (bytes) => view(Int32Array, bytes),
  F32: (bytes) => view(Float32Array, bytes),
  U64: large(BigUint64Array),
  I64: large(BigInt64Array),
  F64: (bytes) => view(Float64Array, bytes),
};

/** Converts an IEEE 754 half. Each has an exact float32; powers of two by `2 **` are exact in every engine. */
function float16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return (sign * fraction) / 16_777_216;
  const significand = (1024 + fraction) * (1 << Math.max(exponent - 25, 0));
  return (sign * significand) / (1 << Math.max(25 - exponent, 0));
}
