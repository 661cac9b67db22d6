/** HDF5 files made to mislead, from a file that Keras wrote: each is refused with a code. */

import { describe, expect, it } from "vitest";
import { arraysOf, readHdf5 } from "../../../ts/saving/formats/hdf5/reader.js";
import { numbersOf } from "../../../ts/saving/formats/stored-tensor.js";
import files from "../../golden/keras-files.json" with { type: "json" };
import { unzippedOf } from "../../support/bytes.js";
import { type Patch, patched, placesOf, refusal } from "../../support/patches.js";

const file = await unzippedOf(files.cases["Adam amsgrad"].files[".weights.h5"]);
const view = new DataView(file.buffer);
const of = (...patches: readonly Patch[]) => patched(file, ...patches);
const [TREE, HEAP, SNOD] = ["TREE", "HEAP", "SNOD"].map((text) => placesOf(file, text)[0] as number) as [
  number,
  number,
  number,
];
const ROOT = Number(view.getBigUint64(64, true));

/** The messages of the object at an address: type, place and length. */
function messagesOf(address: number): { type: number; at: number; size: number }[] {
  const found: { type: number; at: number; size: number }[] = [];
  const end = address + 16 + view.getUint32(address + 8, true);
  for (let at = address + 16; at + 8 <= end; at += 8 + view.getUint16(at + 2, true)) {
    found.push({ type: view.getUint16(at, true), at: at + 8, size: view.getUint16(at + 2, true) });
  }
  return found;
}

/** Addresses of the objects that symbol tables name. */
const objects = placesOf(file, "SNOD").flatMap((at) =>
  Array.from({ length: view.getUint16(at + 6, true) }, (_, i) => Number(view.getBigUint64(at + 8 + 40 * i + 8, true))),
);
const dataset = objects.find((address) => {
  const types = messagesOf(address).map(({ type }) => type);
  return [1, 3, 8].every((type) => types.includes(type));
}) as number;
const message = (type: number) => messagesOf(dataset).find((one) => one.type === type)!.at;
const [SPACE, LAYOUT] = [message(1), message(8)];
/** A symbol's entry: offset of its name, address of its object. */
const [NAME, OBJECT, CACHED] = [SNOD + 8, SNOD + 16, SNOD + 24];
const CHILD = TREE + 24 + 8;

