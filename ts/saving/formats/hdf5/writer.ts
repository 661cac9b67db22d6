/**
 * HDF5 files of groups, arrays of numbers, and texts as attributes, as needed for Keras's files, in the version of HDF5
 * 1.8 (2008), which all readers of Keras's files support.
 *
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 * @module
 */

import { typedArrayName } from "../../../brands.js";
import type { Bytes } from "../../../platform-types.js";
import type { ModelNumbers } from "../stored-tensor.js";
import { utf8Bytes } from "../utf8.js";
import { MESSAGE } from "./header.js";
import { lookup3 } from "./lookup3.js";

/** An array of numbers to be written. */
export interface WrittenArray {
  readonly shape: readonly number[];
  readonly data: ModelNumbers;
}

/** A group to be written. */
export interface WrittenGroup {
  /** Texts by name. */
  readonly attributes: Map<string, string>;
  readonly members: Map<string, WrittenGroup | WrittenArray>;
}

/** An empty group. */
export function newGroup(): WrittenGroup {
  return { attributes: new Map(), members: new Map() };
}

/** The group at a path below `root`; created if it is missing. */
export function groupAt(root: WrittenGroup, path: string): WrittenGroup {
  let group = root;
  for (const name of path.split("/").filter((part) => part !== "")) {
    const found = (group.members.get(name) ?? newGroup()) as WrittenGroup;
    group.members.set(name, found);
    group = found;
  }
  return group;
}

const SUPERBLOCK = 48;
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const NOWHERE = new Uint8Array(8).fill(0xff);

