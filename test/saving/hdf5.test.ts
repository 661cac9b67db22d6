/** HDF5: files of h5py are read, written files are read again; checksums are those of lookup3. */

import { describe, expect, it } from "vitest";
import { lookup3 } from "../../ts/saving/formats/hdf5/lookup3.js";
import { arraysOf, readHdf5 } from "../../ts/saving/formats/hdf5/reader.js";
import { groupAt, newGroup, writeHdf5 } from "../../ts/saving/formats/hdf5/writer.js";
import { numbersOf } from "../../ts/saving/formats/stored-tensor.js";
import { joined } from "../../ts/saving/stores/pieces.js";
import files from "../golden/keras-files.json" with { type: "json" };
import { unzippedOf } from "../support/bytes.js";

const { hdf5 } = files;

it("checksums equal those of the author's driver", () => {
  const sum = (text: string) => lookup3(new TextEncoder().encode(text));
  expect([sum(""), sum("Four score and seven years ago")]).toEqual([0xdeadbeef, 0x17770551]);
});

describe("h5py's file", () => {
  it("arrays: chunks, gzip, shuffle, byte orders, halves, booleans, a scalar, none", async () => {
    const { groups } = readHdf5("a.h5", await unzippedOf(hdf5.file));
    const read: Record<string, unknown> = {};
    for (const [name, tensor] of groups.get("group")!.arrays) {
      read[name] = { shape: [...tensor.shape], values: [...(await numbersOf(name, tensor))] };
    }
    expect(read).toEqual(hdf5.arrays);
  });

  it("attributes: texts and lists of them", async () => {
    const { attributes } = readHdf5("a.h5", await unzippedOf(hdf5.file));
    expect(Object.fromEntries(attributes)).toEqual({
      text: "déjà",
      fixed: "abc",
      list: ["a", "bcd"],
      texts: ["x", "yz"],
    });
  });

  it("a group of 400, whose tree of names has two levels", async () => {
    const { groups } = readHdf5("a.h5", await unzippedOf(hdf5.file));
    const { arrays } = groups.get("many")!;
    expect(arrays.size).toBe(400);
    expect([...(await numbersOf("399", arrays.get("399")!))]).toEqual([399]);
  });
});

describe("a written file", () => {
  const root = newGroup();
  groupAt(root, "a/b").attributes.set("name", "größe");
  groupAt(root, "a/b").attributes.set("other", "");
  groupAt(root, "a/b").members.set("0", { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  groupAt(root, "a").members.set("count", { shape: [], data: Int32Array.of(-7) });
  groupAt(root, "").members.set("wide", { shape: [1], data: Float64Array.of(2 ** 31) });
  groupAt(root, "none").members.set("empty", { shape: [0, 4], data: new Float32Array(0) });
  for (let i = 0; i < 300; i++) groupAt(root, "many").members.set(String(i), { shape: [], data: Float32Array.of(i) });

  it("is read again", async () => {
    const read = readHdf5("a.h5", joined(writeHdf5(root)));
    const arrays: Record<string, unknown> = {};
    for (const [name, tensor] of arraysOf(read)) {
      if (!name.startsWith("many/")) arrays[name] = [tensor.dtype, tensor.shape, ...(await numbersOf(name, tensor))];
    }
    expect(arrays).toEqual({
      "a/b/0": ["F32", [2, 3], 1, 2, 3, 4, 5, 6],
      "a/count": ["I32", [], -7],
      wide: ["F64", [1], 2 ** 31],
      "none/empty": ["F32", [0, 4]],
    });
    expect(read.groups.get("many")?.arrays.size).toBe(300);
    expect(Object.fromEntries(read.groups.get("a")!.groups.get("b")!.attributes)).toEqual({ name: "größe", other: "" });
  });

  it("is refused when a byte of a header is changed, or the end is missing", () => {
    const bytes = joined(writeHdf5(root));
    for (let at = 0; at < 400; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 4;
      // Padding, between headers whose lengths are not multiples of eight, has no meaning.
      const read = () => arraysOf(readHdf5("a.h5", changed)).size;
      try {
        expect(read(), String(at)).toBe(304);
        expect(bytes[at], String(at)).toBe(0);
      } catch (error) {
        expect(error, String(at)).toMatchObject({ code: "ERR_FILE_INVALID" });
      }
    }
    expect(() => readHdf5("a.h5", bytes.subarray(0, -8))).toThrow(/cut off/);
  });
});