const CASES: readonly (readonly [name: string, bytes: Uint8Array, message: string])[] = [
  ["no byte", new Uint8Array(), "it is not an HDF5 file"],
  ["47 bytes", file.subarray(0, 47), "it is not an HDF5 file"],
  ["the signature without its line end", of([4, 0x0a, 1]), "it is not an HDF5 file"],
  ["zeros", new Uint8Array(10_000), "it is not an HDF5 file"],
  [
    "the signature alone",
    patched(new Uint8Array(10_000), [0, 0x0a1a0a0d46444889n, 8]),
    "its addresses do not have 8 bytes",
  ],
  ["version 4", of([8, 4, 1]), "its version is 4; 0 to 3 are read"],
  ["addresses of 4 bytes", of([13, 4, 1]), "its addresses do not have 8 bytes"],
  ["lengths of 2 bytes", of([14, 2, 1]), "its addresses do not have 8 bytes"],
  ["a beginning that comes later", of([24, 512, 8]), "its base address is not 0"],
  ["an end beyond the file", of([40, file.length + 1, 8]), "it is cut off"],
  ["an end of 2^63", of([40, 1n << 63n, 8]), "it has the length 9223372036854776000"],
  ["a last byte that is missing", file.subarray(0, -1), "it is cut off"],
  ["version 2 without its checksum", of([8, 2, 1]), ""],
  ["a root beyond the file", of([64, file.length, 8]), "an address is wrong"],
  ["no root", of([64, -1n, 8]), "an address is wrong"],
  ["a root in the superblock", of([64, 0, 8]), "an object has a header of version"],
  ["a root that is an array", of([64, dataset, 8]), "its root is not a group"],
  ["a header of version 9", of([ROOT, 9, 1]), "an object has a header of version 9"],
  ["a header of 4 GB", of([ROOT + 8, 0xfffffff0, 4]), "a structure is cut off"],
  ["a message of 65,535 bytes", of([ROOT + 18, 65535, 2]), "a structure is cut off"],
  ["no message", of([ROOT + 8, 0, 4]), "neither a group nor an array"],
  ["a symbol table that is shared", of([ROOT + 20, 2, 1]), "shared"],
  [
    "a continuation of itself",
    of([dataset + 16, 0x10, 2], [dataset + 24, dataset + 16, 8], [dataset + 32, 4096, 8]),
    "",
  ],
  ["a tree elsewhere", of([TREE, 0, 4]), "is not where it should be"],
  ["a tree of chunks for names", of([TREE + 4, 1, 1]), "a tree of names is damaged"],
  ["a tree of level 200", of([TREE + 5, 200, 1]), "a tree of names is damaged"],
  ["a tree with 65,535 children", of([TREE + 6, 65535, 2]), ""],
  ["a tree whose child is itself", of([CHILD, TREE, 8]), "a tree of names has a cycle"],
  ["a child beyond the file", of([CHILD, 1n << 52n, 8]), "an address is wrong"],
  ["no heap", of([HEAP, 0, 4]), "is not where it should be"],
  ["a heap of 2^52 bytes", of([HEAP + 8, 1n << 52n, 8]), "an address is wrong"],
  ["a heap beyond the file", of([HEAP + 24, file.length - 4, 8]), "an address is wrong"],
  ["no table", of([SNOD, 0, 4]), "is not where it should be"],
  ["65,535 symbols", of([SNOD + 6, 65535, 2]), "its structures overlap"],
  ["a name beyond its heap", of([NAME, 1n << 40n, 8]), "a name is not in its heap"],
  ["a name before its heap", of([NAME, -1n, 8]), "a name is not in its heap"],
  ["a link to another file", of([CACHED, 2, 4]), "is a link to another place, which is not followed"],
  ["a group in itself", of([OBJECT, ROOT, 8]), "has two names"],
  ["an object in the heap", of([OBJECT, HEAP, 8]), "an object has a header of version"],
  ["a dataspace of version 7", of([SPACE, 7, 1]), "it has a dataspace of version 7"],
  ["200 axes", of([SPACE + 1, 200, 1]), "it has an array of 200 axes"],
  ["an axis without end", of([SPACE + 8, -1n, 8]), "the length of an axis is unlimited"],
  ["an axis of 2^62", of([SPACE + 8, 1n << 62n, 8]), "it has the length"],
  ["an axis of 2^52", of([SPACE + 8, 1n << 52n, 8]), ""],
  ["a longer array", of([SPACE + 8, 1000, 8]), "by its shape"],
  ["a layout of version 9", of([LAYOUT, 9, 1]), "has a layout of version 9"],
  ["a layout of a kind 7", of([LAYOUT + 1, 7, 1]), "is stored in a way that is not read"],
  ["numbers beyond the file", of([LAYOUT + 2, file.length - 1, 8]), "an address is wrong"],
  ["numbers that were never written", of([LAYOUT + 2, -1n, 8]), "was never written"],
  ["fewer numbers", of([LAYOUT + 10, 4, 8]), "by its shape"],
  ["2^50 bytes of numbers", of([LAYOUT + 10, 1n << 50n, 8]), "an address is wrong"],
];

describe("refused", () => {
  it.each(CASES)("%s", async (_, bytes, wanted) => {
    const error = await refusal(async () => {
      for (const [name, tensor] of arraysOf(readHdf5("a.h5", bytes))) await numbersOf(name, tensor);
    });
    expect(error).toMatchObject({ code: "ERR_FILE_INVALID", message: expect.stringContaining(wanted) });
  });

  it("every beginning of a file", () => {
    for (let length = 0; length < file.length; length += 7) {
      expect(() => readHdf5("a.h5", file.subarray(0, length))).toThrowError(
        expect.objectContaining({ code: "ERR_FILE_INVALID" }),
      );
    }
  });
});