const u8 = (...values: readonly number[]) => Uint8Array.from(values);
const u16 = (value: number) => u8(value & 255, value >> 8);
const u32 = (value: number) => u8(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
const u64 = (value: number) => joined([u32(value % 2 ** 32), u32(Math.floor(value / 2 ** 32))]);

function joined(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const rounded = (length: number) => Math.ceil(length / 8) * 8;

/** The file, in pieces: numbers are not copied. */
export function writeHdf5(root: WrittenGroup): Bytes[] {
  const objects: { readonly object: WrittenGroup | WrittenArray; readonly address: number }[] = [];
  const addresses = new Map<WrittenGroup | WrittenArray, number>();
  const texts = new Map<string, number>();
  // Headers first, then texts, then numbers: lengths do not depend on addresses.
  const lengthOf = (object: WrittenGroup | WrittenArray) =>
    headerOf(object, () => 0, { heap: 0, indexOf: () => 0 }, 0).length;
  let at = SUPERBLOCK;
  const collect = (object: WrittenGroup | WrittenArray) => {
    addresses.set(object, at);
    objects.push({ object, address: at });
    at += rounded(lengthOf(object));
    if (!("members" in object)) return;
    for (const text of object.attributes.values()) if (!texts.has(text)) texts.set(text, texts.size + 1);
    for (const member of object.members.values()) collect(member);
  };
  collect(root);
  const heap = { heap: at, indexOf: (text: string) => texts.get(text) as number };
  const heapBytes = texts.size === 0 ? new Uint8Array(0) : heapOf([...texts.keys()]);
  at += heapBytes.length;
  const data = new Map<WrittenArray, number>();
  const pieces: Bytes[] = [];
  for (const { object } of objects) {
    if ("members" in object || object.data.length === 0) continue;
    data.set(object, at);
    const { buffer, byteOffset, byteLength } = object.data;
    pieces.push(new Uint8Array(buffer, byteOffset, byteLength));
    const padding = rounded(byteLength) - byteLength;
    if (padding > 0) pieces.push(new Uint8Array(padding));
    at += rounded(byteLength);
  }
  const head = new Uint8Array(heap.heap);
  head.set(superblock(at, SUPERBLOCK));
  for (const { object, address } of objects) {
    const place = "members" in object ? 0 : (data.get(object) ?? -1);
    head.set(
      headerOf(object, (member) => addresses.get(member) as number, heap, place),
      address,
    );
  }
  return [head, ...(heapBytes.length === 0 ? [] : [heapBytes]), ...pieces];
}

function superblock(end: number, root: number): Bytes {
  const fields = joined([u8(...SIGNATURE), u8(2, 8, 8, 0), u64(0), NOWHERE, u64(end), u64(root)]);
  return joined([fields, u32(lookup3(fields))]);
}

interface Heap {
  readonly heap: number;
  indexOf(text: string): number;
}

function headerOf(
  object: WrittenGroup | WrittenArray,
  addressOf: (member: WrittenGroup | WrittenArray) => number,
  heap: Heap,
  data: number,
): Bytes {
  const messages =
    "members" in object
      ? [
          message(MESSAGE.linkInfo, [u8(0, 0), NOWHERE, NOWHERE]),
          message(MESSAGE.groupInfo, [u8(0, 0)]),
          ...[...object.members].map(([name, member]) => link(name, addressOf(member))),
          ...[...object.attributes].map(([name, text]) => attribute(name, text, heap)),
        ]
      : [
          message(MESSAGE.dataspace, [
            u8(2, object.shape.length, 0, object.shape.length === 0 ? 0 : 1),
            ...object.shape.map(u64),
          ]),
          message(MESSAGE.datatype, [TYPES[typedArrayName(object.data) as keyof typeof TYPES]], 1),
          // Allocated late, written if set, undefined.
          message(MESSAGE.fill, [u8(3, 10)]),
          message(MESSAGE.layout, [u8(3, 1), data < 0 ? NOWHERE : u64(data), u64(object.data.byteLength)]),
        ];
  const body = joined(messages);
  // Bits 0 and 1 of the flags: the length has four bytes.
  const header = joined([u8(0x4f, 0x48, 0x44, 0x52, 2, 2), u32(body.length), body]);
  return joined([header, u32(lookup3(header))]);
}

function message(type: number, parts: readonly Uint8Array[], flags = 0): Bytes {
  const body = joined(parts);
  return joined([u8(type), u16(body.length), u8(flags), body]);
}

/** A hard link; its name is UTF-8 (flag 16), and its length has two bytes (flag 1). */
function link(name: string, address: number): Bytes {
  const encoded = utf8Bytes(name);
  return message(MESSAGE.link, [u8(1, 17, 1), u16(encoded.length), encoded, u64(address)]);
}

/** A text of variable length in UTF-8, as h5py writes a Python str. */
function attribute(name: string, text: string, { heap, indexOf }: Heap): Bytes {
  const encoded = joined([utf8Bytes(name), u8(0)]);
  const space = u8(2, 0, 0, 0);
  const { length } = utf8Bytes(text);
  return message(MESSAGE.attribute, [
    u8(3, 0),
    u16(encoded.length),
    u16(TEXT.length),
    u16(space.length),
    u8(1),
    encoded,
    TEXT,
    space,
    u32(length),
    u64(heap),
    u32(indexOf(text)),
  ]);
}

/** The minimum length of a global heap. */
const LEAST_HEAP = 4096;

/** The texts by their numbers, from 1. */
function heapOf(texts: readonly string[]): Bytes {
  const objects = texts.map((text, i) => {
    const bytes = utf8Bytes(text);
    const padding = new Uint8Array(rounded(bytes.length) - bytes.length);
    return joined([u16(i + 1), u16(1), u32(0), u64(bytes.length), bytes, padding]);
  });
  const used = 16 + objects.reduce((sum, { length }) => sum + length, 0);
  const length = Math.max(LEAST_HEAP, used + 16);
  const free = joined([u16(0), u16(0), u32(0), u64(length - used)]);
  const heap = new Uint8Array(length);
  heap.set(joined([u8(0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0), u64(length), ...objects, free]));
  return heap;
}

/** Class, version 1; byte order and position of the sign; width; bits of the parts of a number. */
const TYPES = {
  Float32Array: joined([u8(0x11, 0x20, 31, 0), u32(4), u16(0), u16(32), u8(23, 8, 0, 23), u32(127)]),
  Float64Array: joined([u8(0x11, 0x20, 63, 0), u32(8), u16(0), u16(64), u8(52, 11, 0, 52), u32(1023)]),
  Int32Array: joined([u8(0x10, 0x08, 0, 0), u32(4), u16(0), u16(32)]),
} as const;

/** Variable length (9) of texts (1) in UTF-8 (1), of characters (3). */
const TEXT = joined([u8(0x19, 1, 1, 0), u32(16), u8(0x13, 0x10, 0, 0), u32(1)]);
