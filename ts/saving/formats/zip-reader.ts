/**
 * Zip files of NumPy and Keras: entries are stored or deflated, and read one at a time.
 *
 * fflate is not used: it verifies no checksums, and inflates or copies the whole archive. The platform inflates.
 *
 * @see https://pkware.cachefly.net/webdocs/APPNOTE/APPNOTE-6.3.10.TXT
 * @module
 */

import { refuseFile } from "../stores/file-error.js";
import { crc32 } from "./crc32.js";
import { inflated } from "./inflate.js";
import { mostBytes } from "./memory-limit.js";
import { utf8 } from "./utf8.js";

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Its size by the archive's directory. */
  readonly size: number;
  /** The first bytes, `count` at most, not verified. */
  head(count: number): Promise<Uint8Array>;
  /** All bytes. A stored entry is a view of the archive. @throws ValueError if its checksum or size is wrong */
  bytes(): Promise<Uint8Array>;
}

const END = 0x06054b50;
const END_LENGTH = 22;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const LOCATOR64_LENGTH = 20;
const DIRECTORY = 0x02014b50;
const DIRECTORY_LENGTH = 46;
const LOCAL = 0x04034b50;
const LOCAL_LENGTH = 30;

/** A marker: the value is in the extra field of zip64. */
const IN_ZIP64 = 0xffffffff;
const ZIP64_EXTRA = 1;

const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

/** The maximum compression ratio of deflate is 1,032 to 1. */
const LARGEST_RATIO = 1032;

/** The entries of an archive by name. @throws ValueError for a damaged archive */
export function readZip(file: string, bytes: Uint8Array): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { start, count, end } = directoryOf(file, view);
  const entries = new Map<string, ZipEntry>();
  const spans: (readonly [start: number, end: number, name: string])[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_LENGTH > end || view.getUint32(at, true) !== DIRECTORY) {
      refuseFile(file, `entry ${i} of its directory is not where it should be`);
    }
    const entry = entryOf(file, bytes, view, at, end);
    if (entries.has(entry.name)) refuseFile(file, `the archive has ${JSON.stringify(entry.name)} twice`);
    entries.set(entry.name, entry);
    spans.push([entry.span[0], entry.span[1], entry.name]);
    at = entry.next;
  }
  spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  spans.forEach(([begin, , name], i) => {
    // Overlapping entries are a zip bomb: many entries of the same compressed bytes.
    if (i > 0 && begin < spans[i - 1]![1]) refuseFile(file, `${JSON.stringify(name)} overlaps the entry before it`);
  });
  return entries;
}

/**
 * Refuses an archive that would be read completely and is too long when unpacked: zip bombs of zeros are a thousand
 * times as long.
 *
 * @throws ValueError
 */
export function checkUnpacked(file: string, bytes: Uint8Array, entries: ReadonlyMap<string, ZipEntry>): void {
  const size = [...entries.values()].reduce((sum, entry) => sum + entry.size, 0);
  if (size <= mostBytes(bytes.length)) return;
  refuseFile(
    file,
    `it has ${bytes.length} bytes, and would have ${size} unpacked. If they are wanted, store it without compression`,
  );
}

interface Directory {
  readonly start: number;
  readonly count: number;
  readonly end: number;
}

