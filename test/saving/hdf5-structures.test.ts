/** Structures of HDF5 that neither h5py's defaults nor gradstep's writer produce, byte by byte. */

import { describe, expect, it } from "vitest";
import { Hdf5Bytes, UNDEFINED } from "../../ts/saving/formats/hdf5/cursor.js";
import { membersOf } from "../../ts/saving/formats/hdf5/groups.js";
import { MESSAGE, messagesAt } from "../../ts/saving/formats/hdf5/header.js";
import { arraysOf, readHdf5 } from "../../ts/saving/formats/hdf5/reader.js";
import files from "../golden/keras-files.json" with { type: "json" };
import { unzippedOf } from "../support/bytes.js";

const low32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
const u64 = (value: number) => [...low32(value % 2 ** 32), ...low32(Math.floor(value / 2 ** 32))];
const NOWHERE = new Array<number>(8).fill(255);
const sourceOf = (bytes: readonly number[]) => new Hdf5Bytes("a.h5", Uint8Array.from(bytes));

describe("lengths and addresses of 64 bits", () => {
  it.each([
    [2 ** 32 - 1, u64(2 ** 32 - 1)],
    [2 ** 32, u64(2 ** 32)],
    [2 ** 52 + 3, u64(2 ** 52 + 3)],
    [UNDEFINED, NOWHERE],
  ])("%d", (value, bytes) => {
    expect(sourceOf(bytes).at(0).u64()).toBe(value);
  });

  it("above 2^53 are refused", () => {
    const read = () => sourceOf([0, 0, 0, 0, 255, 255, 255, 255]).at(0).u64();
    expect(read).toThrow(/it has the length 18446744069414584000/);
  });
});

describe("messages that are shared by several objects", () => {
  /** An object header of version 1 with one message of eight bytes. */
  const headerOf = (type: number, flags: number) =>
    sourceOf([1, 0, 1, 0, ...low32(1), ...low32(16), 0, 0, 0, 0, type, 0, 8, 0, flags, 0, 0, 0, ...u64(7)]);

  it("fill value: skipped over", () => {
    expect(messagesAt(headerOf(MESSAGE.fill, 2), 0).map(({ type }) => type)).toEqual([MESSAGE.fill]);
  });

  it.each(["datatype", "dataspace", "filters"] as const)("%s: refused", (name) => {
    expect(() => messagesAt(headerOf(MESSAGE[name], 2), 0)).toThrow(/it has a shared datatype, which is not read/);
    expect(messagesAt(headerOf(MESSAGE[name], 1), 0).map(({ type }) => type)).toEqual([MESSAGE[name]]);
  });
});

it("a symbol table without a tree has no members", () => {
  const heap = [...new TextEncoder().encode("HEAP"), 0, 0, 0, 0, ...u64(8), ...u64(0), ...u64(32), ...u64(0)];
  const source = sourceOf([...heap, ...NOWHERE, ...u64(0)]);
  expect(membersOf(source, [{ type: MESSAGE.symbolTable, body: source.at(40) }])).toEqual([]);
});

it("a chunk of no length is refused before anything is read", async () => {
  const bytes = await unzippedOf(files.hdf5.file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A layout of version 3, in chunks: lengths, the last of which is the width of a number, follow the tree's address.
  const isLayout = (at: number) =>
    bytes[at] === 3 &&
    bytes[at + 1] === 2 &&
    [2, 3, 4].includes(bytes[at + 2]!) &&
    at + 27 < bytes.length &&
    view.getUint32(at + 7, true) === 0 &&
    view.getUint32(view.getUint32(at + 3, true), true) === 0x45455254; // "TREE"
  const layouts = Array.from(bytes, (_, at) => at).filter((at) => at + 27 < bytes.length && isLayout(at));
  expect(layouts.length).toBeGreaterThan(0);
  for (const at of layouts) {
    const changed = bytes.slice();
    changed.fill(0, at + 11, at + 15);
    expect(() => arraysOf(readHdf5("a.h5", changed))).toThrow(/the chunks of ".*" do not fit its shape/);
  }
});
