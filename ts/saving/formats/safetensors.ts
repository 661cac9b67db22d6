/**
 * The safetensors format: eight bytes with the header's length, the header as JSON, the values.
 *
 * Files that the Rust crate refuses are refused: overlaps, holes, wrong lengths, sizes beyond the file, duplicate
 * names.
 *
 * @see https://github.com/huggingface/safetensors#format
 * @module
 */

import { isPlain } from "../../brands.js";
import { isList } from "../../options.js";
import type { Bytes } from "../../platform-types.js";
import { refuseFile } from "../stores/file-error.js";
import type { FileInParts } from "../stores/in-parts.js";
import { headerJSON } from "./header-json.js";
import { mostBytes } from "./memory-limit.js";
import {
  byteLength,
  kindOf,
  type NamedNumbers,
  type StoredDType,
  type StoredParts,
  type StoredTensor,
  type StoredTensors,
  WIDTHS,
} from "./stored-tensor.js";
import { utf8, utf8Bytes } from "./utf8.js";

/** The same as in the Rust crate. */
const LONGEST_HEADER = 100_000_000;

/** Values begin at a multiple of eight, so that every dtype can be read in place. */
const ALIGNMENT = 8;

const METADATA = "__metadata__";

interface Entry {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Tensors of a file; their bytes are views of `bytes`. @throws ValueError for a damaged file */
export function readSafetensors(file: string, bytes: Uint8Array): StoredTensors {
  const start = startOf(file, bytes, bytes.length);
  return tensorsOf(file, bytes.subarray(8, start), start, bytes.length, (_, from, to) => ({
    bytes: () => bytes.subarray(from, to),
  }));
}

/** The same, for an open file, which is read completely once. @throws ValueError for a damaged file; FileError */
export async function readSafetensorsInParts(file: string, open: FileInParts): Promise<StoredTensors> {
  const { length } = open;
  const start = startOf(file, await open.bytes(0, Math.min(8, length)), length);
  const read = tensorsOf(file, await open.bytes(8, start), start, length, (dtype, from, to) => ({
    bytes: () => open.bytes(from, to),
    parts: dtype === "F32" ? partsOf(open, from, to) : undefined,
  }));
  await open.examine(start);
  return read;
}

/** Called after the file has been read. */
function partsOf(open: FileInParts, from: number, to: number): StoredParts {
  return { areFinite: () => open.isFinite(from, to), each: () => open.numbers(from, to) };
}

type Values = (dtype: StoredDType, from: number, to: number) => Pick<StoredTensor, "bytes" | "parts">;

function tensorsOf(file: string, head: Uint8Array, start: number, length: number, valuesOf: Values): StoredTensors {
  const header = headerOf(file, head, length);
  const metadata = metadataOf(file, header[METADATA]);
  const entries = Object.entries(header).flatMap(([name, value]) =>
    name === METADATA ? [] : [entryOf(file, name, value)],
  );
  let end = 0;
  // Empty tensors have the same offset as the next one.
  for (const entry of entries.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end) {
      refuseFile(
        file,
        `${shownName(entry)} begins at byte ${entry.begin}, expected ${end}: values overlap or have holes`,
      );
    }
    end = entry.end;
  }
  if (end !== length - start) {
    refuseFile(file, `its tensors have ${end} bytes, the file has ${length - start} for them`);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end: stop } of entries) {
    tensors.set(name, { dtype, shape, ...valuesOf(dtype, start + begin, start + stop) });
  }
  return { tensors, metadata };
}

/** The offset of the values, from the first eight of `length` bytes. */
function startOf(file: string, bytes: Uint8Array, length: number): number {
  if (length < 8) refuseFile(file, `it has ${length} bytes, fewer than the 8 of a safetensors header`);
  const lengths = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const header = lengths.getUint32(0, true) + lengths.getUint32(4, true) * 2 ** 32;
  if (header > LONGEST_HEADER) refuseFile(file, `its header would have ${header} bytes, more than ${LONGEST_HEADER}`);
  const start = 8 + header;
  return start <= length
    ? start
    : refuseFile(file, `its header would end at byte ${start}, the file ends at ${length}`);
}

function headerOf(file: string, bytes: Uint8Array, length: number): Record<string, unknown> {
  const text = utf8(file, "the header", bytes);
  if (!text.startsWith("{")) refuseFile(file, "the header does not begin with {");
  return headerJSON(file, text, mostBytes(length));
}

function metadataOf(file: string, value: unknown): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return new Map();
  if (!isPlain(value)) refuseFile(file, `${METADATA} is not an object`);
  return new Map(
    Object.entries(value).map(([key, text]: [string, unknown]) => {
      return typeof text === "string"
        ? [key, text]
        : refuseFile(file, `${METADATA} has ${JSON.stringify(key)}, which is not text`);
    }),
  );
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function entryOf(file: string, name: string, value: unknown): Entry {
  const label = JSON.stringify(name);
  if (!isPlain(value)) refuseFile(file, `${label} is not an object with dtype, shape and data_offsets`);
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(WIDTHS, dtype)) {
    refuseFile(
      file,
      `${label} has the dtype ${JSON.stringify(dtype)}; dtypes that can be read are ${Object.keys(WIDTHS).join(", ")}`,
    );
  }
  if (!isList(shape) || !shape.every(isCount)) refuseFile(file, `${label} has a shape that is not a list of lengths`);
  if (!isList(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    refuseFile(file, `${label} has data_offsets that are not two counts of bytes`);
  }
  const [begin, end] = offsets as [number, number];
  const wanted = byteLength(file, name, dtype as StoredDType, shape as number[]);
  if (end - begin !== wanted) {
    refuseFile(file, `${label} has ${end - begin} bytes, and ${wanted} by its shape [${shape.join(", ")}] of ${dtype}`);
  }
  return { name, dtype: dtype as StoredDType, shape: shape as number[], begin, end };
}

const shownName = ({ name }: Entry) => JSON.stringify(name);

/** The Rust crate's order of dtypes. */
const RANKS = ["F64", "F32", "I32"];
const rankOf = ({ data }: NamedNumbers) => RANKS.indexOf(kindOf(data).stored);

/** The file, in pieces: values are not copied. The bytes are those of the Rust crate. */
export function writeSafetensors(tensors: readonly NamedNumbers[], metadata: ReadonlyMap<string, string>): Bytes[] {
  let end = 0;
  const header: [string, unknown][] = metadata.size === 0 ? [] : [[METADATA, Object.fromEntries(metadata)]];
  // Wide values first, so each begins at a multiple of its width.
  const ordered = [...tensors].sort((a, b) => rankOf(a) - rankOf(b) || (a.name < b.name ? -1 : 1));
  for (const { name, shape, data } of ordered) {
    header.push([name, { dtype: kindOf(data).stored, shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  // Not one object: "__proto__" and "1" would change their order.
  const text = `{${header.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
  const encoded = utf8Bytes(text);
  const length = Math.ceil(encoded.length / ALIGNMENT) * ALIGNMENT;
  const head = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(head.buffer).setUint32(0, length, true);
  head.set(encoded, 8);
  return [head, ...ordered.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}