function directoryOf(file: string, view: DataView): Directory {
  const length = view.byteLength;
  // A comment of up to 65,535 bytes may follow.
  for (let at = length - END_LENGTH; at >= Math.max(0, length - END_LENGTH - 0xffff); at--) {
    if (view.getUint32(at, true) !== END || view.getUint16(at + 20, true) !== length - at - END_LENGTH) continue;
    const [size, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    const found =
      locator64(file, view, at) ?? ({ start, count: view.getUint16(at + 10, true), end: start + size } as Directory);
    if (found.end > at || found.start > found.end || found.count * DIRECTORY_LENGTH > found.end - found.start) {
      refuseFile(file, "its directory does not fit into it");
    }
    return found;
  }
  return refuseFile(file, "it is not a zip archive, or cut off: its directory is missing");
}

function locator64(file: string, view: DataView, end: number): Directory | undefined {
  const at = end - LOCATOR64_LENGTH;
  if (at < 0 || view.getUint32(at, true) !== LOCATOR64) return undefined;
  const record = uint64(file, view, at + 8);
  if (record + 56 > at || view.getUint32(record, true) !== END64) refuseFile(file, "its zip64 directory is missing");
  const start = uint64(file, view, record + 48);
  return { start, count: uint64(file, view, record + 32), end: start + uint64(file, view, record + 40) };
}

function uint64(file: string, view: DataView, at: number): number {
  const value = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  return Number.isSafeInteger(value) ? value : refuseFile(file, `it has the length ${value}, which no file can have`);
}

interface ReadEntry extends ZipEntry {
  readonly span: readonly [start: number, end: number];
  readonly next: number;
}

function entryOf(file: string, bytes: Uint8Array, view: DataView, at: number, end: number): ReadEntry {
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
    number,
    number,
    number,
  ];
  const extra = at + DIRECTORY_LENGTH + nameLength;
  const next = extra + extraLength + commentLength;
  if (next > end) refuseFile(file, "its directory is cut off");
  const name = utf8(file, "a name in the archive", bytes.subarray(at + DIRECTORY_LENGTH, extra));
  const label = JSON.stringify(name);
  // zip64's extra field contains those of the three values that do not fit, in this order.
  const wide = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  const [size, packed, local] = resolved(file, view, wide, extra, extra + extraLength) as [number, number, number];
  const method = view.getUint16(at + 10, true);
  if (view.getUint16(at + 8, true) & ENCRYPTED) refuseFile(file, `${label} is encrypted`);
  if (method !== STORED && method !== DEFLATED)
    refuseFile(file, `${label} is packed by method ${method}; 0 and 8 can be read`);
  if (method === STORED ? size !== packed : size > packed * LARGEST_RATIO) {
    refuseFile(file, `${label} would have ${size} bytes out of ${packed}`);
  }
  if (local + LOCAL_LENGTH > bytes.length || view.getUint32(local, true) !== LOCAL) {
    refuseFile(file, `${label} is not where the directory says`);
  }
  const localLength = view.getUint16(local + 26, true);
  const start = local + LOCAL_LENGTH + localLength + view.getUint16(local + 28, true);
  if (start + packed > bytes.length) refuseFile(file, `${label} is cut off`);
  const isNamed = (_: number, i: number) => bytes[local + LOCAL_LENGTH + i] === bytes[at + DIRECTORY_LENGTH + i];
  if (localLength !== nameLength || !bytes.subarray(at + DIRECTORY_LENGTH, extra).every(isNamed)) {
    refuseFile(file, `${label} has another name in front of its content`);
  }
  const data = bytes.subarray(start, start + packed);
  const read = async (count: number) =>
    method === STORED ? data.subarray(0, count) : inflated(file, label, data, count);
  const checksum = view.getUint32(at + 16, true);
  return {
    name,
    size,
    span: [local, start + packed],
    next,
    head: (count) => read(Math.min(count, size)),
    async bytes() {
      // One byte more, to detect extra bytes.
      const all = await read(size + 1);
      if (all.length !== size)
        refuseFile(
          file,
          `${label} has ${all.length > size ? "more than " : ""}${Math.min(all.length, size)} bytes, expected ${size}`,
        );
      if (crc32(all) !== checksum) refuseFile(file, `${label} has a wrong checksum`);
      return all;
    },
  };
}

function resolved(file: string, view: DataView, fields: number[], start: number, end: number): number[] {
  if (!fields.includes(IN_ZIP64)) return fields;
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== ZIP64_EXTRA) continue;
    const last = Math.min(end, at + 4 + view.getUint16(at + 2, true));
    let place = at + 4;
    return fields.map((field) => {
      if (field !== IN_ZIP64) return field;
      if (place + 8 > last) refuseFile(file, "a zip64 field is cut off");
      place += 8;
      return uint64(file, view, place - 8);
    });
  }
  return refuseFile(file, "a zip64 field is missing");
}
