/** Files of safetensors: gradstep refuses and accepts the same ones as the safetensors crate. */

import { describe, expect, it } from "vitest";
import { readSafetensors } from "../../ts/saving/formats/safetensors.js";

/** A file with this header and as many bytes of values. */
function fileOf(header: string | Uint8Array, length: number, declared?: number): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(declared ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (shape: string, begin: number | string, end: number | string, dtype = '"F32"') =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":[${begin},${end}]}`;

const one = entry("[2]", 0, 8);

describe("refused", () => {
  it.each<[string, Uint8Array, string]>([
    ["an empty file", new Uint8Array(), "it has 0 bytes, fewer than the 8 of a safetensors header"],
    ["seven bytes", new Uint8Array(7), "it has 7 bytes, fewer than the 8 of a safetensors header"],
    ["a header beyond the file", fileOf("{}", 0, 3), "its header would end at byte 11, the file ends at 10"],
    ["a huge header", fileOf("{}", 0, 100_000_001), "its header would have 100000001 bytes, more than 100000000"],
    ["a header of 2^63 bytes", fileOf("{}", 0, 2 ** 63), "its header would have 9223372036854776000 bytes"],
    ["no object", fileOf("[]", 0), "the header does not begin with {"],
    ["white space first", fileOf(" {}", 0), "the header does not begin with {"],
    ["a byte order mark", fileOf("\ufeff{}", 0), "the header does not begin with {"],
    ["bad UTF-8", fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 0), "the header is not UTF-8"],
    ["half an object", fileOf('{"a":', 0), "the header is not JSON"],
    ["two objects", fileOf("{}{}", 0), "the header is not JSON"],
    ["a name twice", fileOf(`{"a":${one},"a":${one}}`, 8), 'the header has "a" twice'],
    ["a name twice, escaped", fileOf(`{"a":${one},"\\u0061":${one}}`, 8), 'the header has "\\u0061" twice'],
    ["a key twice", fileOf(`{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8), '"dtype" twice'],
    ["a hole", fileOf(`{"a":${one},"b":${entry("[1]", 12, 16)}}`, 16), '"b" begins at byte 12, expected 8'],
    ["an overlap", fileOf(`{"a":${one},"b":${entry("[2]", 4, 12)}}`, 12), '"b" begins at byte 4, expected 8'],
    ["a late start", fileOf(`{"a":${entry("[1]", 4, 8)}}`, 8), '"a" begins at byte 4, expected 0'],
    ["bytes behind", fileOf(`{"a":${one}}`, 9), "its tensors have 8 bytes, the file has 9 for them"],
    ["bytes missing", fileOf(`{"a":${one}}`, 7), "its tensors have 8 bytes, the file has 7 for them"],
    ["another length", fileOf(`{"a":${entry("[3]", 0, 8)}}`, 8), '"a" has 8 bytes, and 12 by its shape [3] of F32'],
    ["offsets backwards", fileOf(`{"a":${entry("[0]", 8, 0)}}`, 8), '"a" has -8 bytes, and 0 by its shape [0]'],
    ["a negative offset", fileOf(`{"a":${entry("[2]", -8, 0)}}`, 8), "the header has the number -8"],
    ["a fraction", fileOf(`{"a":${entry("[2.0]", 0, 8)}}`, 8), "the header has the number 2.0"],
    ["an exponent", fileOf(`{"a":${entry("[2e0]", 0, 8)}}`, 8), "the header has the number 2e0"],
    [
      "a length beyond 2^53",
      fileOf(`{"a":${entry("[9007199254740993]", 0, 8)}}`, 8),
      "a shape that is not a list of lengths",
    ],
    ["a product beyond 2^53", fileOf(`{"a":${entry("[4294967296,4294967296]", 0, 8)}}`, 8), "is too large"],
    ["no shape", fileOf('{"a":{"dtype":"F32","data_offsets":[0,8]}}', 8), "a shape that is not a list of lengths"],
    ["three offsets", fileOf('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}', 8), "not two counts of bytes"],
    [
      "an unknown dtype",
      fileOf(`{"a":${entry("[2]", 0, 8, '"F33"')}}`, 8),
      '"a" has the dtype "F33"; dtypes that can be read',
    ],
    ["a dtype of Object", fileOf(`{"a":${entry("[2]", 0, 8, '"toString"')}}`, 8), 'has the dtype "toString"'],
    ["a tensor that is a list", fileOf('{"a":[]}', 0), '"a" is not an object'],
    ["metadata that are a list", fileOf('{"__metadata__":[]}', 0), "__metadata__ is not an object"],
    ["metadata with a number", fileOf('{"__metadata__":{"a":1}}', 0), '__metadata__ has "a", which is not text'],
    ["depth", fileOf(`{"a":${"[".repeat(40)}${"]".repeat(40)}}`, 0), "nested deeper than 32 levels"],
  ])("%s", (_, bytes, message) => {
    const read = () => readSafetensors("a.safetensors", bytes);
    expect(read).toThrowError(expect.objectContaining({ code: "ERR_FILE_INVALID" }));
    expect(read).toThrow(message);
  });
});

describe("taken", () => {
  it("no tensors", () => {
    expect(readSafetensors("f", fileOf("{}", 0)).tensors.size).toBe(0);
  });

  it("white space behind the header, and a header that is not padded", () => {
    expect([...readSafetensors("f", fileOf(`{"a":${one}}   `, 8)).tensors.keys()]).toEqual(["a"]);
    expect([...readSafetensors("f", fileOf(`{"ab":${one}}`, 8)).tensors.keys()]).toEqual(["ab"]);
  });

  it("names that objects have", () => {
    const names = ["__proto__", "constructor", "1", ""];
    const header = names.map((name) => `${JSON.stringify(name)}:${entry("[0]", 0, 0)}`).join(",");
    expect([...readSafetensors("f", fileOf(`{${header}}`, 0)).tensors.keys()].sort()).toEqual([...names].sort());
  });

  it("empty tensors between others, scalars, and metadata", () => {
    const text = `{"__metadata__":{"k":"v"},"b":${entry("[]", 0, 4)},"e":${entry("[3,0]", 4, 4)},"c":${entry("[1]", 4, 8)}}`;
    const { tensors, metadata } = readSafetensors("f", fileOf(text, 8));
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ["b", []],
      ["e", [3, 0]],
      ["c", [1]],
    ]);
    expect([...metadata]).toEqual([["k", "v"]]);
  });
});
