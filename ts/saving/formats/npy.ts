/**
 * NumPy's .npy format: a magic number, a header that is a Python dict, the values.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @module
 */

import type { Bytes } from "../../platform-types.js";
import { sizeOf } from "../../shape.js";
import { refuseFile } from "../stores/file-error.js";
import { byteLength, kindOf, type ModelNumbers, type NamedNumbers, type StoredDType, WIDTHS } from "./stored-tensor.js";
import { utf8Bytes } from "./utf8.js";

/** "\x93NUMPY" */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Values begin at a multiple of this. */
const ALIGNMENT = 64;

/** NumPy's limit. */
export const LONGEST_HEADER = 10_000;

/** NumPy's type codes, without the byte order. */
const CODES: Readonly<Record<string, StoredDType>> = {
  b1: "BOOL",
  u1: "U8",
  i1: "I8",
  u2: "U16",
  i2: "I16",
  f2: "F16",
  u4: "U32",
  i4: "I32",
  f4: "F32",
  u8: "U64",
  i8: "I64",
  f8: "F64",
};

const HEADER = /^\{([\s\S]*)\}\s*$/;
const FIELD =
  /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\(\s*(?:\d+\s*(?:,\s*\d+\s*)*,?\s*)?\))\s*(?:,|$)/y;

/** The contents of a header. */
export interface NpyHeader {
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly bigEndian: boolean;
  /** The first index varies fastest. */
  readonly fortran: boolean;
  /** Offset of the first value. */
  readonly start: number;
}

/**
 * The header at the beginning of `bytes`. @throws ValueError for an invalid header, and for dtypes other than numbers
 */
export function npyHeader(file: string, bytes: Uint8Array): NpyHeader {
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) refuseFile(file, "it is not a .npy file");
  const [major, view] = [bytes[6]!, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)];
  if (major < 1 || major > 3) refuseFile(file, `its version is ${major}; 1 to 3 can be read`);
  const [length, begin] = major === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  const start = begin + length;
  if (length > LONGEST_HEADER || start > bytes.length) refuseFile(file, `its header would have ${length} bytes`);
  const text = Array.from(bytes.subarray(begin, start), (byte) => String.fromCharCode(byte)).join("");
  const fields = fieldsOf(file, text);
  const [descr, order, shape] = ["descr", "fortran_order", "shape"].map((name) => fields.get(name)) as string[];
  if (descr === undefined || order === undefined || shape === undefined || !/^(True|False)$/.test(order)) {
    refuseFile(file, `its header is ${JSON.stringify(text.slice(0, 80))}`);
  }
  const [, mark, code] = /^'([<>|=])([a-z]\d+)'$/.exec(descr) ?? [];
  const dtype = code === undefined || !Object.hasOwn(CODES, code) ? undefined : CODES[code];
  if (dtype === undefined || mark === undefined) {
    refuseFile(file, `its values are of the type ${descr}; numbers of ${Object.keys(CODES).join(", ")} can be read`);
  }
  const lengths = (shape.match(/\d+/g) ?? []).map(Number);
  byteLength(file, "its values", dtype, lengths);
  return { dtype, shape: lengths, bigEndian: mark === ">", fortran: order === "True", start };
}

function fieldsOf(file: string, text: string): ReadonlyMap<string, string> {
  const inner = HEADER.exec(text)?.[1]?.trimEnd() ?? refuseFile(file, "its header is not a dict");
  const fields = new Map<string, string>();
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < inner.length) {
    const [, name, value] = FIELD.exec(inner) ?? refuseFile(file, `its header is ${JSON.stringify(text.slice(0, 80))}`);
    if (fields.has(name!)) refuseFile(file, `its header has ${name} twice`);
    fields.set(name!, value!);
  }
  return fields;
}

/** The values of a file, little-endian and in C order. @throws ValueError if there are more or fewer */
export function npyValues(file: string, bytes: Uint8Array, header: NpyHeader): Uint8Array {
  const { dtype, shape, start } = header;
  const wanted = byteLength(file, "its values", dtype, shape);
  const values = bytes.subarray(start);
  if (values.length !== wanted) {
    refuseFile(file, `it has ${values.length} bytes of values, and ${wanted} by its shape [${shape.join(", ")}]`);
  }
  const ordered = header.fortran && shape.length > 1 ? inRows(values, shape, WIDTHS[dtype]) : values;
  return header.bigEndian ? swapped(ordered, WIDTHS[dtype]) : ordered;
}

/** From Fortran's order to C's. */
function inRows(values: Uint8Array, shape: readonly number[], width: number): Uint8Array {
  const result = new Uint8Array(values.length);
  const steps = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  for (let at = 0; at < result.length; at += width) {
    const from = index.reduce((sum, i, axis) => sum + i * steps[axis]!, 0) * width;
    for (let byte = 0; byte < width; byte++) result[at + byte] = values[from + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return result;
}

function swapped(values: Uint8Array, width: number): Uint8Array {
  const result = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = values[i - (i % width) + width - 1 - (i % width)]!;
  return result;
}

const codeOf = (data: ModelNumbers) => {
  const { stored } = kindOf(data);
  return `<${Object.keys(CODES).find((code) => CODES[code] === stored)}`;
};

/** A .npy file, in pieces: values are not copied. */
export function writeNpy({ shape, data }: NamedNumbers): Bytes[] {
  const lengths = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${codeOf(data)}', 'fortran_order': False, 'shape': (${lengths}), }`;
  const length = Math.ceil((10 + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const head = new Uint8Array(length).fill(0x20);
  head.set([...MAGIC, 1, 0]);
  new DataView(head.buffer).setUint16(8, length - 10, true);
  head.set(utf8Bytes(text), 10);
  head[length - 1] = 0x0a;
  return [head, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
}
